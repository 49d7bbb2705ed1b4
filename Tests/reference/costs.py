"""Counts the study's cells by hooks on PyTorch modules and prints the Swift tables of Tests/NetworksTests.

thop's rules, written out: a convolution or linear layer counts its multiply-accumulates, a batch
normalization 4 for each element out (2, doubled because it has weights), (kernel area + 1) for each element out, everything else nothing.
"""

import hashlib

import torch
from torch import nn

from mobilenets import MODELS, MobileNet, make_divisible, truncate

WIDTHS = [1.0, 0.75, 0.5, 0.35]
RESOLUTIONS = [224, 192, 160, 128, 96]


def count(model, resolution):
    macs = thop = 0

    def hook(module, inputs, output):
        nonlocal macs, thop
        if isinstance(module, nn.Conv2d):
            kernel = module.kernel_size[0] * module.kernel_size[1]
            here = output.numel() * kernel * module.in_channels // module.groups
            macs += here
            thop += here
        elif isinstance(module, nn.Linear):
            here = module.in_features * output.numel()
            macs += here
            thop += here
        elif isinstance(module, nn.BatchNorm2d):
            thop += 4 * output.numel()
        elif isinstance(module, nn.AdaptiveAvgPool2d):
            thop += (inputs[0].shape[2] * inputs[0].shape[3] + 1) * output.numel()

    handles = [module.register_forward_hook(hook) for module in model.modules()]
    with torch.no_grad():
        model.eval()(torch.zeros(1, 3, resolution, resolution))
    for handle in handles:
        handle.remove()
    params = sum(p.numel() for p in model.parameters() if p.requires_grad)
    return params, macs, thop


def grouped(number):
    return f"{number:_}"


def main():
    print("  static let cells: [StudyCost] = [")
    for name in MODELS:
        for width in WIDTHS:
            for resolution in RESOLUTIONS:
                params, macs, thop = count(MobileNet(name, width), resolution)
                print(f'    StudyCost("{name}", {width}, {resolution}, '
                      f"{grouped(params)}, {grouped(macs)}, {grouped(thop)}),")
    print("  ]")
    print("  static let all: [StateDictionary] = [")
    for name in MODELS:
        for width in WIDTHS:
            lines = "".join(
                f"{key} {list(value.shape)}\n"
                for key, value in MobileNet(name, width).state_dict().items())
            print(f'    StateDictionary("{name}", {width}, "{hashlib.sha256(lines.encode()).hexdigest()}"),')
    print("  ]")
    print("  static let all: [ThousandClassCost] = [  // 1000 classes")
    for name in MODELS:
        for rounding in (truncate, make_divisible):
            for width, resolution in [(1.4, 224), (1.0, 224), (0.75, 160), (0.5, 128), (0.35, 96)]:
                model = MobileNet(name, width, 1000, rounding)
                params, macs, thop = count(model, resolution)
                case = "truncate" if rounding is truncate else "divisibleBy8"
                print(f'    ThousandClassCost("{name}", {width}, {resolution}, .{case}, '
                      f"{grouped(params)}, {grouped(macs)}),")
    print("  ]")


if __name__ == "__main__":
    main()
