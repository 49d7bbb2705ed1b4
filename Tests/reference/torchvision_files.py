"""Writes files as a user of torchvision has them: `state_dict`s of its MobileNets in the safetensors format.

    python torchvision_files.py FOLDER [NAME…]

Weights are drawn from a fixed seed and moved by a few training steps, so that the running statistics are no longer 0 and 1.
Beside each `NAME.safetensors` lie `NAME.logits`: those of `images` [2, 3, 64, 64] in evaluation mode, as raw float32, computed
in float64. `pickled.pth` is what torch.save writes. Needs torch, torchvision and safetensors; fixtures are not made of these
files, which are too large to keep: a test runs this where there is such a Python.
"""

import os
import sys

# The module of the same name beside this script is a reader of our own.
sys.path.remove(os.path.dirname(os.path.abspath(__file__)))

import safetensors.torch  # noqa: E402
import torch  # noqa: E402
from torchvision import models  # noqa: E402

CASES = {
    "mobilenet_v2": ("mobilenet_v2", 1.0), "mobilenet_v2-half": ("mobilenet_v2", 0.5),
    "mobilenet_v3_large": ("mobilenet_v3_large", 1.0), "mobilenet_v3_small": ("mobilenet_v3_small", 1.0),
}


def trained(name, width):
    """torchvision's model for a thousand classes after five steps on noise."""
    torch.manual_seed(0)
    model = getattr(models, name)(width_mult=width).train()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
    for _ in range(5):
        images = torch.randn(8, 3, 64, 64) + torch.linspace(-1, 1, 8)[:, None, None, None]
        loss = torch.nn.functional.cross_entropy(model(images), torch.arange(8))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model.eval()


def main(folder, names):
    torch.manual_seed(1)
    images = torch.randn(2, 3, 64, 64)
    images.numpy().tofile(f"{folder}/images")
    for case in names or CASES:
        model = trained(*CASES[case])
        safetensors.torch.save_file(model.state_dict(), f"{folder}/{case}.safetensors")
        torch.save(model.state_dict(), f"{folder}/pickled.pth")
        with torch.no_grad():
            logits = model.double()(images.double())
        logits.float().numpy().tofile(f"{folder}/{case}.logits")


main(sys.argv[1], sys.argv[2:])
