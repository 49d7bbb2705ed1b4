"""Makes the images in good/ and broken/ beside this script, and expected.json.

good/    whole images of every kind; expected.json holds the size and the SHA-256 of the RGB bytes that Pillow 13.0.0
         (libjpeg-turbo 3.2) makes of each with Image.open(path).convert("RGB")
broken/  what must be refused, with what the error says
"""
import hashlib, io, json, pathlib, random, struct, zlib

import PIL
from PIL import Image

assert PIL.__version__ == "13.0.0", PIL.__version__
here = pathlib.Path(__file__).parent
good, broken = here / "good", here / "broken"
for folder in (good, broken):
    folder.mkdir(exist_ok=True)
    for path in folder.iterdir():
        path.unlink()
draw = random.Random(1)


def picture(width, height, mode="RGB"):
    """Smooth waves with a hard edge, so that upsampling and rounding show."""
    channels = len(Image.new(mode, (1, 1)).getbands())
    data = bytearray()
    for y in range(height):
        for x in range(width):
            for c in range(channels):
                wave = (x * (7 + 3 * c) + y * (11 - 2 * c)) % 256
                data.append(255 - wave if (x + 2 * y) % 23 < 7 else wave)
    return Image.frombytes(mode, (width, height), bytes(data))


def jpeg(image, **options):
    out = io.BytesIO()
    image.save(out, "JPEG", **options)
    return out.getvalue()


# --- JPEG ---------------------------------------------------------------------------------------------------------
jpegs = {
    "rgb-444.jpg": jpeg(picture(37, 29), quality=90, subsampling=0),
    "rgb-422.jpg": jpeg(picture(37, 29), quality=75, subsampling=1),
    "rgb-420.jpg": jpeg(picture(37, 29), quality=60, subsampling=2),
    "progressive-420.jpg": jpeg(picture(41, 19), progressive=True),
    "optimised.jpg": jpeg(picture(16, 16), optimize=True),
    "one-pixel.jpg": jpeg(picture(1, 1)),
    "thin.jpg": jpeg(picture(1, 50)),
    "low-quality.jpg": jpeg(picture(64, 48), quality=3),
    "restart.jpg": jpeg(picture(50, 40), restart_marker_blocks=2),
    "grey.jpg": jpeg(picture(23, 31, "L")),
    "grey-progressive.jpg": jpeg(picture(23, 31, "L"), progressive=True),
    "kept-rgb.jpg": jpeg(picture(20, 21), keep_rgb=True),
    "cmyk.jpg": jpeg(picture(27, 18, "CMYK"), quality=85),
    "cmyk-progressive.jpg": jpeg(picture(27, 18, "CMYK"), progressive=True),
    "profile.jpg": jpeg(picture(9, 9), icc_profile=bytes(range(256)) * 300),
}
exif = Image.Exif()
exif[0x0112] = 6
jpegs["rotated-by-exif.jpg"] = jpeg(picture(24, 10), exif=exif)
# The same samples said to be YCCK: Adobe's marker with transform 2.
cmyk = bytearray(jpegs["cmyk.jpg"])
cmyk[cmyk.index(b"Adobe") + 11] = 2
jpegs["ycck.jpg"] = bytes(cmyk)
# 4:4:0: the sampling factors of a 4:2:2 file (of the same number of blocks) turned by 90°.
turned = bytearray(jpeg(picture(32, 32), subsampling=1))
frame = turned.index(b"\xff\xc0")
assert turned[frame + 11] == 0x21
turned[frame + 11] = 0x12
jpegs["rgb-440.jpg"] = bytes(turned)
base = jpegs["rgb-444.jpg"]
jpegs["bytes-after-end.jpg"] = base + b"trailing bytes" * 3
jpegs["bytes-before-marker.jpg"] = base[:-2] + b"\x12\x34\x56" + base[-2:]
jpegs["fill-bytes.jpg"] = base[:2] + b"\xff\xff" + base[2:]
jpegs["really-a-jpeg.png"] = jpegs["grey.jpg"]
for name, data in jpegs.items():
    (good / name).write_bytes(data)


# --- PNG ----------------------------------------------------------------------------------------------------------
def chunk(kind, data, wrong=0):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data) ^ wrong)


