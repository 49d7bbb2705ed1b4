"""Prints how many milliseconds torchvision v2 on PIL takes to decode and augment one 300 × 225 photograph to 224 × 224.

    SWEEP_TORCHVISION_MS=$(python Tests/reference/augmentation_speed.py DATA) swift test --filter AugmentationSpeed

Processor time of one thread; the median of several rounds over the photographs of that size in DATA/animals-10-mini.
"""

import statistics
import sys
import time
from pathlib import Path

import torch
from PIL import Image
from torchvision.transforms import v2

torch.set_num_threads(1)
paths = [path for path in sorted(Path(sys.argv[1]).glob("animals-10-mini/*/*/*"))
         if Image.open(path).size == (300, 225)][:40]
chain = v2.Compose([
    v2.RandomHorizontalFlip(0.5),
    v2.ColorJitter(0.4, 0.4, 0.4, 0.1),
    v2.RandomAffine((30, 70), (0.1, 0.3), (0.5, 0.75)),
    v2.Resize((224, 224)),
    v2.ToImage(),
    v2.ToDtype(torch.float32, scale=True),
    v2.Normalize((0.5177, 0.5003, 0.4126), (0.2133, 0.2130, 0.2149)),
])
rounds = []
for _ in range(12):
    start = time.process_time()
    for path in paths:
        with Image.open(path) as image:
            chain(image.convert("RGB"))
    rounds.append((time.process_time() - start) / len(paths) * 1000)
print(round(statistics.median(rounds), 3))
