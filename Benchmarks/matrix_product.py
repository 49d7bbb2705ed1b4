"""Prints the speed of a large matrix product, PyTorch's, on the given number of threads."""

import argparse
import json
import statistics
import time

import torch

parser = argparse.ArgumentParser()
parser.add_argument("--threads", type=int, required=True)
parser.add_argument("--size", type=int, default=2048, help="rows and columns of both matrices")
parser.add_argument("--repeats", type=int, default=15)
options = parser.parse_args()

torch.set_num_threads(options.threads)
a, b = torch.randn(2, options.size, options.size)
out = a @ b
seconds = []
for _ in range(options.repeats):
    start = time.perf_counter()
    torch.mm(a, b, out=out)
    seconds.append(time.perf_counter() - start)
print(json.dumps({
    "threads": torch.get_num_threads(), "torch": torch.__version__,
    "gflops": 2e-9 * options.size ** 3 / statistics.median(seconds)}))
