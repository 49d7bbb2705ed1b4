"""Writes Tests/CPUEngineTests/Fixtures/<case>.safetensors: what PyTorch computes for each network.

See README.md for what is in a file. Each pass runs in a process of its own with a time limit, because
PyTorch's channels_last backward hangs or dies for some odd channel counts.
"""

import argparse
import os
import subprocess
import sys
import tempfile

import numpy as np
import torch
from torch import nn

import family
import safetensors_io
from formula import projections, reference_tensor
from mobilenets import MODELS, MobileNet, make_divisible, truncate

WIDTH, RESOLUTION, CLASSES = 0.35, 48, 10
BATCHES = [6, 3]
# A model with truncated channels, or one whose channels are made divisible.
DIVISIBLE = "-make_divisible"
V3 = ["mobilenet_v3_large", "mobilenet_v3_small"]
CASES = [*MODELS, "mobilenet_v1_keras", "mobilenet_v2_tf", *V3, *(name + DIVISIBLE for name in V3)]
# Where an activation's slope jumps.
KINKS = {nn.ReLU: [0], nn.ReLU6: [0, 6], nn.LeakyReLU: [0], nn.Hardswish: [-3, 3], nn.Hardsigmoid: [-3, 3]}
LIMIT = 600
FIXTURES = os.path.join(os.path.dirname(__file__), "..", "CPUEngineTests", "Fixtures")


def build(name, dtype):
    """Without dropout, which cannot be drawn alike."""
    rounding = make_divisible if name.endswith(DIVISIBLE) else truncate
    make = MobileNet if name in MODELS else family.build
    model = make(name.removesuffix(DIVISIBLE), WIDTH, CLASSES, rounding)
    for module in model.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0
    state = {
        key: torch.from_numpy(reference_tensor(key, tuple(value.shape)))
        for key, value in model.state_dict().items()}
    model.load_state_dict(state)
    return model.to(dtype)


def batch(count, seed, dtype, mode):
    """Images `images.<seed>`, NCHW; image n has label n mod classes."""
    shape = (count, 3, RESOLUTION, RESOLUTION)
    images = torch.from_numpy(reference_tensor(f"images.{seed}", shape)).to(dtype)
    if mode == "channels_last":
        images = images.to(memory_format=torch.channels_last)
    return images, torch.arange(count) % CLASSES


def kinks(model, images):
    """What each activation with kinks reads, in training mode."""
    inputs = []
    handles = [
        m.register_forward_pre_hook(lambda m, i: inputs.append((m, i[0].double().clone())))
        for m in model.modules() if type(m) in KINKS]
    with torch.no_grad():
        model.train()(images)
    for handle in handles:
        handle.remove()
    return inputs


def margin(exact, rounded, count, seed):
    """How near any activation's input comes to a kink, in units of float32's typical error there."""
    nearest = []
    pairs = zip(kinks(exact, batch(count, seed, torch.float64, "eager")[0]),
                kinks(rounded, batch(count, seed, torch.float32, "eager")[0]))
    for (module, z), (_, other) in pairs:
        error = (z - other).square().mean().sqrt()
        for bound in KINKS[type(module)]:
            if ((z > bound) != (other > bound)).any():
                return 0.0
            nearest.append(((z - bound).abs().min() / error).item())
    return min(nearest)


def search(name, count, tries):
    """The seed whose images stay farthest from every kink, so that no rounding crosses one."""
    exact, rounded = build(name, torch.float64), build(name, torch.float32)
    return max((margin(exact, rounded, count, seed), seed) for seed in range(tries))


def gradients(name, count, seed, dtype, mode):
    """One forward and backward pass in training mode, and one forward pass in evaluation mode."""
    model = build(name, dtype)
    if mode == "channels_last":
        model = model.to(memory_format=torch.channels_last)
    images, labels = batch(count, seed, dtype, mode)
    results = {}
    with torch.no_grad():
        results["evaluation_logits"] = model.eval()(images).numpy()
        results["single_logits"] = model(images[:1]).numpy()
    logits = model.train()(images)
    loss = nn.functional.cross_entropy(logits, labels)
    loss.backward()
    results |= {"logits": logits.detach().numpy(), "loss": np.array(loss.item())}
    for key, parameter in model.named_parameters():
        results[f"gradient.{key}"] = parameter.grad.numpy()
    for key, buffer in model.named_buffers():
        if not key.endswith("num_batches_tracked"):
            results[f"running.{key}"] = buffer.numpy()
    return results


def losses(name, seed, dtype, mode, rate, turn):
    """Ten steps of Adam on one batch, its images turned by `turn` places; the loss before each."""
    model = build(name, dtype).train()
    if mode == "channels_last":
        model = model.to(memory_format=torch.channels_last)
    images, labels = (tensor.roll(turn, 0) for tensor in batch(BATCHES[0], seed, dtype, mode))
    optimizer = torch.optim.Adam(model.parameters(), lr=rate)
    history = []
    for _ in range(10):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(images), labels)
        loss.backward()
        optimizer.step()
        history.append(loss.item())
    return history


