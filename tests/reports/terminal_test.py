"""Colours, on a terminal only; and no byte of the program's that steers a terminal, anywhere."""

import argparse
import fcntl
import os
import pty
import struct
import subprocess
import tempfile
import termios
import unittest
from pathlib import Path

import scenarios

arguments = None
ESCAPE = b"\x1b"


def on_terminal(command, environment, columns=0):
    """What the command writes to a terminal. 0 columns: its width is not known."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
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

    def test_long_lines_are_folded_to_the_width(self):
        """The words stay the same (in a short report: in a full one, a schedule is drawn only where it fits), and only a word is ever
        longer than the terminal is wide."""
        plain = subprocess.run(self.command("--at-exit"), stderr=subprocess.PIPE, check=False).stderr.decode()
        for columns in (50, 80, 132):
            folded = self.folded(columns, "--at-exit")
            self.assertEqual(folded.split(), plain.split())
            self.assertGreater(folded.count("\n"), plain.count("\n"))
            for line in [*folded.splitlines()[:-1], *self.folded(columns).splitlines()]: # the last one names a path, to be copied
                self.assertTrue(len(line) <= columns or " " not in line.strip(), line)

    def folded(self, columns, *options):
        output = on_terminal(self.command(*options), {"PATH": os.environ["PATH"]}, columns)
        return output.replace(b"\r\n", b"\n").decode()

    def test_no_line_is_folded_where_the_width_is_not_known(self):
        plain = subprocess.run(self.command(), stdout=subprocess.PIPE, check=False).stdout
        self.assertEqual(on_terminal(self.command(), {"PATH": os.environ["PATH"]}).replace(b"\r\n", b"\n"), plain)

    def dump(self):
        return [arguments.lockorder, "dump", str(next(self.folder.iterdir()))]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lockorder", required=True)
    arguments, rest = parser.parse_known_args()
    unittest.main(argv=[__file__, *rest])
