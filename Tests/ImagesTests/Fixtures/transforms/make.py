"""Makes cases.json and pixels.bin beside it: what torchvision v2 on PIL images does to small pictures.

    python make.py DATA          # torchvision 0.29.2, Pillow 13.0.0; DATA holds animals-10-mini

cases.json lists the pictures and the cases; each names its bytes in pixels.bin by offset and count. A case applies its
steps, one after the other, to its picture. Kept as SHA-256 digests: cases on all 16,777,216 colours, and chains on the
photographs of DATA, which are not part of the repository.
"""

import hashlib
import json
import sys
from pathlib import Path

import numpy as np
import PIL
import torch
from PIL import Image
from torchvision.transforms import v2
from torchvision.transforms.v2 import functional as F

assert PIL.__version__.startswith("13.0"), PIL.__version__
HERE = Path(__file__).parent
pixels = bytearray()
stored = {}


def store(data):
    if data not in stored:
        stored[data] = {"offset": len(pixels), "count": len(data)}
        pixels.extend(data)
    return stored[data]


def pictures():
    random = np.random.default_rng(20)

    def noise(height, width):
        return random.integers(0, 256, (height, width, 3), dtype=np.uint8)

    corners = np.array([[r, g, b] for r in (0, 1, 127, 254, 255) for g in (0, 128, 255) for b in (0, 64, 254, 255)])
    grey = np.clip(random.integers(0, 256, (6, 9, 1)) + random.integers(-2, 3, (6, 9, 3)), 0, 255)
    rows, columns = np.mgrid[0:64, 0:31]
    waves = np.stack(
        [128 + 120 * np.sin(rows / 9 + columns / 5 + phase) for phase in (0, 1.3, 4)], -1
    ) + random.normal(0, 6, (64, 31, 3))
    scene = waves.clip(0, 255)
    return {
        "one pixel": noise(1, 1),
        "odd": noise(5, 7),
        "greyish": grey.astype(np.uint8),
        "saturated": corners.reshape(6, 10, 3).astype(np.uint8),
        "tall": scene.astype(np.uint8),
        "wide": noise(3, 40),
        "column": noise(9, 1),
    }


def every_colour(step=1):
    levels = np.arange(0, 256, step, dtype=np.uint8)
    red, green, blue = np.meshgrid(levels, levels, levels, indexing="ij")
    grid = np.stack([red, green, blue], -1)
    return grid.reshape(len(levels), len(levels) ** 2, 3)


def apply(picture, step):
    name, value = step["name"], step["values"]
    if name == "flip":
        return F.horizontal_flip(picture)
    if name in ("brightness", "contrast", "saturation", "hue"):
        return getattr(F, "adjust_" + name)(picture, value[0])
    if name == "affine":
        angle, x, y, scale, *shear = value
        return F.affine(picture, angle, [int(x), int(y)], scale, shear or [0.0, 0.0])
    if name == "resize":
        return v2.Resize((int(value[0]), int(value[1])))(picture)
    if name == "shorter side":
        return v2.Resize(int(value[0]))(picture)
    if name == "center crop":
        return v2.CenterCrop(int(value[0]))(picture)
    if name == "resized crop":
        return F.resized_crop(picture, *map(int, value[:4]), [int(value[4])] * 2)
    if name == "rotate":
        return F.rotate(picture, value[0])
    if name == "grayscale":
        return F.to_grayscale(picture, 3)
    if name == "blur":
        return F.gaussian_blur(picture, [int(value[0]), int(value[1])], [value[2], value[2]])
    # The operations of RandAugment and TrivialAugmentWide, with a magnitude.
    return v2.RandAugment()._apply_image_or_video_transform(picture, name, value[0], "nearest", {})


def step(name, *values):
    return {"name": name, "values": list(values)}


CHAIN = [
    [step("flip"), step("hue", 0.083), step("brightness", 1.31), step("saturation", 0.64), step("contrast", 1.17),
     step("affine", 37.2, 2, -7, 0.71), step("resize", 24, 24)],
    [step("contrast", 0.7), step("saturation", 1.39), step("hue", -0.0999), step("brightness", 0.61),
     step("affine", 68.8, -3, 11, 0.52), step("resize", 48, 48)],
    [step("flip"), step("saturation", 1.2), step("contrast", 1.4), step("brightness", 1.4), step("hue", 0.1),
     step("affine", 51.0, 0, 0, 0.6), step("resize", 16, 16)],
]


