"""Text and JSON of each scenario are what golden/ says. --update writes golden/ anew; then look at the difference."""

import argparse
import difflib
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import scenarios

GOLDEN = Path(__file__).parent / "golden"
FORMS = {"text": [], "json": ["--json=-"], "short": ["--at-exit"], "live": ["--live"]}


def write_traces(traces, folder):
    for name, content in traces.items():
        (folder / f"{name}.lockorder").write_bytes(content)


def neutral(text, folder, subject):
    """Takes out what differs from one machine, compiler or build to the next: paths, and offsets in the subject."""
    source = str(Path(__file__).parent / "subject.c")
    text = text.replace(str(folder), "TRACES").replace(source, "SOURCE/subject.c").replace(subject.path, "SUBJECT")
    text = re.sub(r"for \d+ s(?=$|,)", "for N s", text, flags=re.MULTILINE)
    return re.sub(r'(?<=SUBJECT",\n)(\s*"offset": )"0x[0-9a-f]+"', r'\1"OFFSET"', text)


def report(lockorder, scenario, form, subject):
    with tempfile.TemporaryDirectory(prefix="lockorder-reports-") as name:
        folder = Path(name)
        write_traces(scenario(subject), folder)
        where = sorted(map(str, folder.iterdir()))[:1] if form in ("short", "live") else [name]
        outcome = subprocess.run([lockorder, "report", *FORMS[form], *where], stdin=subprocess.DEVNULL, capture_output=True,
                                 timeout=60, check=False)
        text = (outcome.stdout + outcome.stderr).decode("utf-8", "surrogateescape")
        return f"exit status {outcome.returncode}\n" + neutral(text, folder, subject)


def check(path, text, update):
    """Whether the text is the golden file's."""
    if update:
        path.write_text(text)
        return True
    expected = path.read_text() if path.exists() else ""
    sys.stdout.writelines(difflib.unified_diff(expected.splitlines(True), text.splitlines(True), str(path), "the report"))
    return text == expected


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lockorder", required=True)
    parser.add_argument("--subject", required=True)
    parser.add_argument("--update", action="store_true")
    arguments = parser.parse_args()
    subject = scenarios.Subject(arguments.subject)
    GOLDEN.mkdir(exist_ok=True)
    good = [check(GOLDEN / f"{scenario.__name__}.{form}", report(arguments.lockorder, scenario, form, subject), arguments.update)
            for scenario in scenarios.ALL for form in FORMS if form != "live" or scenario in scenarios.LIVE]
    print(f"{sum(good)} of {len(good)} reports are as they should be")
    sys.exit(0 if all(good) else 1)


main()
