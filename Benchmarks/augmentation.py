"""Times decoding and augmenting a 300 × 225 photograph to 224 × 224 on one core, in torchvision v2 on PIL and in sweep.

The photographs are those in DATA/animals-10-mini. sweep's side is a test of the package, `AugmentationSpeedTests`.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

repository = Path(__file__).resolve().parent.parent
data = Path(sys.argv[1])
if not (data / "animals-10-mini").is_dir():
    sys.exit(f"{data / 'animals-10-mini'}: no photographs; name their folder with --data")
theirs = subprocess.run(
    [sys.executable, repository / "Tests/reference/augmentation_speed.py", data],
    check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
environment = os.environ | {"SWEEP_TORCHVISION_MS": theirs, "SWEEP_TEST_DATA": str(data.resolve())}
test = subprocess.run(
    ["swift", "test", "--filter", "AugmentationSpeed"], cwd=repository, env=environment,
    stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
# A ratio below the goal fails the test and is a figure all the same.
found = re.search(r"ours ([\d.]+) ms, torchvision's ([\d.]+) ms", test.stdout)
if not found:
    sys.exit(test.stdout[-2000:])
ours, theirs = map(float, found.groups())
print(json.dumps({"sweep_ms": ours, "torchvision_ms": theirs, "ratio": theirs / ours}))