def magnitudes():
    """What RandAugment and TrivialAugmentWide have in each bin, for an image of 300 × 225 pixels."""
    for transform in (v2.TrivialAugmentWide, v2.RandAugment):
        for bins in (31, 10, 2):
            for name, (make, signed) in transform._AUGMENTATION_SPACE.items():
                values = make(bins, 225, 300)
                yield {"transform": transform.__name__, "operation": name, "bins": bins, "isSigned": signed,
                       "values": [] if values is None else [float(value) for value in values]}


def erased():
    """A normalized image with an erased rectangle: rows of R, G, B."""
    ramp = torch.arange(6 * 6 * 3, dtype=torch.float32).reshape(6, 6, 3).permute(2, 0, 1) / 10
    return F.erase(ramp, 1, 2, 3, 4, torch.tensor([0.5, -1.0, 2.25])[:, None, None])


def cases():
    names = ["one pixel", "odd", "greyish", "saturated", "tall", "wide", "column"]
    for name in names:
        yield name, [step("flip")]
    for name in ["one pixel", "odd", "greyish", "saturated"]:
        for factor in (0.0, 0.6, 0.8437, 1.0, 1.2503, 1.4, 3.0):
            for operation in ("brightness", "contrast", "saturation"):
                yield name, [step(operation, factor)]
        for factor in (-0.5, -0.1, -0.0137, 0.0, 0.0039, 0.0701, 0.1, 0.5):
            yield name, [step("hue", factor)]
    for name in ["one pixel", "odd", "tall", "wide", "column"]:
        for values in (
            (30.0, 1, -2, 0.5), (69.97, -3, 5, 0.75), (45.0, 0, 0, 0.6), (90.0, 0, 0, 1.0), (180.0, 1, 1, 1.0),
            (-12.5, 0, 2, 1.7), (0.0, 2, 1, 1.0), (0.0, 0, 0, 0.6), (0.0, -1, 0, 1.9), (0.0, 1, 0, 0.9, 20.0, -10.0),
            (33.0, 0, 1, 0.8, -15.0, 0.0), (40.0, 0, 0, 0.0005), (360.0, 0, 0, 1.0),
        ):
            yield name, [step("affine", *values)]
    for name in names:
        for size in ((8, 8), (5, 9), (1, 1), (33, 2), (20, 31), (6, 10), (64, 7)):
            yield name, [step("resize", *size)]
    for name in names:
        for size in (1, 4, 5, 12):
            yield name, [step("shorter side", size)]
        for size in (1, 2, 5, 6, 11, 44):
            yield name, [step("center crop", size)]
        yield name, [step("grayscale")]
        for angle in (0.0, 90.0, 180.0, 270.0, -90.0, 360.0, 450.0, 33.3, -12.5, 60.0, 1e-16, 700.25):
            yield name, [step("rotate", angle)]
    for values in ((0, 0, 64, 31, 9), (5, 3, 40, 20, 24), (63, 30, 1, 1, 4), (10, 0, 3, 31, 12)):
        yield "tall", [step("resized crop", *values)]
    for name, values in (
        ("one pixel", (1, 1, 1.0)), ("odd", (3, 3, 0.7)), ("odd", (9, 5, 1.9)), ("odd", (1, 3, 0.1)),
        ("tall", (5, 5, 1.3)), ("tall", (23, 23, 2.0)), ("tall", (9, 31, 0.3)), ("wide", (7, 3, 1.0)),
        ("greyish", (5, 5, 0.5)), ("saturated", (3, 3, 1.5)),
    ):
        yield name, [step("blur", *values)]
    for name in ["one pixel", "odd", "greyish", "saturated", "tall", "wide", "column"]:
        for operation in ("AutoContrast", "Equalize", "Identity"):
            yield name, [step(operation, 0.0)]
        for magnitude in (-0.99, 0.45) if name == "tall" else (-0.99, -0.3, 0.0, 0.45, 0.99):
            for operation in ("Brightness", "Color", "Contrast", "Sharpness"):
                yield name, [step(operation, magnitude)]
        # Widths of a float32 that end halfway between two steps of Pillow's fixed-point arithmetic are among them.
        for magnitude in (-0.99, 0.2970000207424164, 0.5000076293945312, 0.7500228881835938, 0.033):
            for operation in ("ShearX", "ShearY"):
                yield name, [step(operation, magnitude)]
        for magnitude in (-7.9, 1.0, 3.999):
            for operation in ("TranslateX", "TranslateY"):
                yield name, [step(operation, magnitude)]
        for magnitude in (-135.0, 4.5, 90.0):
            yield name, [step("Rotate", magnitude)]
        for bits in (2, 4) if name == "tall" else (1, 2, 4, 8):
            yield name, [step("Posterize", bits)]
        for magnitude in (0.0, 0.5, 0.7333333492279053, 1.0):
            yield name, [step("Solarize", magnitude)]
    gray = [step("grayscale"), step("Equalize", 0.0), step("Sharpness", 0.9), step("AutoContrast", 0.0)]
    yield "tall", gray
    yield "greyish", gray
    for steps in CHAIN:
        yield "tall", steps
        yield "saturated", steps


