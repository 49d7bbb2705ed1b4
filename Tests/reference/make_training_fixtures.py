"""Writes Tests/CPUEngineTests/Fixtures/<model>-w<width>.safetensors: what PyTorch computes for each network.

README.md describes the tensors in a file. Each pass runs in its own process with a time limit, because
PyTorch's channels_last backward pass hangs or crashes for some odd channel counts.
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

CLASSES = 10
# The suffix of a model whose channels are rounded by make_divisible; the others are truncated.
DIVISIBLE = "-make_divisible"
V3 = ["mobilenet_v3_large", "mobilenet_v3_small"]
TRUNCATED = [*MODELS, "mobilenet_v1_keras", "mobilenet_v2_tf", *V3]
CASES = [*((name, width) for width in (0.35, 1.0) for name in TRUNCATED),
         *((name + DIVISIBLE, 0.35) for name in V3)]
RESOLUTION = 48
# The two batch sizes where they are not [6, 3]. A batch norm over the twelve values of 2×2 maps of 3 images can have almost
# equal inputs, which lose most of their digits in float32; see also MOVED.
BATCHES = {("c_mobilenet_v2", 1.0): [8, 6]}
# Rounding errors are larger in c_mobilenet_v2 than in the others: at width 1.0 no images keep every activation away from
# its kinks. Its batch normalizations have their outputs moved there, see `move_from_kinks`.
MOVED = [("c_mobilenet_v2", 1.0)]
# The points where an activation's slope jumps.
KINKS = {nn.ReLU: [0], nn.ReLU6: [0, 6], nn.LeakyReLU: [0], nn.Hardswish: [-3, 3], nn.Hardsigmoid: [-3, 3]}
LIMIT = 600
FIXTURES = os.path.join(os.path.dirname(__file__), "..", "CPUEngineTests", "Fixtures")


def build(case, dtype):
    """The network without dropout, because two programs cannot draw the same units to drop."""
    name, width = case
    rounding = make_divisible if name.endswith(DIVISIBLE) else truncate
    make = MobileNet if name in MODELS else family.build
    model = make(name.removesuffix(DIVISIBLE), width, CLASSES, rounding)
    for module in model.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0
    state = {
        key: torch.from_numpy(reference_tensor(key, tuple(value.shape)))
        for key, value in model.state_dict().items()}
    model.load_state_dict(state)
    if case in MOVED:
        move_from_kinks(model)
    return model.to(dtype)


def batches(case):
    return BATCHES.get(case, [6, 3])


def move_from_kinks(model):
    """Halves what each batch normalization puts out and adds 1, or in every fourth channel subtracts 1.

    The outputs then lie about two standard deviations from zero, on both sides of it.
    """
    with torch.no_grad():
        for module in model.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.weight *= 0.5
                module.bias += torch.where(torch.arange(module.num_features) % 4 == 3, -1.0, 1.0)


def batch(case, count, seed, dtype, mode):
    """Images `images.<seed>`, NCHW; image n has label n mod classes."""
    shape = (count, 3, RESOLUTION, RESOLUTION)
    images = torch.from_numpy(reference_tensor(f"images.{seed}", shape)).to(dtype)
    if mode == "channels_last":
        images = images.to(memory_format=torch.channels_last)
    return images, torch.arange(count) % CLASSES


def kinks(model, images):
    """The inputs of every activation with kinks, in training mode."""
    inputs = []
    handles = [
        m.register_forward_pre_hook(lambda m, i: inputs.append((m, i[0].double().clone())))
        for m in model.modules() if type(m) in KINKS]
    with torch.no_grad():
        model.train()(images)
    for handle in handles:
        handle.remove()
    return inputs


def margin(case, exact, rounded, count, seed):
    """The smallest distance of any activation's input from a kink, in units of float32's typical error there."""
    nearest = []
    pairs = zip(kinks(exact, batch(case, count, seed, torch.float64, "eager")[0]),
                kinks(rounded, batch(case, count, seed, torch.float32, "eager")[0]))
    for (module, z), (_, other) in pairs:
        error = (z - other).square().mean().sqrt()
        for bound in KINKS[type(module)]:
            if ((z > bound) != (other > bound)).any():
                return 0.0
            nearest.append(((z - bound).abs().min() / error).item())
    return min(nearest)


def search(case, count, tries):
    """The seed whose images stay farthest from every kink, so that rounding moves no input across one."""
    exact, rounded = build(case, torch.float64), build(case, torch.float32)
    return max((margin(case, exact, rounded, count, seed), seed) for seed in range(tries))


def gradients(case, count, seed, dtype, mode):
    """One forward and backward pass in training mode, and one forward pass in evaluation mode."""
    model = build(case, dtype)
    if mode == "channels_last":
        model = model.to(memory_format=torch.channels_last)
    images, labels = batch(case, count, seed, dtype, mode)
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


def losses(case, seed, dtype, mode, rate, turn):
    """Ten steps of Adam on one batch, its images turned by `turn` places; the loss before each."""
    model = build(case, dtype).train()
    if mode == "channels_last":
        model = model.to(memory_format=torch.channels_last)
    images, labels = (tensor.roll(turn, 0) for tensor in batch(case, batches(case)[0], seed, dtype, mode))
    optimizer = torch.optim.Adam(model.parameters(), lr=rate)
    history = []
    for _ in range(10):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(images), labels)
        loss.backward()
        optimizer.step()
        history.append(loss.item())
    return history


def worker(path, case, mode, seeds):
    dtype = torch.float64 if mode == "float64" else torch.float32
    results = {}
    for count, seed in zip(batches(case), seeds):
        for key, value in gradients(case, count, seed, dtype, mode).items():
            results[f"batch{count}/{key}"] = value
    for rate in (1e-3, 1e-5):
        turns = range(batches(case)[0]) if mode == "eager" else [0]
        results[f"losses/{rate:g}"] = np.array(
            [losses(case, seeds[0], dtype, mode, rate, turn) for turn in turns])
    np.savez(path, **results)


def run(case, mode, seeds):
    """The worker's results, None if it hangs or dies."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "results.npz")
        command = [sys.executable, __file__, "--worker", path, "--model", case[0], "--width", str(case[1]),
                   "--mode", mode, "--seeds", *map(str, seeds)]
        try:
            subprocess.run(command, check=True, timeout=LIMIT)
        except subprocess.SubprocessError as error:
            print(f"{case} {mode} left out: {error}", file=sys.stderr)
            return None
        return dict(np.load(path))


