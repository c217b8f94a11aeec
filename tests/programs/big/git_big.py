"""git on a repository of some size: a clone, a repack and a search with threads, and a look through all objects."""

import git_test
from git_test import Git
from program_case import main

git_test.COMMITS = 600

SCRIPT = """
set -e
git clone -q --no-local . clone.git --bare
git -C clone.git config pack.threads 8
git -C clone.git repack -q -a -d -f --window=50
git -C clone.git fsck --strict --no-progress
git grep --threads 8 -c "changed in 5" main -- folder1
git -C clone.git log --format=%H -S"changed in 7" | sort | head -3
"""


class Large(Git):
    seconds = 300

    def command(self, folder):
        return ["sh", "-c", SCRIPT]

    def produced(self, folder):
        return [self.git(folder / "clone.git", "cat-file", "--batch-all-objects", "--batch-check")]


main(Large())
