"""Trains the study's 12 networks at resolution 96 on one stream of augmented photographs and prints each network's seconds per step.

The photographs are those in DATA/animals-10-mini, each under as many names as the batches need.
"""

import argparse
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

parser = argparse.ArgumentParser()
parser.add_argument("data", type=Path)
parser.add_argument("--sweep", type=Path, required=True)
parser.add_argument("--threads", type=int, required=True)
parser.add_argument("--batch-size", type=int, required=True)
parser.add_argument("--batches", type=int, required=True)
options = parser.parse_args()

source = options.data / "animals-10-mini"
photographs = sorted(path for path in source.glob("train/*/*") if path.is_file())
if not photographs:
    sys.exit(f"{source}: no photographs; name their folder with --data")

experiment = {
    "name": "group",
    "dataset": {"root": "photographs"},
    "grid": {"model": ["mobilenet_v1", "mobilenet_v2", "c_mobilenet_v2"],
             "width": [1.0, 0.75, 0.5, 0.35], "resolution": [96], "seed": [0]},
    "epochs": 1, "batch_size": options.batch_size,
    "augment": [{"RandomHorizontalFlip": {"p": 0.5}},
                {"ColorJitter": {"brightness": 0.4, "contrast": 0.4, "saturation": 0.4, "hue": 0.1}},
                {"RandomAffine": {"degrees": [30, 70], "translate": [0.1, 0.3],
                                  "scale": [0.5, 0.75]}}],
}

with tempfile.TemporaryDirectory() as name:
    folder = Path(name)
    for index in range(options.batches * options.batch_size):
        path = photographs[index % len(photographs)]
        link = folder / "photographs" / "train" / path.parent.name / f"{index:06}{path.suffix}"
        link.parent.mkdir(parents=True, exist_ok=True)
        os.symlink(path.resolve(), link)
    for path in {path.parent.name: path for path in photographs}.values():
        link = folder / "photographs" / "val" / path.parent.name / path.name
        link.parent.mkdir(parents=True)
        os.symlink(path.resolve(), link)
    (folder / "group.json").write_text(json.dumps(experiment))
    subprocess.run(
        [options.sweep.resolve(), "run", "group.json", "--progress", "none",
         "--threads", str(options.threads)], cwd=folder, check=True)
    with sqlite3.connect(folder / "results" / "sweep.sqlite") as store:
        rows = store.execute(
            "SELECT cells.name, epochs.train_seconds FROM epochs JOIN cells ON cells.id = cell_id"
        ).fetchall()
seconds = {cell: total / options.batches for cell, total in rows}
print(json.dumps({"step_seconds": seconds, "sum": sum(seconds.values())}))
