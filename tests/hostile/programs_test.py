"""Programs that cannot be run, or not be observed. And some that look so, yet can."""

import os
import shutil
import struct
import unittest
from pathlib import Path

from refusal import NOT_EXECUTABLE, NOT_FOUND, REFUSED, RefusalCase, literal, lockorder

DYNAMIC = os.environ["DYNAMIC_PROGRAM"]
STATIC = os.environ["STATIC_PROGRAM"]
NOBODY = 65534
CLASS, TYPE, MACHINE = (4, "B"), (16, "<H"), (18, "<H")   # fields of an ELF header


def elf_changed(field, value):
    """The dynamic program with one field of its header changed."""
    offset, form = field
    program = bytearray(Path(DYNAMIC).read_bytes())
    struct.pack_into(form, program, offset, value)
    return bytes(program)


class Programs(RefusalCase):
    def program(self, content, mode=0o755, name="program"):
        path = self.folder / name
        path.write_bytes(content)
        path.chmod(mode)
        return str(path)

    def assert_program_refused(self, path, status, pattern, **options):
        self.assert_refused(["run", "--", path], status, pattern, **options)

    def assert_observed(self, path, output=b"both locked\n"):
        outcome = lockorder("run", "--", path)
        self.assertEqual((outcome.returncode, outcome.stdout), (0, output), outcome.stderr)
        self.assertIn(b"lockorder: no findings in ", outcome.stderr)

    def test_not_found(self):
        self.assert_program_refused("/nowhere/program", NOT_FOUND, "/nowhere/program: No such file")
        self.assert_program_refused("no-program-has-this-name", NOT_FOUND, "no such program in PATH")
        self.assert_program_refused(f"{DYNAMIC}/program", NOT_FOUND, "Not a directory")
        self.assert_program_refused("", NOT_FOUND, "name is empty")

    def test_not_executable(self):
        self.assert_program_refused(self.program(b"echo", mode=0o644), NOT_EXECUTABLE, "not executable: Permission denied")
        self.assert_program_refused(str(self.folder), NOT_EXECUTABLE, "a folder; expected a program")
        self.assert_program_refused("/dev/null", NOT_EXECUTABLE, "not a regular file")
        self.assert_program_refused(self.program(b"\x7fEL\0\1\2"), NOT_EXECUTABLE, "neither a program nor a script")
        self.assert_program_refused(self.program(elf_changed(TYPE, 1)), NOT_EXECUTABLE, "ELF file of type 1")

    def test_not_executable_in_path(self):
        self.program(b"echo", mode=0o644, name="a-name-in-path")
        environment = {**os.environ, "PATH": f"/nowhere:{self.folder}"}
        self.assert_program_refused("a-name-in-path", NOT_EXECUTABLE, "not executable", env=environment)

    def test_statically_linked(self):
        self.assert_program_refused(STATIC, REFUSED, literal(STATIC) + ": linked statically")

    def test_32_bit(self):
        self.assert_program_refused(self.program(elf_changed(CLASS, 1)), REFUSED, "a 32-bit program")

    def test_32_bit_no_more_than_a_header(self):
        header = b"\x7fELF\1\1\1" + bytes(9) + struct.pack("<HHI", 2, 3, 1) + bytes(28)
        self.assert_program_refused(self.program(header), REFUSED, "a 32-bit program")

    def test_other_machine(self):
        self.assert_program_refused(self.program(elf_changed(MACHINE, 183)), REFUSED, "another kind of machine")

    def test_cut_off_program(self):
        self.assert_program_refused(self.program(Path(DYNAMIC).read_bytes()[:64]), REFUSED, "linked statically")

    def test_script_is_followed_to_its_interpreter(self):
        self.assert_program_refused(self.program(f"#!{STATIC}\n".encode()), REFUSED, literal(STATIC) + ": linked statically")
        self.assert_program_refused(self.program(f"#! {STATIC} -x".encode()), REFUSED, "linked statically")
        self.assert_program_refused(self.program(f"#!/usr/bin/env {STATIC}\n".encode()), REFUSED, "linked statically")
        self.assert_program_refused(self.program(f"#!/usr/bin/env -S A=b {STATIC} -x\n".encode()), REFUSED, "linked statically")
        self.assert_program_refused(self.program(b"#!/nowhere/interpreter\n"), NOT_FOUND, "its interpreter cannot be started")
        self.assert_program_refused(self.program(b"#!/etc/passwd\n"), NOT_EXECUTABLE, "its interpreter cannot be started")
        self.assert_program_refused(self.program(b"#!\n"), NOT_EXECUTABLE, "no interpreter after #!")
        loop = self.folder / "program"
        self.assert_program_refused(self.program(f"#!{loop}\n".encode()), NOT_EXECUTABLE, "interpreters of interpreters")

    def test_scripts_run(self):
        self.assert_observed(self.program(f"#!/bin/sh\n{DYNAMIC}\n".encode()))
        self.assert_observed(self.program(f"#!/usr/bin/env sh\n{DYNAMIC}\n".encode()))
        self.assert_observed(self.program(f"{DYNAMIC}\n".encode()))

    @unittest.skipUnless(os.geteuid() == 0, "only root can make files that are setuid to somebody else")
    def test_setuid_and_setgid(self):
        content = Path(DYNAMIC).read_bytes()
        for user, group, mode in [(NOBODY, 0, 0o4755), (0, NOBODY, 0o2755)]:
            path = self.program(content)
            os.chown(path, user, group)
            os.chmod(path, mode)
            self.assert_program_refused(path, REFUSED, "setuid, setgid or with file capabilities")

    def test_setuid_to_oneself_gains_nothing(self):
        path = self.program(Path(DYNAMIC).read_bytes())
        os.chmod(path, 0o6755)
        self.assert_observed(path)

    def test_the_recorder_is_found_from_a_moved_command_or_said_to_be_missing(self):
        moved = self.folder / "somewhere" / "bin"
        moved.mkdir(parents=True)
        command = shutil.copy(os.environ["LOCKORDER"], moved)
        missing = "liblockorder-preload.so is not installed; looked for"
        self.assert_refused(["run", "--", DYNAMIC], REFUSED, missing, command=command)
        library = self.folder / "somewhere" / "lib" / "lockorder"
        library.mkdir(parents=True)
        shutil.copy(os.environ["LOCKORDER_PRELOAD"], library)
        outcome = lockorder("run", "--", DYNAMIC, command=command)
        self.assertEqual((outcome.returncode, outcome.stdout), (0, b"both locked\n"), outcome.stderr)
        self.assertIn(b"2 locks in nested use", outcome.stderr)

    def test_a_program_that_cannot_start_leaves_no_folder(self):
        environment = {**os.environ, "TMPDIR": str(self.folder)}
        # Its loader is missing, which only exec finds out.
        path = self.program(Path(DYNAMIC).read_bytes().replace(b"/lib64/ld-linux", b"/nowhere/linux"))
        outcome = lockorder("run", "--", path, env=environment)
        self.assert_one_line(outcome, NOT_EXECUTABLE, "cannot be started: No such file")
        self.assertEqual([entry.name for entry in self.folder.iterdir()], ["program"])

    def test_exit_status_is_the_program_s(self):
        for script, status in [("exit 0", 0), ("exit 3", 3), ("exit 66", 66), ("kill -TERM $$", 128 + 15),
                               ("kill -KILL $$", 128 + 9)]:
            with self.subTest(script=script):
                self.assertEqual(lockorder("run", "--", "sh", "-c", script).returncode, status)


unittest.main()
