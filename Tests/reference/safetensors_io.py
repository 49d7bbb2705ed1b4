"""The safetensors format: 8 bytes of header length, a JSON header, the tensors' bytes."""

import json
import struct

import numpy as np

_NAMES = {"float32": "F32", "float64": "F64", "int64": "I64", "uint8": "U8"}
_TYPES = {name: np.dtype(kind).newbyteorder("<") for kind, name in _NAMES.items()}


def save(path, tensors, metadata=None):
    """Writes a dictionary of arrays."""
    header = {"__metadata__": {k: str(v) for k, v in metadata.items()}} if metadata else {}
    data = b""
    for name, array in tensors.items():
        array = np.asarray(array)
        start = len(data)
        data += array.astype(array.dtype.newbyteorder("<")).tobytes()
        header[name] = {"dtype": _NAMES[array.dtype.name], "shape": list(array.shape),
                        "data_offsets": [start, len(data)]}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


def load(path):
    """Reads a dictionary of arrays."""
    with open(path, "rb") as file:
        length, = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__":
            start, end = entry["data_offsets"]
            array = np.frombuffer(data[start:end], dtype=_TYPES[entry["dtype"]])
            tensors[name] = array.reshape(entry["shape"]).copy()
    return tensors
