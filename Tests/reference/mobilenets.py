"""The networks in PyTorch, with the module names that `sweep` writes: the study's three, and the family's others.

A reference for tests: the shapes, parameters and gradients of the Swift networks are compared with these.
"""

import torch
from torch import nn
from torch.nn import functional


class BasicConv(nn.Module):
    """A unit: convolution, batch normalisation, ReLU6 unless it is linear."""

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


class SameConv2d(nn.Conv2d):
    """TensorFlow's "same" padding: of an odd number of zeros the bottom and the right get one more."""

    def forward(self, x):
        pads = []
        for size in (x.shape[3], x.shape[2]):
            stride, kernel = self.stride[0], self.kernel_size[0]
            total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
            pads += [total // 2, total - total // 2]
        return super().forward(functional.pad(x, pads))


class TensorFlowUnit(nn.Module):
    """Convolution with a bias, batch normalisation with Keras' constants, ReLU6 unless it is linear."""

    def __init__(self, inputs, outputs, kernel=1, stride=1, groups=1, linear=False, convolution=SameConv2d):
        super().__init__()
        self.conv_block = nn.Sequential(
            convolution(inputs, outputs, kernel, stride, groups=groups),
            nn.BatchNorm2d(outputs, 1e-3, 0.01), nn.Identity() if linear else nn.ReLU6())

    def forward(self, x):
        return self.conv_block(x)


class TensorFlowBlock(nn.Module):
    """V2's block with an expansion even where it is 1."""

    def __init__(self, inputs, outputs, stride, expansion):
        super().__init__()
        self.joins = stride == 1 and inputs == outputs
        hidden = inputs * expansion
        self.res_block = nn.Sequential(
            TensorFlowUnit(inputs, hidden), TensorFlowUnit(hidden, hidden, 3, stride, groups=hidden),
            TensorFlowUnit(hidden, outputs, linear=True))

    def forward(self, x):
        return x + self.res_block(x) if self.joins else self.res_block(x)


class TensorFlowV2(nn.Module):
    """MobileNet V2 as it is written in TensorFlow; the stem is not padded."""

    def __init__(self, width, classes, rounding, dropout):
        super().__init__()
        channels = rounding(32, width)
        self.stem = TensorFlowUnit(3, channels, 3, 2, convolution=nn.Conv2d)
        blocks = []
        for expansion, base, repeats, stride in V2_ROWS:
            for repeat in range(repeats):
                outputs = rounding(base, width)
                blocks.append(TensorFlowBlock(channels, outputs, stride if repeat == 0 else 1, expansion))
                channels = outputs
        self.feature_ext = nn.Sequential(*blocks)
        outputs = rounding(1280, max(1.0, width) if rounding is make_divisible else width)
        self.tail = TensorFlowUnit(channels, outputs)
        self.classifier = nn.Sequential(
            nn.AdaptiveAvgPool2d((1, 1)), nn.Flatten(), nn.Dropout(dropout), nn.Linear(outputs, classes))

    def forward(self, x):
        return self.classifier(self.tail(self.feature_ext(self.stem(x))))


class BiasedSeparable(nn.Module):
    """V1's block with biases and ReLU."""

    def __init__(self, inputs, outputs, stride, convolution, norm):
        super().__init__()
        self.conv_dw = convolution(inputs, inputs, 3, stride, groups=inputs)
        self.bn1 = norm(inputs)
        self.conv_pw = convolution(inputs, outputs, 1)
        self.bn2 = norm(outputs)
        self.relu1, self.relu2 = nn.ReLU(), nn.ReLU()

    def forward(self, x):
        x = self.relu1(self.bn1(self.conv_dw(x)))
        return self.relu2(self.bn2(self.conv_pw(x)))


class BareStemV1(nn.Module):
    """MobileNet V1 with biases and a stem without normalisation or activation, as it is written in Keras."""

    ROWS = [(64, 1, 1), (128, 1, 2), (128, 1, 1), (256, 1, 2), (256, 1, 1), (512, 1, 2), (512, 5, 1),
            (1024, 1, 2), (1024, 1, 1)]

    def __init__(self, width, classes, rounding):
        super().__init__()

        def norm(channels):
            return nn.BatchNorm2d(channels, 1e-3, 0.01)

        channels = rounding(32, width)
        self.conv1 = SameConv2d(3, channels, 3, 2)
        for index, (base, repeats, stride) in enumerate(self.ROWS, 1):
            outputs = rounding(base, width)
            blocks = []
            for _ in range(repeats):
                blocks.append(BiasedSeparable(channels, outputs, stride, SameConv2d, norm))
                channels = outputs
            setattr(self, f"DSconv{index}", nn.Sequential(*blocks) if repeats > 1 else blocks[0])
        self.fc = nn.Linear(channels, classes)

    def forward(self, x):
        x = self.conv1(x)
        for index in range(1, len(self.ROWS) + 1):
            x = getattr(self, f"DSconv{index}")(x)
        return self.fc(x.mean((2, 3)))


# kernel, hidden, out, squeeze-and-excitation, hard-swish, stride
V3_ROWS = {
    "mobilenet_v3_large": [
        (3, 16, 16, 0, 0, 1), (3, 64, 24, 0, 0, 2), (3, 72, 24, 0, 0, 1), (5, 72, 40, 1, 0, 2),
        (5, 120, 40, 1, 0, 1), (5, 120, 40, 1, 0, 1), (3, 240, 80, 0, 1, 2), (3, 200, 80, 0, 1, 1),
        (3, 184, 80, 0, 1, 1), (3, 184, 80, 0, 1, 1), (3, 480, 112, 1, 1, 1), (3, 672, 112, 1, 1, 1),
        (5, 672, 160, 1, 1, 2), (5, 960, 160, 1, 1, 1), (5, 960, 160, 1, 1, 1),
    ],
    "mobilenet_v3_small": [
        (3, 16, 16, 1, 0, 2), (3, 72, 24, 0, 0, 2), (3, 88, 24, 0, 0, 1), (5, 96, 40, 1, 1, 2),
        (5, 240, 40, 1, 1, 1), (5, 240, 40, 1, 1, 1), (5, 120, 48, 1, 1, 1), (5, 144, 48, 1, 1, 1),
        (5, 288, 96, 1, 1, 2), (5, 576, 96, 1, 1, 1), (5, 576, 96, 1, 1, 1),
    ],
}
V3_HEADS = {"mobilenet_v3_large": 1280, "mobilenet_v3_small": 1024}


def v3_unit(inputs, outputs, kernel=1, stride=1, groups=1, activation=None):
    layers = [
        nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False),
        nn.BatchNorm2d(outputs, 1e-3, 0.01),
    ]
    return nn.Sequential(*layers, *([activation()] if activation else []))