def compared(tensors, key, exact, rounded):
    """Adds norms, PyTorch's float32 errors and projections of the arrays of `exact`, in their order."""
    tensors[f"{key}_norms"] = np.array([np.linalg.norm(value) for value in exact.values()])
    tensors[f"{key}_errors"] = np.array(
        [np.linalg.norm(rounded[name] - value) for name, value in exact.items()])
    tensors[f"{key}_projections"] = np.array(
        [projections(name, value) for name, value in exact.items()])


def part(results, start):
    """The results whose keys begin with `start`, without it."""
    return {key[len(start):]: value for key, value in results.items() if key.startswith(start)}


def path_of(case):
    return os.path.join(FIXTURES, f"{case[0]}-w{case[1]}.safetensors")


def write(case, seeds, tries):
    if seeds:
        print(f"{case}: seeds {seeds}, kept")
    else:
        found = [search(case, count, tries) for count in batches(case)]
        seeds = [seed for _, seed in found]
        print(f"{case}: " + ", ".join(
            f"batch {c} seed {s} margin {m:.1f}" for c, (m, s) in zip(batches(case), found)))
    exact = run(case, "float64", seeds)
    eager, channels_last = (run(case, mode, seeds) for mode in ("eager", "channels_last"))
    tensors = {}
    for count, seed in zip(batches(case), seeds):
        prefix = f"batch{count}"
        tensors[f"{prefix}.seed"] = np.array(seed)
        for key in ("logits", "loss", "evaluation_logits", "single_logits"):
            value = exact[f"{prefix}/{key}"]
            tensors[f"{prefix}.{key}"] = value
            tensors[f"{prefix}.{key}_error"] = np.abs(eager[f"{prefix}/{key}"] - value).max()
        compared(tensors, f"{prefix}.gradient",
                 *(part(results, f"{prefix}/gradient.") for results in (exact, eager)))
        errors, norms = (tensors[f"{prefix}.gradient_{kind}"] for kind in ("errors", "norms"))
        norm = np.linalg.norm(norms)
        live = norms > 1e-9 * norm
        relative = errors[live] / norms[live]
        print(f"  batch {count}: loss {exact[f'{prefix}/loss']:.6f}, gradient norm {norm:.3f}, "
              f"PyTorch's float32 error per tensor: median {np.median(relative):.1e}, "
              f"worst {relative.max():.1e}; of gradients that are zero, {(~live).sum()}: "
              f"{errors[~live].max(initial=0) / norm:.1e} of the global norm")
    start = f"batch{batches(case)[0]}/running."
    compared(tensors, "running", *(part(results, start) for results in (exact, eager)))
    for rate in ("0.001", "1e-05"):
        float64 = exact[f"losses/{rate}"][0]
        float32 = np.concatenate([r[f"losses/{rate}"] for r in (eager, channels_last) if r])
        tensors |= {f"losses.{rate}.float64": float64, f"losses.{rate}.float32": float32}
        spread = np.abs(float32 - float64).max(axis=0)
        print(f"  lr {rate}: losses {np.round(float64, 4)}, float32 off by up to {spread}")
    safetensors_io.save(
        path_of(case), {key: np.asarray(value, dtype=np.float32) for key, value in tensors.items()},
        {"width": case[1], "resolution": RESOLUTION, "classes": CLASSES, "torch": torch.__version__})
    print(f"  {os.path.getsize(path_of(case))} bytes", flush=True)


def kept_seeds(case):
    tensors = safetensors_io.load(path_of(case))
    return [int(tensors[f"batch{count}.seed"]) for count in batches(case)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", choices=sorted({name for name, _ in CASES}))
    parser.add_argument("--width", type=float, choices=[0.35, 1.0])
    parser.add_argument("--tries", type=int, default=200, help="image seeds to choose from")
    parser.add_argument("--keep-seeds", action="store_true", help="use the seeds of the present files")
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    parser.add_argument("--mode", help=argparse.SUPPRESS)
    parser.add_argument("--seeds", type=int, nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args()
    torch.set_num_threads(1)
    if options.worker:
        worker(options.worker, (options.model, options.width), options.mode, options.seeds)
        return
    for case in CASES:
        if options.model in (None, case[0]) and options.width in (None, case[1]):
            write(case, kept_seeds(case) if options.keep_seeds else None, options.tries)


main()
