"""Checks an exported ONNX file and prints ONNX Runtime's logits for given images.

    python onnx_logits.py MODEL.onnx COUNT IMAGES

IMAGES holds COUNT × 3 × ρ × ρ raw float32. Prints one JSON object: the version of ONNX Runtime, the logits of all
images in one batch, and those of the first image alone.
"""

import json
import sys

import numpy
import onnx
import onnxruntime

path, count = sys.argv[1], int(sys.argv[2])
model = onnx.load(path)
onnx.checker.check_model(model, full_check=True)
resolution = model.graph.input[0].type.tensor_type.shape.dim[2].dim_value
images = numpy.fromfile(sys.argv[3], "<f4").reshape(count, 3, resolution, resolution)
session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
logits, single = (
    session.run(["logits"], {"images": images[:n]})[0].ravel().tolist() for n in [count, 1])
print(json.dumps({"onnxruntime": onnxruntime.__version__, "logits": logits, "single": single}))
