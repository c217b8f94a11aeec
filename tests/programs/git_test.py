"""git: the garbage collection of a repository, which packs with threads and starts other programs of git's."""

import subprocess

from program_case import ProgramCase, main

COMMITS = 60


class Git(ProgramCase):
    needs = [("git", "git")]
    least_traces = 3
    environment = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null", "HOME": "/nonexistent"}

    def prepare(self, folder):
        self.git(folder, "init", "-q", "-b", "main", ".")
        self.git(folder, "config", "pack.threads", "4")
        subprocess.run(["git", "fast-import", "--quiet"], cwd=folder, input=self.history().encode(), env=self.environment,
                       check=True)
        # Loose objects give gc something to collect; fast-import made a pack of them.
        for pack in (folder / ".git/objects/pack").glob("*.pack"):
            moved = folder / "history.pack"
            pack.rename(moved)
            with open(moved, "rb") as source:
                subprocess.run(["git", "unpack-objects", "-q"], cwd=folder, stdin=source, env=self.environment, check=True)
            moved.unlink()
            pack.with_suffix(".idx").unlink()

    def history(self):
        """A stream for fast-import: a history of files that grow and change."""
        stream = []
        for commit in range(COMMITS):
            message = f"commit {commit}"
            stream.append(f"commit refs/heads/main\ncommitter A Tester <tester@example.org> {1700000000 + commit * 60} +0000\n"
                          f"data {len(message)}\n{message}")
            for file in range(8):
                text = "".join(f"line {line} of file {file}, changed in {commit - (commit + line) % 9}\n" for line in range(200))
                stream.append(f"M 100644 inline folder{file % 3}/file{file}\ndata {len(text)}\n{text}")
        return "\n".join(stream) + "\n"

    def git(self, folder, *arguments):
        return subprocess.run(["git", *arguments], cwd=folder, env=self.environment, check=True, capture_output=True).stdout

    def command(self, folder):
        return ["git", "gc", "--aggressive", "--prune=now"]

    def produced(self, folder):
        """Threads choose the deltas, so packs differ from run to run: their content must not."""
        self.git(folder, "fsck", "--strict")
        loose = [path.name for path in (folder / ".git/objects").iterdir() if len(path.name) == 2]
        return [self.git(folder, "cat-file", "--batch-all-objects", "--batch-check"), self.git(folder, "show-ref"),
                self.git(folder, "log", "--format=%H %T"), loose]


if __name__ == "__main__":
    main(Git())
