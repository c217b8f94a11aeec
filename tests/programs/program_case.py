"""One real program, run without the recorder, under `lockorder run` and by plain LD_PRELOAD: what it prints, what it
leaves behind and how it ends must be the same, and every trace must be readable.

A test is a subclass of ProgramCase and a call of main() on it."""

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SKIPPED = 77           # SKIP_RETURN_CODE of ctest
FINDINGS_STATUS = 66   # `lockorder run` when its report has findings
TRACE_SUFFIX = ".lockorder"
READ_SECONDS = 60      # for one `lockorder dump` or `report`


class Failure(Exception):
    """What was expected, what came, and the command."""


class Outcome:
    """How one run ended, after how many seconds."""

    def __init__(self, status, stdout, stderr, driven, produced, seconds):
        self.status = status
        self.stdout = stdout
        self.stderr = stderr
        self.driven = driven
        self.produced = produced
        self.seconds = seconds


class ProgramCase:
    """What a test says about its program. Paths given to the program are relative: it runs in a fresh folder each time."""

    needs = ()             # (command, Debian package) pairs; the test is skipped where a command is missing
    seconds = 60           # bound on one run
    least_traces = 1       # one per process; more where the program is known to start others
    takes_locks = True     # False for a program that may end without a single pthread lock
    environment = {}       # variables added to the program's environment
    plain_report = True    # whether the plain preload reports at exit; False where the program captures its own stderr

    def prepare(self, folder):
        """Makes the program's input in its folder."""

    def command(self, folder):
        """The program and its arguments."""
        raise NotImplementedError

    def input(self, folder):
        """A file for the program's standard input, or None."""
        return None

    def drive(self, folder):
        """Plays the program's clients while it runs. What it returns is compared."""
        return None

    def produced(self, folder):
        """What the program left behind, as something that can be compared: a digest for each file of its folder."""
        return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
                for path in sorted(folder.rglob("*")) if path.is_file()}

    def judge(self, findings):
        """What is wrong with the findings of the JSON report, as text; None where nothing is known of the program."""
        return None

    def stdout(self, text):
        """Takes out of stdout what differs from run to run without the recorder, too."""
        return text

    def stderr(self, text):
        """The same for stderr."""
        return text


def skip(reason):
    print(f"skipped: {reason}")
    sys.exit(SKIPPED)


def execute(case, folder, prefix, environment):
    """Runs the program once in a folder of its own, `prefix` before its command."""
    folder.mkdir()
    case.prepare(folder)
    command = [str(argument) for argument in [*prefix, *case.command(folder)]]
    stdin = case.input(folder)
    # Files, not pipes: a child that outlives the program must not keep the test waiting.
    begin = time.monotonic()
    out_path, err_path = folder.with_suffix(".stdout"), folder.with_suffix(".stderr")
    with open(stdin or os.devnull, "rb") as source, open(out_path, "wb") as out, open(err_path, "wb") as err:
        process = subprocess.Popen(command, cwd=folder, stdin=source, stdout=out, stderr=err,
                                   env={**os.environ, **case.environment, **environment}, start_new_session=True)
        try:
            driven = case.drive(folder)
            status = process.wait(timeout=case.seconds)
            seconds = time.monotonic() - begin
        except (subprocess.TimeoutExpired, OSError) as problem:
            stacks = stacks_of(process.pid)
            kill_session(process)
            found = f"still runs after {case.seconds} seconds" if isinstance(problem, subprocess.TimeoutExpired) else problem
            raise Failure(f"{' '.join(command)}: {found}\n{stacks}\nstderr: {text_of(err_path)}") from problem
    return Outcome(status, case.stdout(out_path.read_bytes()), case.stderr(err_path.read_bytes()), driven, case.produced(folder),
                   seconds)


def text_of(path):
    return path.read_text(errors="replace")


def kill_session(process):
    """Ends the program and all it started; each has the session id of the program that was started first."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and session_of(entry) == process.pid:
            try:
                os.kill(int(entry.name), 9)
            except ProcessLookupError:
                pass
    process.wait()


def session_of(entry):
    try:
        return int((entry / "stat").read_text().rpartition(")")[2].split()[3])
    except (OSError, ValueError, IndexError):
        return 0


def stacks_of(session):
    """The stacks of a program that hangs: the first thing one wants to know about it."""
    if not shutil.which("gdb"):
        return "(gdb is not installed: no stacks)"
    shown = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and session_of(entry) == session:
            asked = subprocess.run(["gdb", "--batch", "-nx", "-p", entry.name, "-ex", "thread apply all backtrace 30"],
                                   stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False)
            shown.append(f"--- process {entry.name}\n{asked.stdout}")
    return "\n".join(shown)


def compare(how, alone, observed, expected_status):
    """Each difference is a way in which the recorder harmed the program."""
    differences = []
    if observed.status != expected_status:
        differences.append(f"exit status: expected {expected_status}, got {observed.status}")
    if observed.stdout != alone.stdout:
        differences.append(f"stdout: expected\n{shorten(alone.stdout)}\ngot\n{shorten(observed.stdout)}")
    if observed.driven != alone.driven:
        differences.append(f"what its clients saw: expected {shorten(alone.driven)}, got {shorten(observed.driven)}")
    if observed.produced != alone.produced:
        differences.append(f"what it left behind: expected {shorten(alone.produced)}, got {shorten(observed.produced)}")
    missing = first_line_missing(alone.stderr, observed.stderr)
    if missing is not None:
        differences.append(f"stderr: the program's own line {missing!r} is missing")
    if differences:
        raise Failure(f"{how}: " + "\n".join(differences) + f"\nits stderr: {shorten(observed.stderr)}")


def first_line_missing(own, observed):
    """The program's own lines on stderr must all be there, in their order, the recorder's between them or after."""
    rest = iter(observed.splitlines())
    for line in own.splitlines():
        if line not in rest:
            return line
    return None


def shorten(value):
    text = value.decode(errors="replace") if isinstance(value, bytes) else str(value)
    return text if len(text) <= 2000 else text[:1000] + "\n[...]\n" + text[-1000:]


def ask(arguments, accepted):
    """Runs a command of lockorder's that must end with one of the accepted statuses."""
    answer = subprocess.run([str(argument) for argument in arguments], stdin=subprocess.DEVNULL, capture_output=True,
                            text=True, errors="replace", timeout=READ_SECONDS, check=False)
    if answer.returncode not in accepted:
        raise Failure(f"{' '.join(map(str, arguments))}: expected exit status {' or '.join(map(str, accepted))}, got "
                      f"{answer.returncode}\n{shorten(answer.stdout)}\n{shorten(answer.stderr)}")
    return answer


