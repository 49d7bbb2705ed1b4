"""The tables: goals with their measurements, then all figures with their spread."""

import math

from jobs import BATCHES, CELLS, FAMILY, GROUP, LARGE, LINEAR, MEMORY, MODES

NONE = "—"


def make(measurements, options):
    """The summary as JSON values and everything as Markdown."""
    report = Report(measurements, options)
    return report.summary(), report.text()


class Report:
    def __init__(self, measurements, options):
        self.all, self.options = measurements, options

    # Figures

    def cell(self, cell, evaluation):
        """sweep's spread, each mode's, and the ratio to the best mode's median; None for what is missing."""
        name = "eval_images_per_second" if evaluation else "train_images_per_second"
        suffix = "-evaluation" if evaluation else ""
        ours = self.all.spread(f"cells/{cell.id}/sweep", name)
        theirs = {mode: self.all.spread(f"cells/{cell.id}/{mode}{suffix}", "images_per_second")
                  for mode in MODES}
        failures = {mode: self.all.failure(f"cells/{cell.id}/{mode}{suffix}") for mode in MODES}
        best = max((one.median for one in theirs.values() if one), default=None)
        tried = all(theirs[mode] or failures[mode] for mode in MODES)
        ratio = ours.median / best if ours and best and tried else None
        return ours, theirs, failures, ratio

    def ratios(self, evaluation):
        return {cell.id: self.cell(cell, evaluation)[3] for cell in CELLS}

    def peak_fraction(self, cell):
        return self.all.spread(f"cells/{cell.id}/sweep", "peak_fraction")

    def scaling(self, name, figure):
        one, two = (self.all.spread(f"threads/{name}/{threads}", figure) for threads in (1, 2))
        return two.median / one.median if one and two else None

    def per_image(self, cell):
        """Milliseconds per image of a training step, by batch size."""
        spreads = {batch: self.all.spread(f"batch/{cell.id}/{batch}", "train_images_per_second")
                   for batch in BATCHES}
        return {batch: 1000 / one.median for batch, one in spreads.items() if one}

    def memory(self, program):
        spread = self.all.spread(f"memory/{MEMORY.id}/{program}", "peak_rss_bytes")
        return spread and spread.median

    def group(self):
        """Seconds per step of the group ÷ the sum of its models' steps without input work."""
        together = self.all.spread("group/together", "sum")
        alone = [self.all.spread(f"group/{cell.id}", "train_images_per_second") for cell in GROUP]
        if not together or not all(alone):
            return None
        return together.median / sum(cell.batch / one.median for cell, one in zip(GROUP, alone))

    def summary(self):
        """The figures that have goals, for scripts; null means not measured."""
        matrix = self.scaling("matrix_product", "gflops")
        augmentation = self.all.spread("augmentation", "ratio")

        def over_matrix(cell):
            ours = self.scaling(cell.id, "train_images_per_second")
            return ours / matrix if ours and matrix else None

        def unevenness(cell):
            times = self.per_image(cell)
            return max(times.values()) / min(times.values()) - 1 if len(times) == len(BATCHES) else None

        theirs = [memory for memory in map(self.memory, MODES) if memory]
        training, evaluation = self.ratios(False), self.ratios(True)
        return {
            "training_ratio_geometric_mean": geometric_mean(training.values()),
            "training_ratio_worst": least(training.values()),
            "evaluation_ratio_geometric_mean": geometric_mean(evaluation.values()),
            "training_ratios": training,
            "evaluation_ratios": evaluation,
            "peak_fractions": {cell.id: spread and spread.median for cell in LARGE
                               for spread in [self.peak_fraction(cell)]},
            "augmentation_ratio": augmentation and augmentation.median,
            "group_ratio": self.group(),
            "matrix_product_scaling": matrix,
            "scaling_over_matrix_product": {cell.id: over_matrix(cell) for cell in LARGE},
            "batch_unevenness": {cell.id: unevenness(cell) for cell in LINEAR},
            "peak_memory_bytes": self.memory("sweep"),
            "pytorch_least_peak_memory_bytes": min(theirs, default=None),
        }

    # Markdown

    def text(self):
        parts = [self.head(), self.goals(), self.cells(False), self.cells(True), self.threads(),
                 self.batches(), self.memories(), self.failures()]
        return "\n".join(part for part in parts if part)

    def head(self):
        machine, used = self.all.machine, [
            one for one in self.all.list if one["version"] in self.all.versions.values()]
        if not used:
            return "# sweep and PyTorch, side by side\n\nNothing is measured yet.\n"
        days = sorted({one["began"][:10] for one in used})
        loads = max(one["load_before"] for one in used)
        lines = ["# sweep and PyTorch, side by side", ""]
        if machine["quick"]:
            lines += ["**A quick run: it shows that everything works. No figure of it means anything.**", ""]
        lines += [
            f"{machine['processor']}, {machine['threads']} threads, {machine['memory_gib']} GiB, "
            f"{machine['system']}; {self.all.versions['torch']}; {' to '.join(dict.fromkeys([days[0], days[-1]]))}. "
            f"Highest load average before a measurement: {loads}.", "",
            "Figures are medians of the rounds in brackets; after them the least and the greatest. A round "
            f"runs every program once, in turns; each takes the median of {machine['repeats']} steps on "
            "synthetic batches, warm. float32, same batch, same threads. PyTorch's modes: eager (NCHW), "
            "channels_last, compile (torch.compile with channels_last); the fastest counts. Modes that are 20 % "
            "behind after one round are not run again.", ""]
        return "\n".join(lines)

    def goals(self):
        summary = self.summary()
        rows = [
            ("training, images/s ÷ PyTorch's best, geometric mean of 12 cells", "≥ 2.0",
             times(summary["training_ratio_geometric_mean"])),
            ("the worst of the 12", "≥ 1.6", times(summary["training_ratio_worst"])),
        ]
        for cell in FAMILY:
            rows.append((f"{cell.id}, training, images/s ÷ PyTorch's best", "≥ 1.5",
                         times(self.cell(cell, False)[3])))
        for cell, goal in zip(LARGE, ("≥ 60 %", "≥ 45 %")):
            rows.append((f"{cell.id}, training, share of the measured peak", goal,
                         percent(summary["peak_fractions"][cell.id])))
        rows += [
            ("evaluation, geometric mean of 12 cells", "≥ 2.0",
             times(summary["evaluation_ratio_geometric_mean"])),
            ("decoding and augmenting on one core ÷ torchvision on PIL", "≥ 3.0",
             times(summary["augmentation_ratio"])),
            ("a group of 12 models at 96 ÷ the sum of its steps without input work", "≤ 1.10",
             times(summary["group_ratio"])),
        ]
        for cell in LARGE:
            rows.append((f"{cell.id}, two threads ÷ one, over the same of a matrix product", "≥ 0.9",
                         times(summary["scaling_over_matrix_product"][cell.id])))
        theirs = summary["pytorch_least_peak_memory_bytes"]
        rows.append((f"{MEMORY.id}, batch {MEMORY.batch}, peak memory",
                     "< 8 GiB and PyTorch's" + (f" {gib(theirs)}" if theirs else ""),
                     gib(summary["peak_memory_bytes"])))
        for cell in LINEAR:
            rows.append((f"{cell.id}, time an image, batch {BATCHES[0]} to {BATCHES[-1]}, greatest over least",
                         "≤ 10 %", percent(summary["batch_unevenness"][cell.id])))
        return table(["", "goal", "measured"], rows)

    def cells(self, evaluation):
        rows = []
        for cell in CELLS + FAMILY:
            ours, theirs, failures, ratio = self.cell(cell, evaluation)
            row = [cell.id, cell.batch, figure(ours)]
            row += [figure(theirs[mode]) if not failures[mode] else "failed" for mode in MODES]
            row.append(times(ratio))
            if not evaluation:
                share = self.peak_fraction(cell)
                row.append(percent(share and share.median))
            rows.append(row)
        ratios = self.ratios(evaluation).values()
        rows.append(["geometric mean of the study's 12", "", "", "", "", "", times(geometric_mean(ratios))])
        head = ["cell", "batch", "sweep", *MODES, "sweep ÷ best"]
        if not evaluation:
            rows[-1].append("")
            head.append("of peak")
        return (f"\n## {'Evaluation' if evaluation else 'Training'}, images/s\n\n" + table(head, rows))

    def threads(self):
        rows = [["large matrix product (PyTorch), GFLOPS",
                 *(figure(self.all.spread(f"threads/matrix_product/{count}", "gflops")) for count in (1, 2)),
                 times(self.scaling("matrix_product", "gflops"))]]
        for cell in LARGE:
            rows.append([f"{cell.id}, images/s", *(
                figure(self.all.spread(f"threads/{cell.id}/{count}", "train_images_per_second"))
                for count in (1, 2)), times(self.scaling(cell.id, "train_images_per_second"))])
        return "\n## Two threads\n\n" + table(["", "one thread", "two", "ratio"], rows)

    def batches(self):
        rows = [[cell.id, *(f"{times_[batch]:.2f}" if batch in times_ else NONE for batch in BATCHES)]
                for cell in LINEAR for times_ in [self.per_image(cell)]]
        return "\n## Milliseconds of a training step, an image, by batch size\n\n" + table(
            ["cell", *map(str, BATCHES)], rows)

    def memories(self):
        rows = []
        for program in ["sweep", *MODES]:
            failure = self.all.failure(f"memory/{MEMORY.id}/{program}")
            rows.append([program, "failed" if failure else gib(self.memory(program))])
        return (f"\n## Peak resident memory, training {MEMORY.id}, batch {MEMORY.batch}\n\n"
                + table(["", "memory"], rows))

    def failures(self):
        names = dict.fromkeys(one["job"] for one in self.all.list)
        found = [(name, self.all.failure(name)) for name in names]
        lines = [f"- `{name}`: {failure}" for name, failure in found if failure]
        return "\n## What did not run\n\n" + "\n".join(lines) + "\n" if lines else ""


def geometric_mean(values):
    """None if any value is missing."""
    values = list(values)
    return math.exp(sum(map(math.log, values)) / len(values)) if all(values) else None


def least(values):
    values = list(values)
    return min(values) if all(values) else None


def figure(spread):
    if not spread:
        return NONE
    text = f"{number(spread.median)} ({spread.rounds})"
    return text + f" {number(spread.least)}–{number(spread.greatest)}" if spread.rounds > 1 else text


def number(value):
    return f"{value:.1f}" if value < 1000 else f"{value:.0f}"


def times(value):
    return NONE if value is None else f"{value:.2f}"


def percent(value):
    return NONE if value is None else f"{100 * value:.1f} %"


def gib(value):
    return NONE if value is None else f"{value / 2**30:.2f} GiB"


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(str(value) for value in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"
