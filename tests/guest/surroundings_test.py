"""What may be around a program: sanitizers in it, other preloaded libraries, debuggers, limits, full disks. With the recorder, it
prints and returns what it does without, and its one cycle is found; or one line says why that cannot be."""

import contextlib
import ctypes.util
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import tempfile
import unittest
from pathlib import Path

LOCKORDER, PRELOAD = os.environ["LOCKORDER"], os.environ["LOCKORDER_PRELOAD"]
PROGRAM, STATIC_PIE, OTHER_PRELOAD = os.environ["PROGRAM"], os.environ["STATIC_PIE"], os.environ["OTHER_PRELOAD"]
TAKES_MANY, ANNOUNCES, CLOCK_FAILS = os.environ["TAKES_MANY"], os.environ["ANNOUNCES"], os.environ["CLOCK_FAILS"]
SANITIZED = dict(pair.split("=") for pair in os.environ["SANITIZED"].split(",") if pair)
WITH_EVERY_CALL = os.environ["WITH_EVERY_CALL"].split(",")  # programs that print the same each time
STATUS = 3  # of the program, always
SECONDS = 120
NOBODY = 65534
MEGABYTE = 1 << 20


def execute(*command, **options):
    return subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS,
                          check=False, **options)


def environment(**changes):
    return {**os.environ, **changes}


@contextlib.contextmanager
def small_disk(folder, size):
    """A file system of its own; only root can make one."""
    made = execute("mount", "-t", "tmpfs", "-o", f"size={size},mode=777", "none", folder)
    if made.returncode != 0:
        raise unittest.SkipTest(f"no file system can be mounted here: {made.stderr.decode()}")
    try:
        yield
    finally:
        execute("umount", folder)