def read_traces(lockorder, trace_folder):
    """Has `dump` and `report` read every trace. Returns their dumps, and whether all together have findings."""
    traces = sorted(trace_folder.rglob("*" + TRACE_SUFFIX))
    dumps = []
    for trace in traces:
        dumps.append(ask([lockorder, "dump", trace], [0]).stdout)
        ask([lockorder, "report", trace], [0, 1])
    if not traces:
        return dumps, False
    together = ask([lockorder, "report", *traces], [0, 1])
    print(f"{len(traces)} traces; together:\n{together.stdout}")
    return dumps, together.returncode == 1


def read_findings(lockorder, trace_folder):
    """Those of all traces together, by the JSON report."""
    path = trace_folder.with_suffix(".json")
    ask([lockorder, "report", "--json", path, *sorted(trace_folder.rglob("*" + TRACE_SUFFIX))], [0, 1])
    return json.loads(path.read_text(encoding="utf-8"))["findings"]


def check_traces(case, trace_folder, dumps):
    """Every process must have left a trace, and not an empty one where the program takes locks."""
    if len(dumps) < case.least_traces:
        raise Failure(f"{trace_folder}: expected at least {case.least_traces} traces, found {len(dumps)}")
    if case.takes_locks and not any(any_acquisition(dump) for dump in dumps):
        raise Failure(f"{trace_folder}: no trace has an acquisition, though the program takes locks")


def any_acquisition(dumped):
    """Whether a dump's header speaks of acquisitions."""
    counts = re.findall(r"acquisitions\D{0,3}(\d+)", dumped)
    if not counts:
        raise Failure(f"a dump does not tell the acquisitions:\n{shorten(dumped)}")
    return any(int(count) > 0 for count in counts)


def check(case, lockorder, preload, folder):
    alone = execute(case, folder / "alone", [], {})

    traces = folder / "run-traces"
    under_run = execute(case, folder / "run", [lockorder, "run", "--trace-dir", traces, "--"], {})
    dumps, has_findings = read_traces(lockorder, traces)
    check_traces(case, traces, dumps)
    compare("lockorder run", alone, under_run, FINDINGS_STATUS if has_findings else alone.status)
    problem = case.judge(read_findings(lockorder, traces))
    if problem:
        raise Failure(f"findings: {problem}")

    # By itself the recorder removes, at exit, the trace of a process with nothing to report.
    traces = folder / "plain-traces"
    traces.mkdir()
    options = f"trace_dir={traces}" + ("" if case.plain_report else ":report=no")
    observed = execute(case, folder / "plain", [], {"LD_PRELOAD": str(preload), "LOCKORDER_OPTIONS": options})
    read_traces(lockorder, traces)
    compare("plain LD_PRELOAD", alone, observed, alone.status)
    print(f"seconds: {alone.seconds:.1f} alone, {under_run.seconds:.1f} under lockorder run, {observed.seconds:.1f} by LD_PRELOAD with its report")


def main(*cases):
    """Runs the cases one after another, in a temporary folder that is kept when one fails."""
    parser = argparse.ArgumentParser(description=sys.modules["__main__"].__doc__)
    parser.add_argument("--lockorder", required=True, type=Path, help="the command")
    parser.add_argument("--preload", required=True, type=Path, help="the recorder's library")
    arguments = parser.parse_args()
    for case in cases:
        for command, package in case.needs:
            if not shutil.which(command):
                skip(f"{command} is not installed (Debian package {package})")
    folder = Path(tempfile.mkdtemp(prefix="lockorder-program-"))
    try:
        for number, case in enumerate(cases):
            (folder / str(number)).mkdir()
            check(case, arguments.lockorder.resolve(), arguments.preload.resolve(), folder / str(number))
    except (Failure, subprocess.TimeoutExpired) as failure:
        print(f"FAILED (its files are kept in {folder}): {failure}")
        sys.exit(1)
    shutil.rmtree(folder)
    print("equal to the runs without the recorder")
