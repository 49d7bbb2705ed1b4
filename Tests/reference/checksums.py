"""Prints the SHA-256 of the formula's tensors that Tests/CPUEngineTests/ReferenceWeightsTests.swift expects."""

import hashlib

import numpy as np

import family
from formula import projections, reference_tensor
from mobilenets import MODELS, MobileNet

for model in [*MODELS, "mobilenet_v3_large", "mobilenet_v3_small", "mobilenet_v2_tf", "mobilenet_v1_keras"]:
    make = MobileNet if model in MODELS else family.build
    for width in (0.35, 1.0):
        digest = hashlib.sha256()
        for name, value in make(model, width, 10).state_dict().items():
            digest.update(reference_tensor(name, tuple(value.shape)).astype("<f4").tobytes())
        print(f'    ("{model}", {width}, "{digest.hexdigest()}"),')
images = reference_tensor("images.7", (2, 3, 20, 13))
print(hashlib.sha256(images.astype("<f4").tobytes()).hexdigest())
print(projections("images.7", images).tolist())
