"""What every bad input must get: the documented exit status and exactly one line on stderr."""

import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

LOCKORDER = os.environ["LOCKORDER"]
REFUSED, NOT_EXECUTABLE, NOT_FOUND = 2, 126, 127


def lockorder(*arguments, command=LOCKORDER, **options):
    return subprocess.run([command, *arguments], stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False,
                          **options)


class RefusalCase(unittest.TestCase):
    """A test in a fresh folder, self.folder."""

    def setUp(self):
        holder = tempfile.TemporaryDirectory(prefix="lockorder-hostile-")
        self.addCleanup(holder.cleanup)
        self.folder = Path(holder.name)

    def assert_one_line(self, outcome, status, pattern):
        """One line on stderr, of printable characters, that matches the pattern."""
        text = outcome.stderr.decode()
        self.assertEqual(outcome.returncode, status, f"exit status; stderr: {text}")
        self.assertRegex(text, r"\Alockorder: [^\x00-\x1f\x7f]+\n\Z")
        self.assertRegex(text, pattern)

    def assert_refused(self, arguments, status, pattern, **options):
        """As above, and nothing on stdout."""
        outcome = lockorder(*arguments, **options)
        self.assert_one_line(outcome, status, pattern)
        self.assertEqual(outcome.stdout, b"")


def literal(path):
    return re.escape(str(path))
