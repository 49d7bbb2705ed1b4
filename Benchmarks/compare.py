"""Runs PyTorch and `sweep bench` alternately on this machine and writes a table of medians and spreads.

    python Benchmarks/compare.py                      # all of it, some hours: results.json, results.md
    python Benchmarks/compare.py --only 'cells/mobilenet_v2*' --only threads
    python Benchmarks/compare.py --quick --only 'cells/*-r96*'   # whether it works; figures go elsewhere
    python Benchmarks/compare.py --list               # jobs and what is measured of them

It can be stopped at any time: what is measured is kept, and the same command goes on from there. A newly built sweep, or
another PyTorch, is measured anew. Run it where nothing else runs.
"""

import argparse
import fnmatch
import hashlib
import importlib.metadata
import os
import platform
import sys
from pathlib import Path

import report
from jobs import MODES, REPOSITORY, make_jobs
from measurements import Measurements

# A PyTorch mode that is this much slower than the best mode in the first round is not measured again.
CONTENDER = 0.8


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", metavar="PATTERN",
                        help="run only jobs whose name starts with this; may be repeated")
    parser.add_argument("--again", action="append", metavar="PATTERN", default=[],
                        help="discard the measurements of these jobs")
    parser.add_argument("--fresh", action="store_true", help="discard all measurements")
    parser.add_argument("--quick", action="store_true",
                        help="run one round of one step: a check that everything works, not a measurement")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--repeats", type=int, default=5, help="timed steps per process")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--time-limit", type=int, default=600, metavar="SECONDS",
                        help="seconds after which a process counts as hanging (default: 600; three times that where sweep "
                             "trains or its tests are built)")
    parser.add_argument("--sweep", type=Path, default=REPOSITORY / ".build/release/sweep")
    parser.add_argument("--data", type=Path, help="folder with animals-10-mini",
                        default=os.environ.get("SWEEP_TEST_DATA", REPOSITORY.parent / "shared/data"))
    parser.add_argument("--output", type=Path, help="folder of results.json and results.md")
    parser.add_argument("--list", action="store_true", help="list the jobs without measuring")
    parser.add_argument("--report", action="store_true", help="write the tables without measuring")
    options = parser.parse_args()
    if options.quick:
        options.rounds = options.repeats = 1
    options.output = options.output or REPOSITORY / "Benchmarks" / ("quick" if options.quick else "results")
    options.data = Path(options.data)
    if not options.sweep.exists():
        parser.error(f"{options.sweep}: not built; run `make build`")
    return options


def machine(options):
    names = [line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
             if line.startswith("model name")]
    memory = Path("/proc/meminfo").read_text().split()[1]
    return {
        "processor": names[0] if names else platform.machine(), "threads": options.threads,
        "memory_gib": round(int(memory) / 2**20), "system": platform.system(),
        "quick": options.quick, "repeats": options.repeats}


def versions(options):
    """The versions that figures depend on. For sweep it is a hash of the program, since the commit may not match the build."""
    sweep = "sweep " + hashlib.sha256(options.sweep.read_bytes()).hexdigest()[:16]
    torch = "torch " + importlib.metadata.version("torch")
    return {"sweep": sweep, "torch": torch, "both": f"{sweep}, {torch}"}


def is_beaten(job, measurements):
    """Whether this mode was too slow in the first round to be PyTorch's best."""
    *cell, last = job.id.split("/")
    mode, _, evaluation = last.partition("-")
    if job.section != "cells" or mode not in MODES:
        return False
    speeds = {}
    for other in MODES:
        name = "/".join(cell + [other + ("-evaluation" if evaluation else "")])
        figures = measurements.figures(name)
        if figures:
            speeds[other] = figures[0]["images_per_second"]
    return mode in speeds and speeds[mode] < CONTENDER * max(speeds.values())


def main():
    options = arguments()

    def matches(name, patterns):
        return any(fnmatch.fnmatch(name, pattern + "*") for pattern in patterns)

    results = options.output / "results.json"
    measurements = Measurements(results, machine(options), versions(options), options.fresh)
    if options.again:
        measurements.forget(lambda name: matches(name, options.again))
    every = make_jobs(options)
    jobs = [job for job in every if not options.only or matches(job.id, options.only)]
    if not jobs:
        sys.exit("no job has such a name; --list shows them")
    if options.list:
        for job in jobs:
            print(f"{job.id}: {len(measurements.of(job))} of {options.rounds}")
        return
    if not options.report:
        load = os.getloadavg()[0]
        if load > 0.5:
            print(f"the machine is busy (load {load:.1f}); figures will be too low", file=sys.stderr)
        measure(options, jobs, measurements)
    summary, text = report.make(measurements, options)
    measurements.write(summary)
    (options.output / "results.md").write_text(text)
    print(text)


def measure(options, jobs, measurements):
    for round in range(1, options.rounds + 1):
        for index, job in enumerate(jobs, 1):
            done = measurements.of(job)
            failed = any("failure" in one for one in done)
            if len(done) >= round or failed or (round > 1 and is_beaten(job, measurements)):
                continue
            print(f"round {round}, {index} of {len(jobs)}: {job.id} … ", end="", flush=True,
                  file=sys.stderr)
            longer = job.id in ("augmentation", "group/together")
            record = measurements.run(job, options.time_limit * (3 if longer else 1))
            print(record.get("failure") or f"{record['seconds']} s", file=sys.stderr)
            measurements.write(None)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("\nstopped; the same command goes on from here")
