"""bash: pipelines, subshells and exec, by which many short processes are forked and replaced."""

import textwrap

from program_case import ProgramCase, main

PIPELINE = textwrap.dedent("""
    set -o pipefail
    seq 1 20000 | awk '{ print $1 % 100, $1 }' | sort -n | uniq -c | (read -r first; echo "$first"; wc -l)
    for word in one two three; do echo "$(echo "$word" | tr a-z A-Z) $(exec printf %s "$word" | wc -c)"; done
    (trap 'echo trapped' USR1; kill -USR1 "$BASHPID"; exec sh -c 'exit 3'); echo "subshell: $?"
    diff <(seq 3) <(seq 4) >difference; echo "diff: $?"
    { sh -c 'kill -KILL $$'; } 2>/dev/null; echo "killed: $?"
    false | cat; echo "pipe: $?"
    (echo background; exit 5) & wait $!; echo "waited: $?"
    exec sh -c 'echo "own line on stderr" >&2; exit 42'
""")

CAPTURED_STDERR = 'text=$(sh -c "echo out; echo err >&2; exit 4" 2>&1 | sort); echo "$text"; exit 9'


class Pipeline(ProgramCase):
    needs = [("bash", "bash"), ("awk", "mawk"), ("diff", "diffutils")]
    least_traces = 10
    takes_locks = False

    def prepare(self, folder):
        (folder / "pipeline.sh").write_text(PIPELINE, encoding="ascii")

    def command(self, folder):
        return ["bash", "pipeline.sh"]


class CapturedStderr(ProgramCase):
    """A program that reads its children's stderr must not read ours."""

    needs = [("bash", "bash")]
    least_traces = 3
    takes_locks = False
    plain_report = False

    def command(self, folder):
        return ["bash", "-c", CAPTURED_STDERR]


main(Pipeline(), CapturedStderr())
