"""The samples in Python: what lockorder reports on them, and that the one that hangs is told live."""
import argparse
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PYTHON = "/usr/bin/python3"
SKIPPED = 77
arguments = None


class Samples(unittest.TestCase):
    def run_sample(self, name, *words, status):
        with tempfile.TemporaryDirectory(prefix="lockorder-python-") as folder:
            report = Path(folder) / "report.json"
            command = [arguments.lockorder, "run", "--on-deadlock=exit", "--json", report,
                       "--", PYTHON, "-I", arguments.samples / name, *words]
            run = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=120, check=False)
            self.assertEqual(run.returncode, status, run.stderr)
            findings = json.loads(report.read_text(encoding="utf-8"))["findings"]
        return [(found["kind"], len(found["steps"]), {step["wants"]["lock"]["kind"] for step in found["steps"]})
                for found in findings if found["status"] == "new"], run

    def test_static(self):
        findings, run = self.run_sample("bank_static.py", status=66)
        self.assertEqual(findings, [("cycle", 2, {"semaphore"})])
        self.assertEqual(run.stdout, "950 50\n")

    def test_dynamic(self):
        findings, run = self.run_sample("bank_dynamic.py", status=0)
        self.assertEqual(findings, [])
        self.assertEqual(run.stdout, "[900, 1100, 1050, 950]\n")

    def test_dynamic_hangs(self):
        findings, run = self.run_sample("bank_dynamic.py", "--hang", status=66)
        self.assertEqual(findings, [("deadlock", 2, {"semaphore"})])
        self.assertEqual(run.stderr.count("has deadlocked"), 1)

    def test_philosophers(self):
        findings, _ = self.run_sample("philosophers.py", status=66)
        self.assertEqual(findings, [("cycle", 5, {"semaphore"})])

    def test_lock_manager(self):
        findings, run = self.run_sample("lock_manager.py", status=0)
        self.assertEqual(findings, [])
        self.assertIn("this lock comes before one that is held", run.stdout)


def main():
    global arguments
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lockorder", required=True, help="the command")
    parser.add_argument("--samples", required=True, type=Path, help="the folder of the samples")
    arguments, rest = parser.parse_known_args()
    if not Path(PYTHON).exists():
        print(f"skipped: {PYTHON} is not installed")
        sys.exit(SKIPPED)
    unittest.main(argv=[sys.argv[0], *rest])


if __name__ == "__main__":
    main()
