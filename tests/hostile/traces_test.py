"""Traces that are none, or not whole."""

import struct
import subprocess
import unittest

from refusal import LOCKORDER, REFUSED, RefusalCase, literal, lockorder
from trace_writer import (DEADLOCK, HEADER_SIZE, SEMAPHORE, STATIC, UNLOCK_NOT_OWNER, WAIT_LOCK, TraceWriter, step,
                          two_orders)


def example():
    trace = TraceWriter(acquisitions=2000)
    trace.process(b"/nowhere/bank", [b"./bank"])
    module = trace.module(b"/nowhere/bank")
    places = [trace.context([(module, 0x1100 + 16 * i)]) for i in range(4)]
    locks = [trace.lock(flags=STATIC, module=module, offset=0x4000 + 40 * i, first_used_at=places[0]) for i in range(2)]
    two_orders(trace, *locks, places[:2], places[2:])
    trace.lock_name(locks[0], b"left pocket", level=1)
    trace.lock_is_signal(trace.lock(kind=SEMAPHORE))
    trace.shared_object(trace.lock(), 1, 2, 3)
    trace.try_fallback(places[0], places[1])
    trace.declared_order(places[0], b"left pocket", b"right pocket")
    trace.event(DEADLOCK, step(2, (locks[0], places[0]), (locks[1], places[1])), step(3, (locks[1], places[2]), (0, places[3]), 2))
    trace.event(UNLOCK_NOT_OWNER, step(2, (0, places[0]), (locks[0], places[1]), 3))
    trace.wait(2, WAIT_LOCK, 5, obj=locks[1], context=places[1])
    trace.contention(2, locks[0], places[0], 3, 4000, 3000, 3, places[1])
    slot, number, acquired, released, passed, again = 7, 6, 1, 2, 9, 10  # calls in units; the operand is a slot, or what the number grows by
    trace.history(2, slot, 0x4000, 0x40, 0, 0, places[0], 0, 0x101, number | 1 << 4, acquired, released, passed, again | 3 << 4)
    trace.history(3, slot | 511 << 4, 0x4000, 0x40, 0, 0, places[0], 0, 0x101, number | 4095 << 4, acquired | 511 << 4, 0, 0)
    return trace


class Traces(RefusalCase):
    def trace(self, content, name="trace.lockorder"):
        path = self.folder / name
        path.write_bytes(content)
        return str(path)

    def assert_unreadable(self, path, pattern):
        for command in ("dump", "report"):
            with self.subTest(command=command):
                self.assert_refused([command, path], REFUSED, pattern)

    def test_example_is_a_trace(self):
        path = self.trace(example().bytes())
        self.assertEqual(lockorder("dump", path).returncode, 0)
        outcome = lockorder("report", path)
        self.assertEqual((outcome.returncode, outcome.stderr), (1, b""))
        self.assertIn(b"lockorder: 1 deadlock, 1 cycle, 1 misuse in ./bank (pid 100)", outcome.stdout)

    def test_missing(self):
        self.assert_unreadable("/nowhere/trace.lockorder", "/nowhere/trace.lockorder: .*No such file")

    def test_empty(self):
        self.assert_unreadable(self.trace(b""), "trace.lockorder: is empty")

    def test_not_a_trace(self):
        for content in (b"LOCK", b"#!/bin/sh\n" * 100, b"\0" * 4096):
            self.assert_unreadable(self.trace(content), "is not a lockorder trace")
        self.assert_unreadable("/dev/null", "/dev/null: is not a regular file")

    def test_other_version(self):
        self.assert_unreadable(self.trace(example().bytes(version=2)), "is a trace of version 2, this lockorder reads version 1")

    def test_folder(self):
        self.assert_refused(["dump", str(self.folder)], REFUSED, "is a folder")
        self.assert_refused(["report", str(self.folder)], REFUSED, "no trace in this folder")

    def test_name_with_escapes(self):
        self.assert_unreadable(self.trace(b"", name="\x1b[2J.lockorder"), r"\[2J.lockorder: is empty")

    def test_truncated_at_any_byte(self):
        """Within the header it is no trace; after it, what is whole is read, and it is said that there was more."""
        content = example().bytes()
        for size in range(0, len(content)):
            path = self.trace(content[:size])
            dumped, reported = lockorder("dump", path), lockorder("report", path)
            if size < HEADER_SIZE:
                self.assert_one_line(dumped, REFUSED, literal(path))
                self.assert_one_line(reported, REFUSED, literal(path))
                continue
            self.assertEqual((dumped.returncode, dumped.stderr), (0, b""), f"{size} bytes")
            self.assertRegex(dumped.stdout.splitlines()[-1], rb"\Atruncated: ")
            self.assertIn(reported.returncode, (0, 1), f"{size} bytes: {reported.stderr}")
            self.assertEqual(reported.stderr, b"", f"{size} bytes")
            self.assertRegex(reported.stdout, rb"cut: .*: the trace file ends too early")

    def test_record_of_impossible_size(self):
        for size in (0, 4, 12, 1 << 20, 0xfffffff8):
            content = bytearray(example().bytes())
            struct.pack_into("<I", content, HEADER_SIZE, size)
            outcome = lockorder("dump", self.trace(content))
            self.assert_one_line(outcome, REFUSED, "trace.lockorder: at offset 256: a record of .* bytes")

    def test_unknown_record_is_shown_and_skipped(self):
        trace = example()
        trace.record(999, b"\x1b[31m what is this")
        path = self.trace(trace.bytes())
        outcome = lockorder("dump", path)
        self.assertEqual((outcome.returncode, outcome.stderr), (0, b""))
        self.assertEqual(outcome.stdout.splitlines()[-1], b"unknown record type=999 size=32")
        self.assertEqual(lockorder("report", path).returncode, 1)

    def test_every_readable_trace_is_reported_on(self):
        good, bad = self.trace(example().bytes(), "good.lockorder"), self.trace(example().bytes(version=9), "bad.lockorder")
        for arguments in ([good, bad], [bad, good], [str(self.folder)]):
            outcome = lockorder("report", *arguments)
            self.assert_one_line(outcome, REFUSED, literal(bad) + ": is a trace of version 9")
            self.assertIn(b"lockorder: 1 deadlock, 1 cycle, 1 misuse in ./bank (pid 100)", outcome.stdout)

    def test_no_byte_of_a_trace_breaks_the_report(self):
        """Each byte, turned around: any answer is good but a crash or a second line."""
        content = example().bytes()
        for position in range(len(content)):
            changed = bytearray(content)
            changed[position] ^= 0xff
            path = self.trace(changed)
            outcome = lockorder("report", path)
            self.assertIn(outcome.returncode, (0, 1, REFUSED), f"byte {position}: {outcome.stderr}")
            self.assertLessEqual(outcome.stderr.count(b"\n"), 1, f"byte {position}: {outcome.stderr}")
            if position >= HEADER_SIZE and position % 8 == 0:
                self.assertEqual(lockorder("report", "--live", path).returncode, 0, f"byte {position}")

    def test_output_that_cannot_be_written(self):
        path = self.trace(example().bytes())
        for command in (["dump", path], ["report", path], ["report", "--json=-", path]):
            with open("/dev/full", "wb") as full:
                outcome = subprocess.run([LOCKORDER, *command], stdin=subprocess.DEVNULL, stdout=full, stderr=subprocess.PIPE,
                                         timeout=60, check=False)
            self.assert_one_line(outcome, REFUSED, "cannot be written")


unittest.main()