class SqueezeExcitation(nn.Module):
    def __init__(self, channels, reduced):
        super().__init__()
        self.squeeze = nn.AdaptiveAvgPool2d((1, 1))
        self.excitation = nn.Sequential(
            nn.Linear(channels, reduced), nn.ReLU(), nn.Linear(reduced, channels), nn.Hardsigmoid())

    def forward(self, x):
        gate = self.excitation(torch.flatten(self.squeeze(x), 1))
        return x * gate[:, :, None, None]


class V3Block(nn.Module):
    def __init__(self, inputs, hidden, outputs, kernel, stride, reduced, activation):
        super().__init__()
        self.joins = stride == 1 and inputs == outputs
        layers = [v3_unit(inputs, hidden, activation=activation)] if hidden != inputs else []
        layers.append(v3_unit(hidden, hidden, kernel, stride, hidden, activation))
        if reduced:
            layers.append(SqueezeExcitation(hidden, reduced))
        self.residual = nn.Sequential(*layers, v3_unit(hidden, outputs))

    def forward(self, x):
        return self.residual(x) + x if self.joins else self.residual(x)


class MobileNetV3(nn.Module):
    """Howard et al., "Searching for MobileNetV3" (2019); where channels are made divisible, as in torchvision."""

    def __init__(self, name, width, classes, rounding, dropout):
        super().__init__()
        rows = V3_ROWS[name]
        channels = rounding(16, width)
        self.first_conv = v3_unit(3, channels, 3, 2, activation=nn.Hardswish)
        blocks = []
        for kernel, hidden, outputs, squeezes, swish, stride in rows:
            hidden, outputs = rounding(hidden, width), rounding(outputs, width)
            blocks.append(V3Block(
                channels, hidden, outputs, kernel, stride, squeezes and rounding(hidden // 4, 1.0),
                nn.Hardswish if swish else nn.ReLU))
            channels = outputs
        self.bottlenecks = nn.Sequential(*blocks)
        last = 6 * channels if rounding is make_divisible else rounding(rows[-1][1], width)
        self.last_conv = v3_unit(channels, last, activation=nn.Hardswish)
        features = rounding(V3_HEADS[name], width)
        self.fc1 = nn.Sequential(nn.Linear(last, features), nn.Hardswish())
        self.fc2 = nn.Sequential(nn.Dropout(dropout), nn.Linear(features, classes))

    def forward(self, x):
        x = self.last_conv(self.bottlenecks(self.first_conv(x)))
        return self.fc2(self.fc1(x.mean((2, 3))))


MODELS = ["mobilenet_v1", "mobilenet_v2", "c_mobilenet_v2"]
FAMILY = [*MODELS, "mobilenet_v1_keras", "mobilenet_v2_tf", "mobilenet_v3_large", "mobilenet_v3_small"]


def build(name, width=1.0, classes=10, rounding=truncate, dropout=None):
    """Any network of the family; `dropout` instead of the network's own."""
    if name in V3_ROWS:
        return MobileNetV3(name, width, classes, rounding, 0.2 if dropout is None else dropout)
    if name == "mobilenet_v2_tf":
        return TensorFlowV2(width, classes, rounding, 0.3 if dropout is None else dropout)
    if name == "mobilenet_v1_keras":
        return BareStemV1(width, classes, rounding)
    return MobileNet(name, width, classes, rounding)


def initialise(model, seed):
    """The study's initial weights."""
    torch.manual_seed(seed)
    for module in model.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
        elif isinstance(module, nn.Linear):
            nn.init.normal_(module.weight, 0, 0.01)
            nn.init.zeros_(module.bias)
