"""`python3 -m unittest discover Benchmarks`: needs neither PyTorch nor sweep."""

import argparse
import sys
import tempfile
import time
import unittest
from pathlib import Path

import report
from jobs import CELLS, MODES, Job
from measurements import Measurements

MACHINE = {"processor": "p", "threads": 2, "memory_gib": 1, "system": "s", "quick": False, "repeats": 1}
VERSIONS = {"sweep": "sweep 1", "torch": "torch 1", "both": "both 1"}


def python(name, code, program="torch"):
    return Job(name, (sys.executable, "-c", code), program)


class MeasurementsTests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "results.json"

    def open(self, machine=MACHINE, versions=VERSIONS):
        return Measurements(self.path, machine, versions, fresh=False)

    def test_figures_survive_a_restart(self):
        job = python("a", "print('{\"x\": 2}')")
        measurements = self.open()
        measurements.run(job, 60)
        measurements.run(job, 60)
        measurements.write(None)
        again = self.open()
        self.assertEqual(len(again.of(job)), 2)
        self.assertEqual(again.spread("a", "x").median, 2)

    def test_a_hang_is_stopped_with_its_children_and_named(self):
        flag = self.path.with_name("late")
        child = f"import time; time.sleep(3); open({str(flag)!r}, 'w')"
        job = python("a", f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])")
        measurements = self.open()
        measurements.run(job, 1)
        self.assertEqual(measurements.failure("a"), "hung: not done after 1 s")
        time.sleep(3)
        self.assertFalse(flag.exists())

    def test_a_failure_says_why(self):
        measurements = self.open()
        measurements.run(python("a", "import sys; sys.exit('no photographs')"), 60)
        measurements.run(python("b", "print('hello')"), 60)
        self.assertEqual(measurements.failure("a"), "exit code 1: no photographs")
        self.assertEqual(measurements.failure("b"), "printed no figures")

    def test_another_build_is_measured_anew(self):
        ours, theirs = python("a", "print('{\"x\": 1}')", "sweep"), python("b", "print('{\"x\": 1}')")
        measurements = self.open()
        measurements.run(ours, 60)
        measurements.run(theirs, 60)
        measurements.write(None)
        newer = self.open(versions=VERSIONS | {"sweep": "sweep 2"})
        self.assertEqual((newer.of(ours), len(newer.of(theirs))), ([], 1))
        self.assertEqual((newer.figures("a"), newer.figures("b")), ([], [{"x": 1}]))

    def test_another_machine_is_refused(self):
        self.open().write(None)
        with self.assertRaises(SystemExit):
            self.open(machine=MACHINE | {"processor": "q"})


class ReportTests(unittest.TestCase):
    def make(self, cells):
        measurements = Measurements(Path("/nowhere"), MACHINE, VERSIONS, fresh=True)

        def add(job, version, figures):
            outcome = {"failure": figures} if isinstance(figures, str) else {"figures": figures}
            measurements.list.append({"job": job, "version": version, "began": "2026-01-01",
                                      "load_before": 0, **outcome})

        for cell in cells:
            for speed in (35, 30, 40):
                add(f"cells/{cell.id}/sweep", "sweep 1", {
                    "train_images_per_second": speed, "eval_images_per_second": speed,
                    "peak_fraction": 0.5})
            for mode, speed in zip(MODES, (10, 14, "hung: not done after 9 s")):
                figures = speed if isinstance(speed, str) else {"images_per_second": speed}
                add(f"cells/{cell.id}/{mode}", "torch 1", figures)
        return report.make(measurements, argparse.Namespace())

    def test_the_fastest_mode_counts_and_a_hang_is_left_out(self):
        summary, text = self.make(CELLS)
        self.assertAlmostEqual(summary["training_ratio_geometric_mean"], 2.5)
        self.assertAlmostEqual(summary["training_ratio_worst"], 2.5)
        self.assertIn("| 35.0 (3) 30.0–40.0 | 10.0 (1) | 14.0 (1) | failed | 2.50 | 50.0 % |", text)
        self.assertIn(f"- `cells/{CELLS[0].id}/compile`: hung: not done after 9 s", text)

    def test_a_mean_of_some_cells_is_none(self):
        summary, _ = self.make(CELLS[:-1])
        self.assertIsNone(summary["training_ratio_geometric_mean"])
        self.assertIsNone(summary["training_ratio_worst"])
        self.assertIsNone(summary["evaluation_ratio_geometric_mean"])


if __name__ == "__main__":
    unittest.main()
