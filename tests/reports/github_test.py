"""Annotations for GitHub Actions: one line each, read back as the runner does."""

import json
import re

import formats
import scenarios

COMMAND = re.compile(r"::(error|warning|notice) ([^:]*)::(.*)")


def undo(text, pairs):
    for code, character in [*pairs, ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")]:
        text = text.replace(code, character)
    return text


class GitHub(formats.FormatCase):
    def annotations(self, scenario, cwd=None):
        """(level, properties, message) of each line that the runner takes for a command."""
        lines = [line for line in self.report("--github", scenario, cwd).split("\n") if line.lstrip().startswith("::")]
        return [self.parse(line) for line in lines]

    def parse(self, line):
        match = COMMAND.fullmatch(line)
        self.assertTrue(match, line)
        properties = dict(part.split("=", 1) for part in match[2].split(","))
        plain = {name: undo(value, [("%3A", ":"), ("%2C", ",")]) for name, value in properties.items()}
        return match[1], plain, undo(match[3], [])

    def test_one_for_each_finding(self):
        for scenario in [*scenarios.ALL, formats.hostile]:
            with self.subTest(scenario=scenario.__name__):
                findings = json.loads(self.report("--json=-", scenario))["findings"]
                annotations = self.annotations(scenario)
                self.assertEqual([properties["title"] for _, properties, _ in annotations],
                                 [f"lockorder: {finding['kind']}" for finding in findings])
                for (_, _, message), finding in zip(annotations, findings):
                    self.assertIn(finding["fingerprint"], message)

    def test_level_and_place(self):
        root = formats.Path(__file__).resolve().parent
        (level, properties, message), = self.annotations(scenarios.static_locks, cwd=root)
        self.assertEqual((level, properties["file"], properties["line"]), ("error", "subject.c", "15"))
        self.assertIn("\n   2 threads can deadlock: transfer-in holds accounts[0].lock", message)
        self.assertEqual({level for level, _, _ in self.annotations(scenarios.hazards)}, {"warning"})
        (_, properties, _), = self.annotations(scenarios.missing_program)
        self.assertEqual(set(properties), {"title"})

    def test_text_stays_on_stdout(self):
        self.assertTrue(self.report("--github", scenarios.static_locks).startswith("lockorder: 1 cycle in "))
        outcome = self.lockorder("report", "--github", "--json=-", self.traces(scenarios.clean))
        self.assertEqual((outcome.returncode, outcome.stderr),
                         (2, b"lockorder: --json and --github both go to stdout: expected a file for one of them\n"))

    def test_hostile_names_are_text(self):
        messages = "".join(message for _, _, message in self.annotations(formats.hostile))
        for text in ("::error::x", "%0A::x,y=z", "a\\nb", "\\xff\\xfe\\xc3", "\\x1b[31m\\x07"):
            self.assertIn(text, messages)


if __name__ == "__main__":
    formats.main()
