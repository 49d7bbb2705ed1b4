"""The jobs. Each job is one process that prints one JSON object of figures."""

import dataclasses
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
MODELS = ["mobilenet_v1", "mobilenet_v2", "c_mobilenet_v2"]
# Width, resolution and batch size of each model's cells.
SIZES = [(1.0, 224, 32), (0.75, 160, 64), (0.5, 128, 128), (0.35, 96, 192)]
MODES = ["eager", "channels_last", "compile"]
BATCHES = [16, 48, 96, 192]
GROUP_BATCH = 192


@dataclasses.dataclass(frozen=True)
class Cell:
    model: str
    width: float
    resolution: int
    batch: int

    @property
    def id(self):
        return f"{self.model}-w{self.width}-r{self.resolution}"

    @property
    def arguments(self):
        return ["--width", str(self.width), "--resolution", str(self.resolution),
                "--batch-size", str(self.batch)]


CELLS = [Cell(model, *size) for model in MODELS for size in SIZES]
# Further cells, which are not part of the means over the study's cells.
FAMILY = [Cell(model, 1.0, 224, 32) for model in ("mobilenet_v3_large", "mobilenet_v3_small")]
# The cells with goals other than speed.
LARGE = [Cell(model, 1.0, 224, 32) for model in MODELS[:2]]
LINEAR = [Cell("mobilenet_v1", 1.0, 224, 0), Cell("mobilenet_v2", 1.0, 224, 0),
          Cell("mobilenet_v2", 0.35, 96, 0)]
MEMORY = Cell("mobilenet_v2", 1.0, 224, 192)
GROUP = [Cell(model, width, 96, GROUP_BATCH) for model in MODELS for width, _, _ in SIZES]


@dataclasses.dataclass(frozen=True)
class Job:
    """One process. `program` names what its figures depend on: sweep, torch or both."""
    id: str
    command: tuple
    program: str

    @property
    def section(self):
        return self.id.split("/")[0]


def make_jobs(options):
    """All jobs in the order of a round; the compared programs alternate."""
    jobs = []

    def sweep(name, cell, threads=options.threads, repeats=options.repeats):
        jobs.append(Job(name, (
            str(options.sweep), "bench", "--model", cell.model, *cell.arguments,
            "--threads", str(threads), "--repetitions", str(repeats), "--json"), "sweep"))

    def torch(name, cell, mode, *extra, repeats=options.repeats):
        jobs.append(Job(name, (
            sys.executable, str(REPOSITORY / "Tests/reference/time_torch.py"), cell.model,
            *cell.arguments, "--threads", str(options.threads), "--mode", mode,
            "--repeats", str(repeats), *extra), "torch"))

    def script(name, program, *arguments):
        jobs.append(Job(name, (
            sys.executable, str(REPOSITORY / "Benchmarks" / arguments[0]), *arguments[1:]), program))

    for cell in CELLS + FAMILY:
        sweep(f"cells/{cell.id}/sweep", cell)
        for mode in MODES:
            torch(f"cells/{cell.id}/{mode}", cell, mode)
            torch(f"cells/{cell.id}/{mode}-evaluation", cell, mode, "--evaluation")
    for threads in [1, 2] if options.threads >= 2 else []:
        script(f"threads/matrix_product/{threads}", "torch",
               "matrix_product.py", "--threads", str(threads))
        for cell in LARGE:
            sweep(f"threads/{cell.id}/{threads}", cell, threads=threads)
    for cell in LINEAR:
        for batch in BATCHES:
            sweep(f"batch/{cell.id}/{batch}", dataclasses.replace(cell, batch=batch))
    sweep(f"memory/{MEMORY.id}/sweep", MEMORY, repeats=1)
    for mode in MODES:
        torch(f"memory/{MEMORY.id}/{mode}", MEMORY, mode, repeats=1)
    script("augmentation", "both", "augmentation.py", str(options.data))
    for cell in GROUP:
        sweep(f"group/{cell.id}", cell)
    script("group/together", "sweep", "group.py", str(options.data), "--sweep", str(options.sweep),
           "--threads", str(options.threads), "--batch-size", str(GROUP_BATCH),
           "--batches", "2" if options.quick else "20")
    return jobs
