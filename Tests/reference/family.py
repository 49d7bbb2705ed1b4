"""The networks beside the study's three, in PyTorch, with the module names that `sweep` writes.

V3 is built from its classes' usual names (first_conv, bottlenecks, fc1, fc2), V1 from those of a common PyTorch class
(conv1, DSconv1, fc); TensorFlow's V2 has the study's names. `build(name, width, classes, rounding)` makes any of them.
"""

import torch
from torch import nn
from torch.nn import functional as F

from mobilenets import V2_ROWS, make_divisible, truncate


class SameConv2d(nn.Conv2d):
    """A convolution with TensorFlow's same padding: an odd zero goes to the bottom and the right."""

    def forward(self, x):
        zeros = []
        for size, kernel, stride in zip(x.shape[:1:-1], self.kernel_size[::-1], self.stride[::-1]):
            total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
            zeros += [total // 2, total - total // 2]
        return F.conv2d(F.pad(x, zeros), self.weight, self.bias, self.stride, 0, 1, self.groups)


class SqueezeExcitation(nn.Module):
    def __init__(self, channels, reduced):
        super().__init__()
        self.squeeze = nn.AdaptiveAvgPool2d((1, 1))
        self.excitation = nn.Sequential(
            nn.Linear(channels, reduced), nn.ReLU(), nn.Linear(reduced, channels), nn.Hardsigmoid())

    def forward(self, x):
        gate = self.excitation(torch.flatten(self.squeeze(x), 1))
        return x * gate[:, :, None, None]


def v3_unit(inputs, outputs, kernel, stride, groups, activation):
    layers = [
        nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False),
        nn.BatchNorm2d(outputs, eps=0.001, momentum=0.01),
    ]
    return nn.Sequential(*layers, *([activation()] if activation else []))


class Bottleneck(nn.Module):
    """MobileNet V3's block."""

    def __init__(self, inputs, hidden, outputs, kernel, stride, reduced, activation):
        super().__init__()
        self.joins = stride == 1 and inputs == outputs
        layers = [v3_unit(inputs, hidden, 1, 1, 1, activation)] if hidden != inputs else []
        layers.append(v3_unit(hidden, hidden, kernel, stride, hidden, activation))
        if reduced:
            layers.append(SqueezeExcitation(hidden, reduced))
        layers.append(v3_unit(hidden, outputs, 1, 1, 1, None))
        self.residual = nn.Sequential(*layers)

    def forward(self, x):
        return self.residual(x) + x if self.joins else self.residual(x)


# kernel, hidden, out, squeeze-and-excitation, hard-swish, stride
V3_LARGE = [
    (3, 16, 16, 0, 0, 1), (3, 64, 24, 0, 0, 2), (3, 72, 24, 0, 0, 1), (5, 72, 40, 1, 0, 2),
    (5, 120, 40, 1, 0, 1), (5, 120, 40, 1, 0, 1), (3, 240, 80, 0, 1, 2), (3, 200, 80, 0, 1, 1),
    (3, 184, 80, 0, 1, 1), (3, 184, 80, 0, 1, 1), (3, 480, 112, 1, 1, 1), (3, 672, 112, 1, 1, 1),
    (5, 672, 160, 1, 1, 2), (5, 960, 160, 1, 1, 1), (5, 960, 160, 1, 1, 1),
]
V3_SMALL = [
    (3, 16, 16, 1, 0, 2), (3, 72, 24, 0, 0, 2), (3, 88, 24, 0, 0, 1), (5, 96, 40, 1, 1, 2),
    (5, 240, 40, 1, 1, 1), (5, 240, 40, 1, 1, 1), (5, 120, 48, 1, 1, 1), (5, 144, 48, 1, 1, 1),
    (5, 288, 96, 1, 1, 2), (5, 576, 96, 1, 1, 1), (5, 576, 96, 1, 1, 1),
]


