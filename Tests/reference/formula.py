"""Tensors by formula, so that neither weights nor images need to be stored.

Tests/CPUEngineTests/ReferenceWeights.swift has the same formula; the two agree bit for bit:

    hash(name, i) = splitmix64(fnv1a64(name) + i * 0x9E3779B97F4A7C15)
    v(name, i)    = (hash >> 40) / 2^23 - 1             24 bits, in [-1, 1), exact in float32

and by the name's ending and the shape, each in float32 with one rounding an operation:

    convolution weight [o, i, h, w]    v * float32(sqrt(6 / (i*h*w)))
    linear weight [o, i]               v * float32(sqrt(3 / i))
    batch norm weight, running_var     1 + v * 0.25
    bias, running_mean                 v * 0.25
    num_batches_tracked                0
    images [n, c, h, w]                v * 0.5 + 2 * v(name + ".blocks", block)

An image is made of blocks of 8 × 8 pixels with some noise, for pure noise makes all images alike and the
gradients ill-conditioned; block = ((n*C + c) * ceil(H/8) + h/8) * ceil(W/8) + w/8.

A tensor is compared through 32 projections. Projection k is the sum, in float64, of all elements, each with
the sign of bit k of hash(name + ".projection", i): plus where the bit is 0.
"""

import numpy as np

PROJECTIONS = 32
_STEP = np.uint64(0x9E3779B97F4A7C15)


def _hash(name, count):
    start = 0xCBF29CE484222325
    for byte in name.encode():
        start = (start ^ byte) * 0x100000001B3 % 2**64
    with np.errstate(over="ignore"):
        z = np.uint64(start) + np.arange(count, dtype=np.uint64) * _STEP
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return z ^ (z >> np.uint64(31))


def _uniform(name, count):
    bits = (_hash(name, count) >> np.uint64(40)).astype(np.float32)
    return bits * np.float32(2**-23) - np.float32(1)


def reference_tensor(name, shape):
    """The float32 tensor of that name and shape."""
    count = int(np.prod(shape, dtype=np.int64))
    ending = name.rsplit(".", 1)[-1]
    if ending == "num_batches_tracked":
        return np.zeros(shape, dtype=np.int64)
    value = _uniform(name, count)
    if ending == "weight" and len(shape) == 4:
        value = value * np.float32(np.sqrt(6 / (shape[1] * shape[2] * shape[3])))
    elif ending == "weight" and len(shape) == 2:
        value = value * np.float32(np.sqrt(3 / shape[1]))
    elif ending in ("weight", "running_var"):
        value = np.float32(1) + value * np.float32(0.25)
    elif ending in ("bias", "running_mean"):
        value = value * np.float32(0.25)
    else:
        n, c, h, w = shape
        down, across = -(-h // 8), -(-w // 8)
        blocks = _uniform(name + ".blocks", n * c * down * across).reshape(n, c, down, across)
        blocks = blocks.repeat(8, axis=2).repeat(8, axis=3)[:, :, :h, :w]
        value = value.reshape(shape) * np.float32(0.5) + blocks * np.float32(2)
    return value.reshape(shape)


def projections(name, tensor):
    """The 32 projections of a tensor, float64."""
    values = np.asarray(tensor, dtype=np.float64).ravel()
    bits = _hash(name + ".projection", values.size)
    signs = [1.0 - 2.0 * ((bits >> np.uint64(k)) & np.uint64(1)) for k in range(PROJECTIONS)]
    return np.array([np.sum(sign * values) for sign in signs])
