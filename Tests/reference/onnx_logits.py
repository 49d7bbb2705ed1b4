"""Checks an exported ONNX file and holds the logits of ONNX Runtime against given ones.

    python onnx_logits.py MODEL.onnx COUNT IMAGES LOGITS

IMAGES are COUNT × 3 × ρ × ρ and LOGITS are COUNT × classes raw float32. Prints the largest absolute
difference, and the same for the first image alone.
"""

import sys

import numpy
import onnx
import onnxruntime

path, count = sys.argv[1], int(sys.argv[2])
model = onnx.load(path)
onnx.checker.check_model(model, full_check=True)
resolution = model.graph.input[0].type.tensor_type.shape.dim[2].dim_value
images = numpy.fromfile(sys.argv[3], "<f4").reshape(count, 3, resolution, resolution)
logits = numpy.fromfile(sys.argv[4], "<f4").reshape(count, -1)
session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
for n in [count, 1]:
    (ours,) = session.run(["logits"], {"images": images[:n]})
    print(numpy.abs(ours - logits[:n]).max())
