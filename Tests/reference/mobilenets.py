"""The study's three networks in PyTorch, with the module names that `sweep` writes.

A reference for tests: the shapes, parameters and gradients of the Swift networks are compared with these.
"""

import torch
from torch import nn


class BasicConv(nn.Module):
    """A unit: convolution, batch normalization, ReLU6 unless it is linear."""

    def __init__(self, inputs, outputs, kernel=1, stride=1, groups=1, linear=False):
        super().__init__()
        layers = [
            nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False),
            nn.BatchNorm2d(outputs),
        ]
        if not linear:
            layers.append(nn.ReLU6(inplace=True))
        self.conv_block = nn.Sequential(*layers)

    def forward(self, x):
        return self.conv_block(x)


class DepthSep(nn.Module):
    """MobileNet V1's block."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.depthwise = BasicConv(inputs, inputs, 3, stride, groups=inputs)
        self.pointwise = BasicConv(inputs, outputs)

    def forward(self, x):
        return self.pointwise(self.depthwise(x))


def inverted(inputs, outputs, stride, expansion):
    """Expansion (none where `expansion` is 1), depthwise, linear projection."""
    hidden = int(inputs * expansion)
    layers = [BasicConv(inputs, hidden)] if expansion != 1 else []
    layers.append(BasicConv(hidden, hidden, 3, stride, groups=hidden))
    layers.append(BasicConv(hidden, outputs, linear=True))
    return nn.Sequential(*layers)


class InvertedResidual(nn.Module):
    """MobileNet V2's block."""

    def __init__(self, inputs, outputs, stride, expansion):
        super().__init__()
        self.joins = stride == 1 and inputs == outputs
        self.res_block = inverted(inputs, outputs, stride, expansion)

    def forward(self, x):
        return x + self.res_block(x) if self.joins else self.res_block(x)


class CustomInvertedResidual(nn.Module):
    """V2's block with the input always joined and a LeakyReLU after the sum."""

    def __init__(self, inputs, outputs, stride, expansion):
        super().__init__()
        self.res_block = inverted(inputs, outputs, stride, expansion)
        self.relu = nn.LeakyReLU()
        self.downsample = None
        if inputs != outputs or stride != 1:
            self.downsample = BasicConv(inputs, outputs, 1, stride)

    def forward(self, x):
        identity = x if self.downsample is None else self.downsample(x)
        return self.relu(self.res_block(x) + identity)


V1_ROWS = [(64, 1, 1), (128, 2, 2), (256, 2, 2), (512, 6, 2), (1024, 2, 2)]
V2_ROWS = [
    (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2),
    (6, 320, 1, 1),
]


def truncate(channels, width):
    return int(channels * width)


def minimum_8(channels, width):
    return max(int(channels * width), 8)


def make_divisible(channels, width):
    rounded = max(8, int(channels * width + 4) // 8 * 8)
    return rounded + 8 if rounded < 0.9 * channels * width else rounded


class MobileNet(nn.Module):
    """`name` at width multiplier `width`, with `classes` outputs."""

    def __init__(self, name, width=1.0, classes=10, rounding=truncate):
        super().__init__()
        channels = rounding(32, width)
        self.stem = BasicConv(3, channels, 3, 2)
        blocks = []
        if name == "mobilenet_v1":
            rows = [(None, c, n, s) for c, n, s in V1_ROWS]
        else:
            rows = V2_ROWS
        for expansion, base, repeats, stride in rows:
            outputs = rounding(base, width)
            for repeat in range(repeats):
                step = stride if repeat == 0 else 1
                if name == "mobilenet_v1":
                    blocks.append(DepthSep(channels, outputs, step))
                elif name == "mobilenet_v2":
                    blocks.append(InvertedResidual(channels, outputs, step, expansion))
                elif name == "c_mobilenet_v2":
                    blocks.append(CustomInvertedResidual(channels, outputs, step, expansion))
                else:
                    raise ValueError(name)
                channels = outputs
        self.feature_ext = nn.Sequential(*blocks)
        self.has_tail = name != "mobilenet_v1"
        if self.has_tail:
            outputs = rounding(1280, max(1.0, width) if rounding is make_divisible else width)
            self.tail = BasicConv(channels, outputs)
            channels = outputs
        self.classifier = nn.Sequential(
            nn.AdaptiveAvgPool2d((1, 1)), nn.Flatten(), nn.Linear(channels, classes))

    def forward(self, x):
        x = self.feature_ext(self.stem(x))
        return self.classifier(self.tail(x) if self.has_tail else x)


MODELS = ["mobilenet_v1", "mobilenet_v2", "c_mobilenet_v2"]


def initialize(model, seed):
    """The study's initial weights."""
    torch.manual_seed(seed)
    for module in model.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
        elif isinstance(module, nn.Linear):
            nn.init.normal_(module.weight, 0, 0.01)
            nn.init.zeros_(module.bias)
