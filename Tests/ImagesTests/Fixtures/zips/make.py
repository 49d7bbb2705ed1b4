"""Makes the zips beside this script: one as Animals-10 comes, and ones that must be refused."""
import pathlib, stat, struct, zipfile, zlib

here = pathlib.Path(__file__).parent


def png(value):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(bytes([0, value, value, value]))) + chunk(b"IEND", b""))


FILES = {f"raw-img/{name}": png(i) for i, name in enumerate(
    ["cane/1.png", "cane/2.png", "cane/3.jpeg", "gatto/1.png", "gatto/2.png"])}
FILES["translate.py"] = b"translate = {}\n"
FILES["__MACOSX/raw-img/cane/._1.png"] = b"resource fork"


def write(name, files):
    with zipfile.ZipFile(here / name, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in files.items():
            info = zipfile.ZipInfo(path, (2020, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            info.external_attr = (stat.S_IFREG | 0o644) << 16
            if data is None:
                info.external_attr = (stat.S_IFLNK | 0o777) << 16
                data = b"/etc/hostname"
            archive.writestr(info, data)
    return here / name


whole = write("raw-img.zip", FILES).read_bytes()
write("outside.zip", {**FILES, "raw-img/../../../escaped.png": png(9)})
write("absolute.zip", {**FILES, "/tmp/sweep-escaped.png": png(9)})
write("link.zip", {**FILES, "raw-img/cane/3.png": None})
(here / "cut.zip").write_bytes(whole[:len(whole) // 2])
# The flag that says encrypted, in each header.
locked = bytearray(whole)
for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
    at = locked.find(magic)
    while at >= 0:
        locked[at + offset] |= 1
        at = locked.find(magic, at + 4)
(here / "locked.zip").write_bytes(bytes(locked))
