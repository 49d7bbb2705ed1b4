"""Counts the family's networks by hooks on PyTorch modules and prints the Swift table of Tests/NetworksTests.

For V3 with `make_divisible` torchvision's own models are built beside and must cost the same.
"""

import hashlib

from torchvision.models.mobilenetv3 import MobileNetV3, _mobilenet_v3_conf

from costs import count, grouped
from family import FAMILY, build
from mobilenets import make_divisible, truncate


def main():
    print("  static let all: [FamilyCost] = [  // 1000 classes")
    for name in FAMILY:
        for rounding in (truncate, make_divisible):
            for width, resolution in [(1.4, 160), (1.0, 224), (0.75, 65), (0.5, 128), (0.35, 96), (0.25, 64)]:
                model = build(name, width, 1000, rounding)
                params, macs, _ = count(model, resolution)
                if rounding is make_divisible and "v3" in name:
                    rows, last = _mobilenet_v3_conf(name, width_mult=width)
                    theirs = count(MobileNetV3(rows, last), resolution)
                    assert theirs[:2] == (params, macs), (name, width, theirs, params, macs)
                lines = "".join(
                    f"{key} {list(value.shape)}\n" for key, value in model.state_dict().items())
                names = hashlib.sha256(lines.encode()).hexdigest()[:12]
                case = "truncate" if rounding is truncate else "divisibleBy8"
                print(f'    .init("{name}", {width}, {resolution}, .{case}, '
                      f'{grouped(params)}, {grouped(macs)}, "{names}"),')
    print("  ]")


main()