class Surroundings(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory(prefix="lockorder-around-")
        self.addCleanup(holder.cleanup)
        self.folder = Path(holder.name)
        self.traces = self.folder / "traces"
        self.traces.mkdir()
        self.plain = {"LD_PRELOAD": PRELOAD, "LOCKORDER_OPTIONS": f"trace_dir={self.traces}:report=no"}

    def assert_same(self, alone, observed):
        self.assertEqual((observed.returncode, observed.stdout), (alone.returncode, alone.stdout), observed.stderr.decode())

    def assert_cycle_found(self, *traces):
        report = self.folder / "report.json"
        outcome = execute(LOCKORDER, "report", f"--json={report}", *(traces or [self.traces]))
        self.assertEqual((outcome.returncode, outcome.stderr), (1, b""))
        self.assertEqual(json.loads(report.read_text())["summary"]["cycle"], 1)

    def run_and_compare(self, *command, **options):
        """By `lockorder run`."""
        alone = execute(*command, **options)
        self.assertEqual(alone.returncode, STATUS, alone.stderr.decode())
        observed = execute(LOCKORDER, "run", "--fail-on=none", f"--trace-dir={self.traces}", "--", *command, **options)
        self.assert_same(alone, observed)
        self.assert_cycle_found()

    def preload_and_compare(self, preloads, alone_preloads):
        """By LD_PRELOAD, among others. Each has its turn."""
        alone = execute(PROGRAM, env=environment(LD_PRELOAD=alone_preloads))
        observed = execute(PROGRAM, env=environment(**{**self.plain, "LD_PRELOAD": preloads}))
        self.assert_same(alone, observed)
        self.assert_cycle_found()
        for trace in self.traces.iterdir():
            trace.unlink()

    def test_every_call_is_kept(self):
        for program in WITH_EVERY_CALL:
            with self.subTest(program=program):
                alone = execute(program)
                observed = execute(program, env=environment(**{**self.plain, "LOCKORDER_OPTIONS":
                                                               f"{self.plain['LOCKORDER_OPTIONS']}:record=full"}))
                self.assert_same(alone, observed)
                outcome = execute(LOCKORDER, "report", self.traces)
                self.assertEqual((outcome.returncode, outcome.stderr), (0, b""), outcome.stdout.decode())
                for trace in self.traces.iterdir():
                    trace.unlink()

    def test_options_that_are_none_are_told_in_one_line(self):
        for option in ("trace_dir=", "report=maybe", "record=x", "max_trace_size=0", "max_trace_size=1x", "on_deadlock=never",
                       "notify=0", "epoch_signal=KILL", "nonsense=1", "\x1b[31m", "trace_dir=" + "x" * 5000):
            with self.subTest(option=option[:20]):
                outcome = execute(PROGRAM, env=environment(**{**self.plain, "LOCKORDER_OPTIONS":
                                                              f"{self.plain['LOCKORDER_OPTIONS']}:{option}"}))
                self.assertEqual((outcome.returncode, outcome.stdout), (STATUS, b"both locked twice\n"))
                self.assertRegex(outcome.stderr.decode(), r"\Alockorder: LOCKORDER_OPTIONS: [^\n\x1b]*\n\Z")

    # --- What is in the program ---

    def test_sanitizers(self):
        quiet = environment(TSAN_OPTIONS="detect_deadlocks=0")
        for name, program in SANITIZED.items():
            with self.subTest(sanitizer=name):
                self.run_and_compare(program, env=quiet)
                shutil.rmtree(self.traces)

    def test_a_sanitizer_of_the_user_s_keeps_its_options(self):
        outcome = execute(LOCKORDER, "run", "--", "sh", "-c", "echo $ASAN_OPTIONS", env=environment(ASAN_OPTIONS="a=b"))
        self.assertEqual(outcome.stdout, b"a=b:verify_asan_link_order=0\n")

    def test_a_library_that_accepts_no_other_before_it_is_refused(self):
        refused = os.environ["REFUSED_SANITIZED"]
        if not refused:
            self.skipTest("the compiler knows no such library")
        outcome = execute(LOCKORDER, "run", "--", refused)
        self.assertEqual((outcome.returncode, outcome.stdout), (2, b""))
        self.assertRegex(outcome.stderr.decode(), r"\Alockorder: .*: built with gcc's -fsanitize=leak[^\n]*\n\Z")

    def test_stripped(self):
        program = self.folder / "stripped"
        self.assertEqual(execute("strip", "-o", program, PROGRAM).returncode, 0)
        self.run_and_compare(program)

    def test_static_pie_is_refused(self):
        outcome = execute(LOCKORDER, "run", "--", STATIC_PIE)
        self.assertEqual((outcome.returncode, outcome.stdout), (2, b""))
        self.assertRegex(outcome.stderr.decode(), r"\Alockorder: .*: linked statically[^\n]*\n\Z")

    # --- Other libraries ---

    def test_other_preloads_before_and_after(self):
        self.preload_and_compare(f"{OTHER_PRELOAD}:{PRELOAD}", OTHER_PRELOAD)
        self.preload_and_compare(f"{PRELOAD}:{OTHER_PRELOAD}", OTHER_PRELOAD)
        outcome = execute(PROGRAM, env=environment(LD_PRELOAD=OTHER_PRELOAD))
        self.assertIn(b"the other library saw both", outcome.stdout)

    def test_other_allocators_before_and_after(self):
        found = [name for name in map(ctypes.util.find_library, ("tcmalloc_minimal", "jemalloc")) if name]
        if not found:
            self.skipTest("neither is installed (Debian packages libtcmalloc-minimal4, libjemalloc-dev)")
        for library in found:
            with self.subTest(library=library):
                self.preload_and_compare(f"{library}:{PRELOAD}", library)
                self.preload_and_compare(f"{PRELOAD}:{library}", library)

    # --- Other tools ---

    @unittest.skipUnless(shutil.which("valgrind"), "valgrind is not installed")
    def test_valgrind_around_it(self):
        tool = ["valgrind", "-q", "--error-exitcode=9"]
        alone = execute(*tool, PROGRAM)
        observed = execute(*tool, "--trace-children=yes", "env", *(f"{key}={value}" for key, value in self.plain.items()), PROGRAM)
        self.assert_same(alone, observed)
        # A remark on the question whether memory can be read (raw_system_call.h) is no error.
        self.assertNotIn(b"== ", observed.stderr)
        self.assert_cycle_found()

    @unittest.skipUnless(shutil.which("gdb"), "gdb is not installed")
    def test_under_gdb(self):
        outcome = execute("gdb", "--batch", "-nx", "-ex", "run", "-ex", "print $_exitcode", PROGRAM, env=environment(**self.plain))
        self.assertIn(b"$1 = 3", outcome.stdout)
        self.assert_cycle_found(next(self.traces.glob(f"{Path(PROGRAM).name}.*")))

    @unittest.skipUnless(shutil.which("gdb"), "gdb is not installed")
    def test_gdb_comes_and_goes(self):
        """While the program is in the recorder, most of the time, at first."""
        process = subprocess.Popen([ANNOUNCES, self.folder / "announced", "killed", "0"], env=environment(**self.plain))
        try:
            for _ in range(3):
                outcome = execute("gdb", "--batch", "-nx", "-p", process.pid, "-ex", "thread apply all backtrace 5", "-ex", "detach")
                self.assertIn(b"Thread 2 ", outcome.stdout, outcome.stderr.decode())
            self.assertIsNone(process.poll())
        finally:
            process.kill()
        self.assertEqual(process.wait(), -signal.SIGKILL)
        self.assertEqual(execute(LOCKORDER, "report", self.traces).returncode, 0)

    # --- Limits ---

    def test_little_address_space(self):
        """Of 400 MB, the program takes 300: the recorder must leave them to it."""
        def limit():
            resource.setrlimit(resource.RLIMIT_AS, (400 * MEGABYTE, 400 * MEGABYTE))
        alone = execute(PROGRAM, 300 * MEGABYTE, preexec_fn=limit)
        observed = execute(PROGRAM, 300 * MEGABYTE, preexec_fn=limit, env=environment(**self.plain))
        self.assertEqual(alone.returncode, STATUS, alone.stdout)
        self.assert_same(alone, observed)
        self.assert_cycle_found()

    def test_full_disk(self):
        """Space ends during the run: that is told once, and what was recorded before is there."""
        with small_disk(self.traces, "1m"):
            outcome = execute(TAKES_MANY, env=environment(**self.plain))
            self.assertEqual((outcome.returncode, outcome.stdout), (0, b"locked\n"))
            self.assertRegex(outcome.stderr.decode(), r"\Alockorder: no more space for the trace [^\n]*\n\Z")
            reported = execute(LOCKORDER, "report", self.traces)
            self.assertEqual((reported.returncode, reported.stderr), (0, b""))
            self.assertIn(b"recording stopped early", reported.stdout)

    def test_disk_full_from_the_start(self):
        with small_disk(self.traces, "64k"):
            (self.traces / "fills").write_bytes(bytes(64 * 1024))
            self.check_unobserved()

    def test_read_only_disk(self):
        with small_disk(self.traces, "64k"):
            self.assertEqual(execute("mount", "-o", "remount,ro", self.traces).returncode, 0)
            self.check_unobserved()

    def test_no_such_folder(self):
        shutil.rmtree(self.traces)
        self.check_unobserved()

    def check_unobserved(self):
        outcome = execute(PROGRAM, env=environment(**self.plain))
        self.assertEqual((outcome.returncode, outcome.stdout), (STATUS, b"both locked twice\n"))
        self.assertRegex(outcome.stderr.decode(), r"\Alockorder: [^\n]*; the program runs unobserved\n\Z")

    def test_no_clock(self):
        """Waits are counted all the same, and took no time where that is not known."""
        self.assert_same(execute(CLOCK_FAILS), execute(CLOCK_FAILS, env=environment(**self.plain)))
        (trace,) = self.traces.iterdir()
        dumped = execute(LOCKORDER, "dump", trace).stdout.decode()
        waits = [tuple(map(int, found)) for found in re.findall(r"^contention .* waits=(\d+) total=(\d+) longest=(\d+)", dumped, re.M)]
        self.assertEqual(sum(number for number, _, _ in waits), 100, dumped)
        self.assertEqual([row for row in waits if row[1] > SECONDS * 10**9], [])

    # --- The file ---

    def test_the_trace_is_the_user_s_alone(self):
        self.addCleanup(os.umask, os.umask(0))
        execute(PROGRAM, env=environment(**self.plain))
        (trace,) = self.traces.iterdir()
        self.assertEqual(trace.stat().st_mode & 0o7777, 0o600)

    def test_a_link_in_the_place_of_the_trace_is_not_followed(self):
        victim = self.folder / "victim"
        victim.write_text("kept")
        script = f"for suffix in '' .new; do ln -s {victim} {self.traces}/{Path(PROGRAM).name}.$$.lockorder$suffix; done; exec {PROGRAM}"
        plain = " ".join(f"{key}={value}" for key, value in self.plain.items())
        outcome = execute("sh", "-c", script.replace("exec ", f"exec env {plain} "))
        self.assertEqual(outcome.returncode, STATUS, outcome.stderr)
        self.assertEqual(victim.read_text(), "kept")
        self.assert_cycle_found(next(trace for trace in self.traces.glob("*.1.lockorder") if not trace.is_symlink()))

    @unittest.skipUnless(shutil.which("strace"), "strace is not installed")
    def test_how_a_trace_is_opened(self):
        """Other threads of the program may start processes meanwhile, which must not get it."""
        plain = [f"--env={key}={value}" for key, value in self.plain.items()]
        outcome = execute("strace", "-f", "-qq", "-e", "trace=openat,open,creat", *plain, PROGRAM)
        self.assertEqual(outcome.returncode, STATUS, outcome.stderr)
        opened = [line for line in outcome.stderr.decode().splitlines() if ".lockorder" in line]
        self.assertEqual(len(opened), 1, opened)
        self.assertRegex(opened[0], r"openat\(AT_FDCWD, .*, O_RDWR\|O_CREAT\|O_EXCL\|O_NOFOLLOW\|O_CLOEXEC, 0600\) = \d+$")

    def check_default_folder_is_not_used(self, folder):
        """Its name can be guessed, so anybody may have made it."""
        outcome = execute(PROGRAM, env=environment(LD_PRELOAD=PRELOAD, LOCKORDER_OPTIONS="", TMPDIR=str(folder.parent)))
        self.assertEqual((outcome.returncode, outcome.stdout), (STATUS, b"both locked twice\n"))
        self.assertIn(b"is not safe for traces", outcome.stderr)

    def default_folder(self):
        return self.folder / f"lockorder-{os.geteuid()}"

    def test_a_default_folder_that_others_could_write_is_not_used(self):
        self.default_folder().mkdir()
        for mode in (0o777, 0o770, 0o702):
            self.default_folder().chmod(mode)
            self.check_default_folder_is_not_used(self.default_folder())
        self.assertEqual(list(self.default_folder().iterdir()), [])

    @unittest.skipIf(os.geteuid() != 0, "only root can give a folder away")
    def test_a_default_folder_of_another_user_is_not_used(self):
        self.default_folder().mkdir(mode=0o700)
        os.chown(self.default_folder(), NOBODY, NOBODY)
        self.check_default_folder_is_not_used(self.default_folder())
        self.assertEqual(list(self.default_folder().iterdir()), [])

    def test_a_link_in_the_place_of_the_default_folder_is_not_followed(self):
        self.default_folder().symlink_to(self.traces)
        self.check_default_folder_is_not_used(self.default_folder())
        self.assertEqual(list(self.traces.iterdir()), [])

    def test_a_file_in_the_place_of_the_default_folder_stays(self):
        self.default_folder().write_text("kept")
        self.check_default_folder_is_not_used(self.default_folder())
        self.assertEqual(self.default_folder().read_text(), "kept")

    def test_a_default_folder_is_the_user_s_alone(self):
        self.addCleanup(os.umask, os.umask(0))
        execute(PROGRAM, env=environment(LD_PRELOAD=PRELOAD, LOCKORDER_OPTIONS="report=no", TMPDIR=str(self.folder)))
        self.assertEqual(self.default_folder().stat().st_mode & 0o7777, 0o700)
        self.assert_cycle_found(self.default_folder())


unittest.main()