class MobileNetV3(nn.Module):
    def __init__(self, rows, last, width=1.0, classes=10, rounding=truncate, dropout=0.2):
        super().__init__()
        channels = rounding(16, width)
        self.first_conv = v3_unit(3, channels, 3, 2, 1, nn.Hardswish)
        blocks = []
        for kernel, base, out, gated, hard, stride in rows:
            hidden, outputs = rounding(base, width), rounding(out, width)
            reduced = rounding(hidden // 4, 1) if gated else 0
            activation = nn.Hardswish if hard else nn.ReLU
            blocks.append(Bottleneck(channels, hidden, outputs, kernel, stride, reduced, activation))
            channels = outputs
        self.bottlenecks = nn.Sequential(*blocks)
        wide = 6 * channels if rounding is make_divisible else rounding(rows[-1][1], width)
        self.last_conv = v3_unit(channels, wide, 1, 1, 1, nn.Hardswish)
        self.avgpool = nn.AdaptiveAvgPool2d((1, 1))
        features = rounding(last, width)
        self.fc1 = nn.Sequential(nn.Linear(wide, features), nn.Hardswish())
        self.fc2 = nn.Sequential(nn.Dropout(dropout), nn.Linear(features, classes))

    def forward(self, x):
        x = self.last_conv(self.bottlenecks(self.first_conv(x)))
        return self.fc2(self.fc1(torch.flatten(self.avgpool(x), 1)))


class TensorFlowUnit(nn.Module):
    def __init__(self, inputs, outputs, kernel=1, stride=1, groups=1, linear=False, same=True):
        super().__init__()
        convolution = SameConv2d if same else nn.Conv2d
        layers = [
            convolution(inputs, outputs, kernel, stride, groups=groups, bias=True),
            nn.BatchNorm2d(outputs, eps=0.001, momentum=0.01),
        ]
        self.conv_block = nn.Sequential(*layers, *([] if linear else [nn.ReLU6()]))

    def forward(self, x):
        return self.conv_block(x)


class TensorFlowResidual(nn.Module):
    def __init__(self, inputs, outputs, stride, expansion):
        super().__init__()
        self.joins = stride == 1 and inputs == outputs
        hidden = inputs * expansion
        self.res_block = nn.Sequential(
            TensorFlowUnit(inputs, hidden), TensorFlowUnit(hidden, hidden, 3, stride, hidden),
            TensorFlowUnit(hidden, outputs, linear=True))

    def forward(self, x):
        return x + self.res_block(x) if self.joins else self.res_block(x)


class TensorFlowV2(nn.Module):
    def __init__(self, width=1.0, classes=10, rounding=truncate, dropout=0.3):
        super().__init__()
        channels = rounding(32, width)
        self.stem = TensorFlowUnit(3, channels, 3, 2, same=False)
        blocks = []
        for expansion, base, repeats, stride in V2_ROWS:
            outputs = rounding(base, width)
            for repeat in range(repeats):
                blocks.append(
                    TensorFlowResidual(channels, outputs, stride if repeat == 0 else 1, expansion))
                channels = outputs
        self.feature_ext = nn.Sequential(*blocks)
        outputs = rounding(1280, max(1.0, width) if rounding is make_divisible else width)
        self.tail = TensorFlowUnit(channels, outputs)
        self.classifier = nn.Sequential(
            nn.AdaptiveAvgPool2d((1, 1)), nn.Flatten(), nn.Dropout(dropout),
            nn.Linear(outputs, classes))

    def forward(self, x):
        return self.classifier(self.tail(self.feature_ext(self.stem(x))))


class SeparableBlock(nn.Module):
    def __init__(self, inputs, outputs, stride, keras):
        super().__init__()
        figures = {"eps": 0.001, "momentum": 0.01} if keras else {}
        self.conv_dw = v1_convolution(inputs, inputs, 3, stride, inputs, keras)
        self.bn1 = nn.BatchNorm2d(inputs, **figures)
        self.relu1 = nn.ReLU()
        self.conv_pw = v1_convolution(inputs, outputs, 1, 1, 1, keras)
        self.bn2 = nn.BatchNorm2d(outputs, **figures)
        self.relu2 = nn.ReLU()

    def forward(self, x):
        x = self.relu1(self.bn1(self.conv_dw(x)))
        return self.relu2(self.bn2(self.conv_pw(x)))


def v1_convolution(inputs, outputs, kernel, stride, groups, keras):
    if keras:
        return SameConv2d(inputs, outputs, kernel, stride, groups=groups)
    return nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups)


# out, repeats, stride
V1_SINGLE_ROWS = [
    (64, 1, 1), (128, 1, 2), (128, 1, 1), (256, 1, 2), (256, 1, 1), (512, 1, 2), (512, 5, 1),
    (1024, 1, 2), (1024, 1, 1),
]


class BiasedV1(nn.Module):
    """V1 with biases and a bare stem, in PyTorch's or in Keras' sense."""

    def __init__(self, width=1.0, classes=10, rounding=truncate, keras=False):
        super().__init__()
        channels = rounding(32, width)
        self.conv1 = v1_convolution(3, channels, 3, 2, 1, keras)
        self.rows = []
        for row, (base, repeats, stride) in enumerate(V1_SINGLE_ROWS):
            outputs = rounding(base, width)
            blocks = []
            for _ in range(repeats):
                blocks.append(SeparableBlock(channels, outputs, stride, keras))
                channels = outputs
            name = f"DSconv{row + 1}"
            self.add_module(name, blocks[0] if repeats == 1 else nn.Sequential(*blocks))
            self.rows.append(name)
        self.pool = nn.AdaptiveAvgPool2d((1, 1))
        self.fc = nn.Linear(channels, classes)

    def forward(self, x):
        x = self.conv1(x)
        for name in self.rows:
            x = getattr(self, name)(x)
        return self.fc(torch.flatten(self.pool(x), 1))


def build(name, width=1.0, classes=10, rounding=truncate, **options):
    """A network of the family; `options` such as `dropout` go to its class."""
    if name == "mobilenet_v3_large":
        return MobileNetV3(V3_LARGE, 1280, width, classes, rounding, **options)
    if name == "mobilenet_v3_small":
        return MobileNetV3(V3_SMALL, 1024, width, classes, rounding, **options)
    if name == "mobilenet_v2_tf":
        return TensorFlowV2(width, classes, rounding, **options)
    if name in ("mobilenet_v1_keras", "mobilenet_v1_pytorch"):
        return BiasedV1(width, classes, rounding, keras=name == "mobilenet_v1_keras")
    raise ValueError(name)


FAMILY = [
    "mobilenet_v3_large", "mobilenet_v3_small", "mobilenet_v2_tf", "mobilenet_v1_keras",
    "mobilenet_v1_pytorch",
]
