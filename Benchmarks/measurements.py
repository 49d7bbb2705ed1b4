"""The measurements so far, kept in one JSON file so that a run can be stopped and continued."""

import dataclasses
import datetime
import json
import os
import signal
import statistics
import subprocess
import sys
import time


@dataclasses.dataclass(frozen=True)
class Spread:
    """The median, minimum and maximum over the rounds."""
    median: float
    least: float
    greatest: float
    rounds: int

    @staticmethod
    def of(values):
        values = list(values)
        return Spread(statistics.median(values), min(values), max(values), len(values)) if values else None


class Measurements:
    """`machine` must be the same in every run; `versions` decide which measurements are still valid."""

    def __init__(self, path, machine, versions, fresh):
        self.path, self.machine, self.versions = path, machine, versions
        self.list = []
        if path.exists() and not fresh:
            stored = json.loads(path.read_text())
            if stored["machine"] != machine:
                sys.exit(f"{path}: measured on {stored['machine']}, this is {machine}; "
                         "--fresh begins anew, --output keeps both")
            self.list = stored["measurements"]

    def of(self, job):
        """A job's measurements with the current programs."""
        return [one for one in self.list
                if one["job"] == job.id and one["version"] == self.versions[job.program]]

    def figures(self, job_id):
        """The figures of all successful rounds with the current programs."""
        return [one["figures"] for one in self._current(job_id) if "figures" in one]

    def spread(self, job_id, name):
        return Spread.of(figures[name] for figures in self.figures(job_id))

    def failure(self, job_id):
        """Why the job has no figures; None if it has some or has not run."""
        if self.figures(job_id):
            return None
        return next((one["failure"] for one in self._current(job_id)), None)

    def _current(self, job_id):
        return [one for one in self.list
                if one["job"] == job_id and one["version"] in self.versions.values()]

    def forget(self, wanted):
        self.list = [one for one in self.list if not wanted(one["job"])]

    def run(self, job, time_limit):
        """Runs the job in its own process group and records its figures or the reason for their absence."""
        record = {
            "job": job.id, "version": self.versions[job.program],
            "began": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
            "load_before": round(os.getloadavg()[0], 2)}
        began = time.monotonic()
        with subprocess.Popen(
                job.command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                start_new_session=True) as process:
            try:
                output, errors = process.communicate(timeout=time_limit)
                if process.returncode == 0:
                    record["figures"] = json.loads(output)
                else:
                    last = (errors.strip() or output.strip() or "no message").splitlines()[-1]
                    record["failure"] = f"exit code {process.returncode}: {last[:300]}"
            except subprocess.TimeoutExpired:
                record["failure"] = f"hung: not done after {time_limit} s"
            except json.JSONDecodeError:
                record["failure"] = "printed no figures"
            finally:
                # Also ends the compile workers, after Ctrl-C too.
                try:
                    os.killpg(process.pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
        record["seconds"] = round(time.monotonic() - began, 1)
        self.list = [one for one in self.list
                     if one["job"] != job.id or one["version"] == record["version"]]
        self.list.append(record)
        return record

    def write(self, summary):
        """Writes the file atomically."""
        text = json.dumps({"machine": self.machine, "summary": summary}, indent=1)
        lines = ",\n".join("  " + json.dumps(one) for one in self.list)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        beside = self.path.with_suffix(".part")
        beside.write_text(f"{text[:-2]},\n \"measurements\": [\n{lines}\n ]\n}}\n")
        os.replace(beside, self.path)
