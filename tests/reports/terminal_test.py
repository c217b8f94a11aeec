"""Colours, on a terminal only; and no byte of the program's that steers a terminal, anywhere."""

import argparse
import os
import pty
import subprocess
import tempfile
import unittest
from pathlib import Path

import scenarios

arguments = None
ESCAPE = b"\x1b"


def on_terminal(command, environment):
    """What the command writes to a terminal."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs, env=environment) as process:
        os.close(theirs)
        output = b""
        try:
            while chunk := os.read(ours, 65536):
                output += chunk
        except OSError:   # how Linux tells that nobody has the terminal open any more
            pass
        os.close(ours)
        process.wait(timeout=60)
    return output


class Terminal(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory(prefix="lockorder-reports-")
        self.addCleanup(holder.cleanup)
        self.folder = Path(holder.name)
        for name, content in scenarios.hostile_names(None).items():
            (self.folder / f"{name}.lockorder").write_bytes(content)

    def command(self, *options):
        return [arguments.lockorder, "report", *options, str(self.folder)]

    def colours(self, **environment):
        return ESCAPE in on_terminal(self.command(), {"PATH": os.environ["PATH"], **environment})

    def test_colour_on_a_terminal_only(self):
        self.assertTrue(self.colours(TERM="xterm"))
        self.assertTrue(self.colours(TERM="xterm", NO_COLOR=""))
        self.assertFalse(self.colours(TERM="xterm", NO_COLOR="1"))
        self.assertFalse(self.colours(TERM="dumb"))
        self.assertFalse(self.colours())

    def test_names_of_the_program_steer_nothing(self):
        """Apart from the colours, which are ours, only printable characters and line ends arrive."""
        for command in (self.command(), self.command("--at-exit"), self.dump()):
            output = on_terminal(command, {"PATH": os.environ["PATH"], "TERM": "dumb"}).replace(b"\r\n", b"\n").decode("utf-8")
            bad = {character for character in output if not (character.isprintable() or character == "\n")}
            self.assertEqual(bad, set(), output)

    def dump(self):
        return [arguments.lockorder, "dump", str(next(self.folder.iterdir()))]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lockorder", required=True)
    arguments, rest = parser.parse_known_args()
    unittest.main(argv=[__file__, *rest])
