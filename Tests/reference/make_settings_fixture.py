"""Writes Tests/CPUEngineTests/Fixtures/settings.safetensors: what PyTorch makes of each training setting in ten steps.

`parameters` [24] and `gradients` [10, 24] are drawn; `optimizer.CASE` [10, 24] are the parameters after each step on these
gradients, `schedule.CASE` [10] the learning rate of each step. TensorFlow's RMSprop is its published formula in numpy. All is
computed in float64 and stored as float32.
"""

import os

import numpy as np
import torch
from torch import nn, optim
from torch.optim import lr_scheduler

import safetensors_io

STEPS, COUNT, RATE = 10, 24, 0.05
PATH = os.path.join(os.path.dirname(__file__), "..", "CPUEngineTests", "Fixtures", "settings.safetensors")

OPTIMIZERS = {
    "adam": (optim.Adam, {}),
    "adam_decay": (optim.Adam, {"betas": (0.8, 0.95), "eps": 1e-3, "weight_decay": 0.1}),
    "adamw": (optim.AdamW, {}),
    "adamw_decay": (optim.AdamW, {"weight_decay": 0.2, "eps": 1e-4}),
    "sgd": (optim.SGD, {}),
    "sgd_decay": (optim.SGD, {"weight_decay": 0.1}),
    "sgd_momentum": (optim.SGD, {"momentum": 0.9, "weight_decay": 0.1}),
    "sgd_dampening": (optim.SGD, {"momentum": 0.9, "dampening": 0.3}),
    "sgd_nesterov": (optim.SGD, {"momentum": 0.9, "nesterov": True, "weight_decay": 0.1}),
    "rmsprop": (optim.RMSprop, {}),
    "rmsprop_momentum": (
        optim.RMSprop, {"alpha": 0.9, "eps": 1.0, "momentum": 0.9, "weight_decay": 0.1}),
    "rmsprop_centered": (optim.RMSprop, {"alpha": 0.9, "centered": True}),
    "rmsprop_centered_momentum": (
        optim.RMSprop, {"alpha": 0.9, "eps": 0.01, "centered": True, "momentum": 0.5}),
}

# Parameter groups of 8: a convolution's weight, γ and β of a normalization, each with its own weight decay.
GROUPS = {
    "adam_groups": (optim.Adam, {}, (0.1, 0.0, 0.0)),
    "adamw_groups": (optim.AdamW, {}, (0.2, 0.05, 0.0)),
    "sgd_groups": (optim.SGD, {"momentum": 0.9, "nesterov": True}, (0.1, 0.0, 0.3)),
    "rmsprop_groups": (optim.RMSprop, {"alpha": 0.9, "eps": 1.0, "momentum": 0.9}, (0.1, 0.1, 0.0)),
}

TENSORFLOW = {
    "rmsprop_tf": {"eps": 1e-10},
    "rmsprop_tf_one": {"eps": 1.0, "momentum": 0.9},
    "rmsprop_tf_keras": {"eps": 1e-7, "momentum": 0.9, "initial": 0.0},
    "rmsprop_tf_centered": {"eps": 0.01, "momentum": 0.9, "centered": True, "decay": 0.1},
}

