"""Writes Tests/CPUEngineTests/Fixtures/torchvision.json: the names and shapes of torchvision's MobileNets, and their logits.

Weights and images come from formula.py, by torchvision's names, so none of them need to be stored. The logits are those of
`images.0` [2, 3, 64, 64] in evaluation mode and float64.
"""

import json
import os

import torch
from torchvision import models

from formula import reference_tensor

CASES = [
    ("mobilenet_v2", 1.0, 10), ("mobilenet_v2", 0.35, 7),
    ("mobilenet_v3_large", 1.0, 10), ("mobilenet_v3_large", 0.35, 7),
    ("mobilenet_v3_small", 1.0, 10), ("mobilenet_v3_small", 0.75, 7),
]
PATH = os.path.join(os.path.dirname(__file__), "..", "CPUEngineTests", "Fixtures", "torchvision.json")


def case(name, width, classes):
    model = getattr(models, name)(width_mult=width, num_classes=classes)
    state = {
        key: torch.from_numpy(reference_tensor(key, tuple(value.shape)))
        for key, value in model.state_dict().items()}
    model.load_state_dict(state)
    images = torch.from_numpy(reference_tensor("images.0", (2, 3, 64, 64)))
    with torch.no_grad():
        logits = model.double().eval()(images.double())
    return {
        "model": name, "width": width, "classes": classes,
        "names": list(state), "shapes": [list(value.shape) for value in state.values()],
        "logits": logits.flatten().tolist()}


with open(PATH, "w") as file:
    json.dump([case(*entry) for entry in CASES], file, separators=(",", ":"))
    file.write("\n")