listed = {name: Image.fromarray(array) for name, array in pictures().items()}
document = {"pictures": [], "cases": [], "digests": []}
for name, picture in listed.items():
    entry = {"name": name, "width": picture.width, "height": picture.height, "bytes": store(picture.tobytes())}
    document["pictures"].append(entry)
for name, steps in cases():
    result = listed[name]
    for one in steps:
        result = apply(result, one)
    entry = {"picture": name, "steps": steps, "width": result.width, "height": result.height}
    document["cases"].append({**entry, "bytes": store(result.tobytes())})

ramp = Image.fromarray(np.arange(256, dtype=np.uint8)[None, :, None].repeat(3, 2))
mean, std = [0.5177, 0.5003, 0.4126], [0.2133, 0.2130, 0.2149]
tensor = v2.Compose([v2.ToImage(), v2.ToDtype(torch.float32, scale=True), v2.Normalize(mean, std)])(ramp)
document["normalized"] = store(tensor.permute(1, 2, 0).contiguous().numpy().astype("<f4").tobytes())

document["erased"] = store(erased().permute(1, 2, 0).contiguous().numpy().astype("<f4").tobytes())
document["magnitudes"] = []

for spacing, one in [
    (1, step("hue", 0.1)), (1, step("hue", -0.0671)),
    (3, step("saturation", 0.6173)), (3, step("saturation", 1.3891)), (3, step("contrast", 1.2345)),
    (3, step("brightness", 0.7777)),
]:
    result = apply(Image.fromarray(every_colour(spacing)), one).tobytes()
    digest = hashlib.sha256(result).hexdigest()
    document["digests"].append({"spacing": spacing, "steps": [one], "sha256": digest})

# Photograph number i of the validation split, in the order of their paths, goes through chain i mod 3.
split = Path(sys.argv[1]) / "animals-10-mini" / "val"
document["photographs"] = []
for number, chain in enumerate(CHAIN):
    steps = chain[:-1] + [step("resize", 224, 224)]
    digest = hashlib.sha256()
    for path in sorted(str(path.relative_to(split)) for path in split.glob("*/*"))[number::3]:
        result = Image.open(split / path).convert("RGB")
        for one in steps:
            result = apply(result, one)
        digest.update(result.tobytes())
    document["photographs"].append({"steps": steps, "sha256": digest.hexdigest()})

(HERE / "pixels.bin").write_bytes(pixels)
text = json.dumps({**document, "cases": [], "magnitudes": []}, indent=1)
for key, entries in ("cases", document["cases"]), ("magnitudes", magnitudes()):
    lines = ",\n  ".join(json.dumps(entry) for entry in entries)
    text = text.replace(f'"{key}": []', f'"{key}": [\n  {lines}\n ]')
(HERE / "cases.json").write_text(text + "\n")