SCHEDULES = {
    "exponential": lambda o: lr_scheduler.ExponentialLR(o, 0.9),
    "step": lambda o: lr_scheduler.StepLR(o, 3, 0.5),
    "multi_step": lambda o: lr_scheduler.MultiStepLR(o, [2, 5, 6], 0.1),
    "cosine": lambda o: lr_scheduler.CosineAnnealingLR(o, 9, 0.001),
    "linear": lambda o: lr_scheduler.LinearLR(o, 1.0, 0.25, 6),
    "warmup": lambda o: lr_scheduler.SequentialLR(
        o, [lr_scheduler.LinearLR(o, 0.1, 1.0, 4), lr_scheduler.CosineAnnealingLR(o, 6)], [4]),
    # 0.94 every two epochs, as TensorFlow's exponential_decay(decay_steps=2, staircase=True).
    "staircase": lambda o: lr_scheduler.LambdaLR(o, lambda t: 0.94 ** (t // 2)),
}


def train(make, parameters, gradients):
    """The parameters after each step."""
    parameter = nn.Parameter(torch.tensor(parameters))
    optimizer = make([parameter])
    history = []
    for gradient in gradients:
        parameter.grad = torch.tensor(gradient)
        optimizer.step()
        history.append(parameter.detach().numpy().copy())
    return np.stack(history)


def train_groups(kind, settings, decays, parameters, gradients):
    """The parameters after each step, where each group of 8 has its own weight decay."""
    parts = [nn.Parameter(torch.tensor(part)) for part in np.split(parameters, 3)]
    optimizer = kind(
        [{"params": [part], "weight_decay": decay} for part, decay in zip(parts, decays)], lr=RATE, **settings)
    history = []
    for gradient in gradients:
        for part, values in zip(parts, np.split(gradient, 3)):
            part.grad = torch.tensor(values)
        optimizer.step()
        history.append(torch.cat(parts).detach().numpy().copy())
    return np.stack(history)


def tensorflow(parameters, gradients, eps, rho=0.9, momentum=0.0, initial=1.0, centered=False, decay=0.0):
    """TensorFlow 1's RMSPropOptimizer and Keras 3's RMSprop:

        mean_square = rho * mean_square + (1 - rho) * grad ** 2
        mom = momentum * mom + learning_rate * grad / sqrt(mean_square - mean_grad ** 2 + epsilon)
        variable -= mom
    """
    p = parameters.copy()
    square, mean, mom = np.full_like(p, initial), np.zeros_like(p), np.zeros_like(p)
    history = []
    for gradient in gradients:
        g = gradient + decay * p
        square = rho * square + (1 - rho) * g ** 2
        mean = rho * mean + (1 - rho) * g
        mom = momentum * mom + RATE * g / np.sqrt(square - (mean ** 2 if centered else 0) + eps)
        p = p - mom
        history.append(p)
    return np.stack(history)


def rates(make):
    optimizer = optim.SGD([nn.Parameter(torch.zeros(1, dtype=torch.float64))], lr=RATE)
    schedule = make(optimizer)
    history = []
    for _ in range(STEPS):
        history.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    return np.array(history)


def main():
    random = np.random.default_rng(0)
    # Rounded, so that float32 has exactly the same.
    parameters = random.normal(size=COUNT).astype(np.float32).astype(np.float64)
    gradients = random.normal(size=(STEPS, COUNT)).astype(np.float32).astype(np.float64)
    tensors = {"parameters": parameters, "gradients": gradients}
    for name, (kind, settings) in OPTIMIZERS.items():
        tensors[f"optimizer.{name}"] = train(
            lambda p: kind(p, lr=RATE, **settings), parameters, gradients)
    for name, (kind, settings, decays) in GROUPS.items():
        tensors[f"optimizer.{name}"] = train_groups(kind, settings, decays, parameters, gradients)
    for name, settings in TENSORFLOW.items():
        tensors[f"optimizer.{name}"] = tensorflow(parameters, gradients, **settings)
    for name, make in SCHEDULES.items():
        tensors[f"schedule.{name}"] = rates(make)

    for name, clip in [
            ("norm", lambda p: nn.utils.clip_grad_norm_(p, 2.0)),
            ("norm_above", lambda p: nn.utils.clip_grad_norm_(p, 1e3)),
            ("value", lambda p: nn.utils.clip_grad_value_(p, 0.5))]:
        parts = [nn.Parameter(torch.zeros(8, dtype=torch.float64)) for _ in range(3)]
        for index, part in enumerate(parts):
            part.grad = torch.tensor(gradients[0, 8 * index:8 * index + 8])
        clip(parts)
        tensors[f"clipping.{name}"] = torch.cat([part.grad for part in parts]).numpy()

    logits = torch.tensor(
        random.normal(size=(4, 6)).astype(np.float32).astype(np.float64) * 3, requires_grad=True)
    tensors["logits"] = logits.detach().numpy().copy()
    for smoothing in (0.1, 0.5):
        logits.grad = None
        loss = nn.CrossEntropyLoss(label_smoothing=smoothing)(logits, torch.tensor([5, 0, 2, 2]))
        loss.backward()
        tensors[f"smoothing.{smoothing}.loss"] = np.array(loss.item())
        tensors[f"smoothing.{smoothing}.gradient"] = logits.grad.numpy().copy()
    weights = torch.tensor([0.5, 2.0, 1.25, 3.0, 0.1, 1.0], dtype=torch.float64)
    tensors["class_weights"] = weights.numpy()
    for smoothing in (0.0, 0.1):
        logits.grad = None
        loss = nn.CrossEntropyLoss(weight=weights, label_smoothing=smoothing)(logits, torch.tensor([5, 0, 2, 2]))
        loss.backward()
        tensors[f"weighted.{smoothing}.loss"] = np.array(loss.item())
        tensors[f"weighted.{smoothing}.gradient"] = logits.grad.numpy().copy()
    safetensors_io.save(
        PATH, {key: np.asarray(value, dtype=np.float32) for key, value in tensors.items()},
        {"torch": torch.__version__})


main()
