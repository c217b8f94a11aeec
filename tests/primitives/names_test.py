"""The names that primitives were given stand in lockorder's report: of a lock, and of the mutex inside a queue.

    names_test.py LOCKORDER PROGRAM"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

NAMES = {"table.lock", "jobs.queue"}


def main():
    lockorder, program = sys.argv[1:]
    with tempfile.TemporaryDirectory(prefix="lockorder-primitives-") as folder:
        report = Path(folder) / "report.json"
        done = subprocess.run([lockorder, "run", "--json", report, "--", program], env={**os.environ, "TMPDIR": folder}, cwd=folder,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False)
        findings = json.loads(report.read_text(encoding="utf-8"))["findings"]
    if len(findings) != 1:
        sys.exit(f"FAILED: expected one cycle, found {len(findings)} findings:\n{done.stderr}")
    names = {step["wants"]["lock"].get("name") for step in findings[0]["steps"]}
    if names != NAMES:
        sys.exit(f"FAILED: expected the locks {NAMES}, found {names}:\n{done.stderr}")


main()
