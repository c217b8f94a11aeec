"""Checks a page of the documentation: the program that it shows is the file beside it, and prints what the page says.

    page_test.py PAGE SOURCE PROGRAM"""

import re
import subprocess
import sys
from pathlib import Path

BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def expect(condition, what):
    if not condition:
        sys.exit(f"FAILED: {what}")


def main():
    page, source, program = sys.argv[1:]
    blocks = BLOCK.findall(Path(page).read_text(encoding="utf-8"))
    expect([language for language, _ in blocks] == ["c", ""], f"{page}: expected one program and what it prints")
    expect(blocks[0][1] == Path(source).read_text(encoding="utf-8"), f"{page}: the program shown is not {source}")
    printed = subprocess.run([program], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=True).stdout
    expect(blocks[1][1] == printed, f"{page}: expected the output\n{blocks[1][1]}found\n{printed}")


main()