def worker(path, name, mode, seeds):
    dtype = torch.float64 if mode == "float64" else torch.float32
    results = {}
    for count, seed in zip(BATCHES, seeds):
        for key, value in gradients(name, count, seed, dtype, mode).items():
            results[f"batch{count}/{key}"] = value
    for rate in (1e-3, 1e-5):
        turns = range(BATCHES[0]) if mode == "eager" else [0]
        results[f"losses/{rate:g}"] = np.array(
            [losses(name, seeds[0], dtype, mode, rate, turn) for turn in turns])
    np.savez(path, **results)


def run(name, mode, seeds):
    """The worker's results, None if it hangs or dies."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "results.npz")
        command = [sys.executable, __file__, "--worker", path, "--model", name, "--mode", mode,
                   "--seeds", *map(str, seeds)]
        try:
            subprocess.run(command, check=True, timeout=LIMIT)
        except subprocess.SubprocessError as error:
            print(f"{name} {mode} left out: {error}", file=sys.stderr)
            return None
        return dict(np.load(path))


def write(name, tries):
    found = [search(name, count, tries) for count in BATCHES]
    seeds = [seed for _, seed in found]
    print(f"{name}: " + ", ".join(
        f"batch {c} seed {s} margin {m:.1f}" for c, (m, s) in zip(BATCHES, found)))
    exact = run(name, "float64", seeds)
    eager, channels_last = (run(name, mode, seeds) for mode in ("eager", "channels_last"))
    tensors = {}

    def error(key, measure):
        return np.array(measure(eager[key] - exact[key]))

    for count, seed in zip(BATCHES, seeds):
        prefix = f"batch{count}"
        tensors[f"{prefix}.seed"] = np.array(seed)
        for key in ("logits", "loss", "evaluation_logits", "single_logits"):
            tensors[f"{prefix}.{key}"] = exact[f"{prefix}/{key}"]
            tensors[f"{prefix}.{key}_error"] = error(
                f"{prefix}/{key}", lambda difference: np.abs(difference).max())
        start = f"{prefix}/gradient."
        keys = [key for key in exact if key.startswith(start)]
        tensors[f"{prefix}.gradient_norms"] = np.array([np.linalg.norm(exact[k]) for k in keys])
        tensors[f"{prefix}.gradient_errors"] = np.array([error(k, np.linalg.norm) for k in keys])
        tensors[f"{prefix}.gradient_projections"] = np.array(
            [projections(key[len(start):], exact[key]) for key in keys])
        norm = np.linalg.norm(tensors[f"{prefix}.gradient_norms"])
        errors, norms = (tensors[f"{prefix}.gradient_{part}"] for part in ("errors", "norms"))
        relative = errors[norms > 1e-9 * norm] / norms[norms > 1e-9 * norm]
        print(f"  batch {count}: loss {exact[f'{prefix}/loss']:.6f}, gradient norm {norm:.3f}, "
              f"PyTorch's float32 error a tensor: median {np.median(relative):.1e}, "
              f"worst {relative.max():.1e}, of the global norm {errors.max() / norm:.1e}")
        if count == BATCHES[0]:
            for key, value in exact.items():
                if key.startswith(f"{prefix}/running."):
                    tensors[key[len(prefix) + 1:]] = value
            tensors["running_error"] = np.array(max(
                error(k, lambda d: np.abs(d).max()) for k in exact if "/running." in k))
    for rate in ("0.001", "1e-05"):
        float64 = exact[f"losses/{rate}"][0]
        float32 = np.concatenate([r[f"losses/{rate}"] for r in (eager, channels_last) if r])
        tensors |= {f"losses.{rate}.float64": float64, f"losses.{rate}.float32": float32}
        spread = np.abs(float32 - float64).max(axis=0)
        print(f"  lr {rate}: losses {np.round(float64, 4)}, float32 off by up to {spread}")
    path = os.path.join(FIXTURES, f"{name}.safetensors")
    safetensors_io.save(
        path, {key: np.asarray(value, dtype=np.float32) for key, value in tensors.items()},
        {"width": WIDTH, "resolution": RESOLUTION, "classes": CLASSES, "torch": torch.__version__})
    print(f"  {os.path.getsize(path)} bytes")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", choices=CASES)
    parser.add_argument("--tries", type=int, default=200, help="image seeds to choose from")
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    parser.add_argument("--mode", help=argparse.SUPPRESS)
    parser.add_argument("--seeds", type=int, nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args()
    torch.set_num_threads(1)
    if options.worker:
        worker(options.worker, options.model, options.mode, options.seeds)
        return
    for name in [options.model] if options.model else CASES:
        write(name, options.tries)


main()