def paeth(a, b, c):
    p = a + b - c
    return min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]


def filtered(row, above, step, kind):
    out = bytearray([kind])
    for i, value in enumerate(row):
        left = row[i - step] if i >= step else 0
        up = above[i]
        corner = above[i - step] if i >= step else 0
        guess = [0, left, up, (left + up) // 2, paeth(left, up, corner)][kind]
        out.append((value - guess) & 255)
    return out


def scanlines(samples, width, height, channels, depth, columns, rows):
    """The rows made of the given columns and rows of `samples`, each with one of the five filters."""
    above, data = None, bytearray()
    for number, y in enumerate(rows):
        bits = "".join(
            format(samples[(y * width + x) * channels + c], f"0{depth}b") for x in columns for c in range(channels))
        bits += "0" * (-len(bits) % 8)
        row = bytes(int(bits[i:i + 8], 2) for i in range(0, len(bits), 8))
        above = above or bytes(len(row))
        data += filtered(row, above, max(1, channels * depth // 8), number % 5)
        above = row
    return data


PASSES = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def png(width, height, colour, depth, interlaced=False, palette=None, extra=b"", limit=None):
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    top = limit or 2**depth
    samples = [draw.randrange(top) if i % 3 else (i * 37) % top for i in range(width * height * channels)]
    if depth == 16 and colour == 0:  # so that some are below 256
        samples = [s >> 8 if i % 2 else s for i, s in enumerate(samples)]
    data = b""
    for x0, y0, dx, dy in PASSES if interlaced else [(0, 0, 1, 1)]:
        columns, rows = range(x0, width, dx), range(y0, height, dy)
        if columns and rows:
            data += scanlines(samples, width, height, channels, depth, columns, rows)
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, int(interlaced))
    body = zlib.compress(bytes(data))
    out = [b"\x89PNG\r\n\x1a\n", chunk(b"IHDR", head)]
    if palette:
        out.append(chunk(b"PLTE", palette))
    out.append(extra)
    # Two IDATs, as large files have.
    out += [chunk(b"IDAT", body[:len(body) // 2]), chunk(b"IDAT", body[len(body) // 2:]), chunk(b"IEND", b"")]
    return b"".join(out)


def colours(count):
    return bytes((i * 67 + 13 * c) % 256 for i in range(count) for c in range(3))


pngs = {}
for colour, kind, depths in [(0, "grey", (1, 2, 4, 8, 16)), (2, "rgb", (8, 16)), (4, "grey-alpha", (8, 16)),
                             (6, "rgba", (8, 16)), (3, "palette", (1, 2, 4, 8))]:
    for depth in depths:
        for interlaced in (False, True):
            name = f"{kind}-{depth}{'-interlaced' if interlaced else ''}.png"
            palette = colours(2**depth) if colour == 3 else None
            pngs[name] = png(13, 11, colour, depth, interlaced, palette)
transparent = chunk(b"tRNS", bytes(range(0, 256, 16)))
pngs["palette-4-transparent.png"] = png(13, 11, 3, 4, palette=colours(16), extra=transparent)
pngs["palette-8-transparent-interlaced.png"] = png(9, 9, 3, 8, True, colours(16), transparent, limit=16)
pngs["palette-8-short.png"] = png(13, 11, 3, 8, palette=colours(100))
pngs["palette-2-short.png"] = png(13, 11, 3, 2, palette=colours(2))
pngs["grey-8-transparent.png"] = png(13, 11, 0, 8, extra=chunk(b"tRNS", b"\0\x25"))
pngs["grey-1-transparent.png"] = png(13, 11, 0, 1, extra=chunk(b"tRNS", b"\0\1"))
pngs["rgb-8-transparent.png"] = png(13, 11, 2, 8, extra=chunk(b"tRNS", b"\0\1\0\2\0\3"))
pngs["rgb-8-palette.png"] = png(13, 11, 2, 8, palette=colours(8))
gamma = chunk(b"gAMA", struct.pack(">I", 100000)) + chunk(b"sBIT", b"\5\5\5") + chunk(b"bKGD", b"\0\1\0\2\0\3")
pngs["rgb-8-gamma.png"] = png(13, 11, 2, 8, extra=gamma + chunk(b"iCCP", b"broken\0\0nonsense"[:8] + zlib.compress(b"x" * 9)))
pngs["rgb-8-unknown-chunk.png"] = png(13, 11, 2, 8, extra=chunk(b"abCd", b"who knows"))
pngs["one-pixel.png"] = png(1, 1, 2, 8)
pngs["one-pixel-interlaced.png"] = png(1, 1, 6, 16, True)
pngs["wide.png"] = png(300, 1, 0, 1)
pngs["bytes-after-end.png"] = pngs["rgb-8.png"] + b"trailing bytes"
pngs["really-a-png.jpg"] = pngs["grey-4.png"]
for name, data in pngs.items():
    (good / name).write_bytes(data)


# --- WebP ---------------------------------------------------------------------------------------------------------
def webp(image, **options):
    out = io.BytesIO()
    image.save(out, "WEBP", **options)
    return out.getvalue()


webps = {
    "lossy.webp": webp(picture(37, 29), quality=80),
    "low-quality.webp": webp(picture(64, 48), quality=5, method=6),
    "lossless.webp": webp(picture(37, 29), lossless=True),
    "lossy-alpha.webp": webp(picture(33, 18, "RGBA"), quality=90),
    "lossless-alpha.webp": webp(picture(33, 18, "RGBA"), lossless=True, exact=True),
    "one-pixel.webp": webp(picture(1, 1)),
    "thin.webp": webp(picture(1, 50), quality=50),
    "profile.webp": webp(picture(9, 9), icc_profile=bytes(range(256)), exif=exif),
    "animated.webp": webp(picture(20, 14), save_all=True, append_images=[picture(20, 14).rotate(180)], duration=40),
    "animated-alpha.webp": webp(picture(20, 14, "RGBA"), save_all=True, lossless=True,
                                append_images=[picture(20, 14, "RGBA").rotate(180)], duration=40),
}
# The first frame moved and made smaller than the canvas, which is black beside it.
moved = bytearray(webps["animated.webp"])
animated = moved.index(b"ANMF")
moved[24:30] = (29).to_bytes(3, "little") + (19).to_bytes(3, "little")
moved[animated + 8:animated + 14] = (3).to_bytes(3, "little") + (2).to_bytes(3, "little")
webps["animated-offset.webp"] = bytes(moved)
webps["bytes-after-end.webp"] = webps["lossy.webp"] + b"trailing bytes" * 3
webps["really-a-webp.jpg"] = webps["lossy.webp"]
for name, data in webps.items():
    (good / name).write_bytes(data)

expected = {"good": {}, "broken": {}}
for path in sorted(good.iterdir()):
    image = Image.open(path).convert("RGB")
    expected["good"][path.name] = {
        "width": image.width, "height": image.height, "sha256": hashlib.sha256(image.tobytes()).hexdigest()}


# --- what must be refused -----------------------------------------------------------------------------------------
def refuse(name, data, says):
    (broken / name).write_bytes(data)
    expected["broken"][name] = says


def header(width, height):
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))


def other(format):
    out = io.BytesIO()
    picture(8, 8).save(out, format)
    return out.getvalue()


plain = pngs["rgb-8.png"]
first = plain.index(b"IDAT")
length = struct.unpack(">I", plain[first - 4:first])[0]
crc = first + 4 + length
refuse("wrong-idat-checksum.png", plain[:crc] + bytes([plain[crc] ^ 1]) + plain[crc + 1:], "the PNG is broken")
last = len(plain) - 16
assert plain[last + 4:last + 8] == b"\0\0\0\0"
refuse("wrong-last-idat-checksum.png", plain[:last + 3] + bytes([plain[last + 3] ^ 1]) + plain[last + 4:],
       "the PNG is broken")
refuse("missing-iend.png", plain[:-12], "the PNG is broken: the data ends too early")
refuse("truncated.png", plain[:len(plain) // 2], "the PNG is broken: the data ends too early")
refuse("header-only.png", header(64, 64), "the PNG is broken: the data ends too early")
refuse("cut-header.png", header(64, 64)[:20], "the PNG is broken: the data ends before its header does")
refuse("no-palette.png", png(4, 4, 3, 8), "the PNG is broken")
refuse("no-width.png", header(0, 5), "the PNG is broken: its size is 0 × 5")
raw = bytearray(zlib.compress(bytes(4 * 13)))
raw[-1] ^= 1
refuse("wrong-stream-checksum.png",
       header(4, 4) + chunk(b"IDAT", bytes(raw)) + chunk(b"IEND", b""), "the PNG is broken")
refuse("too-few-rows.png",
       header(4, 4) + chunk(b"IDAT", zlib.compress(bytes(3 * 13))) + chunk(b"IEND", b""), "the PNG is broken")
refuse("wrong-text-checksum.png",
       header(4, 4) + chunk(b"tEXt", b"a\0b", 1) + chunk(b"IDAT", zlib.compress(bytes(4 * 13))) + chunk(b"IEND", b""),
       "the PNG is broken")
refuse("huge.png", header(20000, 20000), "20000 × 20000 is more than 178956970 pixels")
refuse("just-too-large.png", header(178956971, 1), "178956971 × 1 is more than 178956970 pixels")
refuse("largest.png", header(178956970, 1), "the PNG is broken: the data ends too early")
refuse("absurd.png", header(0xFFFFFFFF, 0xFFFFFFFF), "more than 178956970 pixels")
tall = bytearray(base)
frame = tall.index(b"\xff\xc0")
tall[frame + 5:frame + 9] = struct.pack(">HH", 60000, 60000)
refuse("huge.jpg", bytes(tall), "60000 × 60000 is more than 178956970 pixels")
refuse("truncated.jpg", base[:len(base) // 2], "the JPEG is broken")
refuse("truncated-progressive.jpg", jpegs["progressive-420.jpg"][:-200], "the JPEG is broken")
refuse("truncated-header.jpg", base[:100], "the JPEG is broken")
refuse("signature-only.jpg", base[:3], "the JPEG is broken")
scan = base.index(b"\xff\xda")
refuse("lost-bytes.jpg", base[:scan + 200] + base[-2:], "the JPEG is broken")
refuse("two-components.jpg",
       base[:frame + 2] + struct.pack(">HBHHB", 14, 8, 8, 8, 2) + bytes([1, 0x11, 0, 2, 0x11, 0])
       + base[frame + 2 + 17:scan + 2] + struct.pack(">HB", 10, 2) + bytes([1, 0, 2, 0, 0, 63, 0])
       + base[scan + 2 + 12:], "components")
refuse("zero-bytes.png", b"", "the file is empty")
refuse("zeros.jpg", bytes(500), "not PNG, JPEG or WebP")
refuse("text.png", "This is a téxt file.\n".encode(), "text, not an image")
refuse("gif.jpg", other("GIF"), "a GIF image")
refuse("bmp.png", other("BMP"), "a BMP image")
for kind in ("lossy", "lossless", "lossy-alpha", "animated"):
    data = webps[kind + ".webp"]
    refuse(f"truncated-{kind}.webp", data[:-len(data) // 3], "the WebP is broken: the data ends too early")
refuse("signature-only.webp", webps["lossy.webp"][:12], "the WebP is broken: the data ends too early")
refuse("no-chunk.webp", webps["lossy.webp"][:12] + b"VP8Y" + webps["lossy.webp"][16:], "the WebP is broken")
huge = bytearray(webps["lossy.webp"])
huge[26:30] = struct.pack("<HH", 16383, 16383)
refuse("huge.webp", bytes(huge), "16383 × 16383 is more than 178956970 pixels")
claimed = bytearray(webps["lossless.webp"])
claimed[21:25] = struct.pack("<I", 9999 | 9999 << 14)
refuse("empty.webp", bytes(claimed), "the WebP is broken")
outside = bytearray(webps["animated-offset.webp"])
outside[animated + 8:animated + 11] = (200).to_bytes(3, "little")
refuse("outside.webp", bytes(outside), "the WebP is broken")
refuse("tiff.png", other("TIFF"), "a TIFF image")
refuse("ppm.png", other("PPM"), "a PPM or PGM image")

with open(here / "expected.json", "w") as out:
    json.dump(expected, out, indent=1, ensure_ascii=False, sort_keys=True)
    out.write("\n")
