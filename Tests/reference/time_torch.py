"""Times a training step, or an evaluation, of PyTorch on synthetic batches and prints images/s.

One mode a process (a mode can hang: use `timeout`):

    timeout 300 python time_torch.py mobilenet_v2 --width 1.0 --resolution 224 --batch-size 32 --mode eager
"""

import argparse
import json
import resource
import statistics
import time

import torch
from torch import nn

import family
from mobilenets import MODELS, MobileNet, initialize


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model", choices=[*MODELS, *family.FAMILY])
    parser.add_argument("--width", type=float, default=1.0)
    parser.add_argument("--resolution", type=int, default=224)
    parser.add_argument("--classes", type=int, default=10)
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--mode", choices=["eager", "channels_last", "compile"], default="eager",
                        help="compile is with channels_last")
    parser.add_argument("--evaluation", action="store_true", help="forward only")
    parser.add_argument("--threads", type=int)
    parser.add_argument("--repeats", type=int, default=7, help="timed steps, after two warm ones")
    options = parser.parse_args()
    if options.threads:
        torch.set_num_threads(options.threads)

    make = MobileNet if options.model in MODELS else family.build
    model = make(options.model, options.width, options.classes)
    initialize(model, 0)
    model.train(not options.evaluation)
    images = torch.randn(options.batch_size, 3, options.resolution, options.resolution)
    labels = torch.arange(options.batch_size) % options.classes
    if options.mode != "eager":
        model = model.to(memory_format=torch.channels_last)
        images = images.to(memory_format=torch.channels_last)
    run = torch.compile(model) if options.mode == "compile" else model
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001)

    def step():
        if options.evaluation:
            with torch.no_grad():
                run(images)
            return
        optimizer.zero_grad()
        nn.functional.cross_entropy(run(images), labels).backward()
        optimizer.step()

    seconds = []
    for repeat in range(options.repeats + 2):
        start = time.perf_counter()
        step()
        if repeat >= 2:
            seconds.append(time.perf_counter() - start)
    rates = [options.batch_size / value for value in seconds]
    print(json.dumps({
        "model": options.model, "width": options.width, "resolution": options.resolution,
        "batch_size": options.batch_size, "threads": torch.get_num_threads(),
        "mode": options.mode, "evaluation": options.evaluation,
        "images_per_second": round(statistics.median(rates), 3),
        "slowest": round(min(rates), 3), "fastest": round(max(rates), 3),
        "peak_rss_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        "torch": torch.__version__}))


main()
