"""The harness must be able to fail: a report that differs from the markers in any point is refused."""
import copy
import sys
import tempfile
import unittest
from pathlib import Path

import comparison
import markers

PROGRAM = """\
void forward(void)
{
    lock(&first); /* EXPECT cycle: forward holds first; subkind two threads */
    /* EXPECT cycle: forward wants "mutex #N initialised at @opening open";
     *               forward seen 7 times */
    /* an ordinary comment */
    lock(second);
}
void backward(void)
{
    take(second); /* EXPECT cycle: backward holds "mutex #N initialised at @opening open" called here */
    lock(&first); /* EXPECT cycle: backward wants first timed; suggests take first */
}
void take(lock *l)
{
    lock(l); /* EXPECT cycle: backward holds "mutex #N initialised at @opening open" */
}
void open(void)
{
    init(second); /* PLACE opening */
}
"""


def line_of(text):
    return 1 + PROGRAM[:PROGRAM.index(text)].count("\n")


def frame(text, file="program.c"):
    return {"file": f"/some/where/{file}", "line": line_of(text)}


def side(number, name, *frames, place=0):
    return {"lock": {"id": number, "name": name}, "stack": list(frames), "place": place}


def good_report():
    second = f"mutex #4 initialised at program.c:{line_of('init(second)')} open"
    wrapper = {"file": "/usr/include/mutex", "line": line_of("lock(second)")}
    return {
        "summary": {"cycle": 1, "deadlock": 0},
        "limits": [],
        "findings": [{
            "kind": "cycle", "subkind": "two threads", "title": "...", "needs_timeout_to_end": True,
            "advisory": False,
            "suggestion": "always take first before second",
            "steps": [
                {"thread": {"name": "forward"}, "count": 7, "timed": False, "condition": False,
                 "holds": side(1, "first", frame("lock(&first); /* EXPECT cycle: forward")),
                 "wants": side(2, second, wrapper, frame("lock(second)"), place=1)},
                {"thread": {"name": "backward"}, "count": 1, "timed": True, "condition": False,
                 "holds": side(2, second, frame("lock(l)"), frame("take(second)")),
                 "wants": side(1, "first", frame("lock(&first); /* EXPECT cycle: backward"))},
            ]}]}


class ProgramCase(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def read(self, text, option=""):
        source = Path(self.folder.name) / "program.c"
        source.write_text(text)
        return markers.read([source], option)

    def differences(self, report):
        return comparison.compare(self.read(PROGRAM), report, ["program.c"])


class ComparisonTest(ProgramCase):
    def test_what_is_expected_passes(self):
        self.assertEqual(self.differences(good_report()), [])

    def assert_refused(self, *words, change):
        report = good_report()
        change(report, report["findings"][0], report["findings"][0]["steps"])
        differences = "\n".join(self.differences(report))
        for word in words:
            self.assertIn(word, differences)

    def test_a_missing_finding(self):
        self.assert_refused("missing", change=lambda report, finding, steps: report["findings"].clear())

    def test_a_finding_too_many(self):
        self.assert_refused("unexpected", change=lambda report, finding, steps:
                            report["findings"].append(copy.deepcopy(finding)))

    def test_a_summary_that_counts_otherwise(self):
        self.assert_refused("summary", change=lambda report, finding, steps: report["summary"].update(hazard=1))

    def test_a_limit(self):
        self.assert_refused("the limit witnesses", change=lambda report, finding, steps:
                            report["limits"].append({"limit": "witnesses", "text": "..."}))

    def test_a_limit_that_is_not_told(self):
        text = PROGRAM + "/* EXPECT limit witnesses */\n"
        self.assertEqual(comparison.compare(self.read(text), good_report(), ["program.c"]), ["missing: the limit witnesses"])

    def test_a_limit_that_may_be_told(self):
        text = PROGRAM + "/* EXPECT perhaps limit witnesses */\n"
        report = good_report()
        self.assertEqual(comparison.compare(self.read(text), report, ["program.c"]), [])
        report["limits"].append({"limit": "witnesses", "text": "..."})
        self.assertEqual(comparison.compare(self.read(text), report, ["program.c"]), [])

    def test_a_run_with_an_option(self):
        text = PROGRAM + "/* EXPECT --hang nothing: it hangs */\n"
        self.assertEqual(comparison.compare(self.read(text), good_report(), ["program.c"]), [])
        expected = self.read(text, "--hang")
        self.assertTrue(expected.nothing)
        self.assertEqual(expected.findings, {})

    def test_a_finding_that_is_only_advisory(self):
        self.assert_refused("advisory", change=lambda report, finding, steps: finding.update(advisory=True))

    def test_two_steps_of_one_thread(self):
        text = PROGRAM.replace("backward holds", "forward' holds").replace("backward wants", "forward' wants")
        report = good_report()
        for step in report["findings"][0]["steps"]:
            step["thread"]["name"] = "forward"
        report["findings"][0]["steps"].reverse()
        self.assertEqual(comparison.compare(self.read(text), report, ["program.c"]), [])

    def test_another_kind(self):
        self.assert_refused("kind", "hazard", change=lambda report, finding, steps: finding.update(kind="hazard"))

    def test_another_subkind(self):
        self.assert_refused("subkind", change=lambda report, finding, steps: finding.update(subkind="self"))

    def test_another_suggestion(self):
        self.assert_refused("suggestion", change=lambda report, finding, steps: finding.update(suggestion=None))

    def test_a_lost_mark_of_a_timeout(self):
        self.assert_refused("needs_timeout_to_end",
                            change=lambda report, finding, steps: finding.update(needs_timeout_to_end=False))
        self.assert_refused("backward: timed", change=lambda report, finding, steps: steps[1].update(timed=False))

    def test_a_wrong_mark_of_a_condition(self):
        self.assert_refused("forward: condition", change=lambda report, finding, steps: steps[0].update(condition=True))

    def test_another_thread(self):
        self.assert_refused("threads", "sideways", change=lambda report, finding, steps:
                            steps[0]["thread"].update(name="sideways"))

    def test_another_count(self):
        self.assert_refused("count", change=lambda report, finding, steps: steps[0].update(count=8))
        self.assert_refused("backward: count", change=lambda report, finding, steps: steps[1].update(count=0))

    def test_another_lock(self):
        self.assert_refused("third", change=lambda report, finding, steps: steps[1]["wants"]["lock"].update(name="third"))

    def test_a_lock_initialised_elsewhere(self):
        self.assert_refused("initialised", change=lambda report, finding, steps:
                            steps[0]["wants"]["lock"].update(name="mutex #4 initialised at program.c:1 open"))

    def test_steps_that_are_no_chain(self):
        self.assert_refused("the next one holds", change=lambda report, finding, steps:
                            steps[1]["wants"]["lock"].update(id=3))

    def test_another_line(self):
        self.assert_refused("holds: first: expected at", change=lambda report, finding, steps:
                            steps[0]["holds"]["stack"][0].update(line=1))

    def test_another_caller(self):
        self.assert_refused("expected a call from", change=lambda report, finding, steps:
                            steps[1]["holds"]["stack"][1].update(line=1))

    def test_no_lines(self):
        self.assert_refused("no known line", change=lambda report, finding, steps: steps[0]["holds"]["stack"].clear())

    def test_the_mark_on_another_frame(self):
        self.assert_refused("mark", change=lambda report, finding, steps: steps[0]["wants"].update(place=0))


class MarkerTest(ProgramCase):
    def test_a_program_without_markers(self):
        with self.assertRaisesRegex(markers.MarkerError, "expected either"):
            self.read("int main(void) { return 0; }\n")

    def test_nothing_beside_something(self):
        with self.assertRaisesRegex(markers.MarkerError, "expected either"):
            self.read(PROGRAM + "/* EXPECT nothing: though there is */\n")

    def test_an_unknown_kind(self):
        with self.assertRaisesRegex(markers.MarkerError, "program.c:1: .*'circle: a holds b'"):
            self.read("lock(b); /* EXPECT circle: a holds b */\n")

    def test_an_unknown_clause(self):
        with self.assertRaisesRegex(markers.MarkerError, "program.c:1: .*'a grabs b'"):
            self.read("lock(b); /* EXPECT cycle: a grabs b */\n")

    def test_a_literal_line(self):
        with self.assertRaisesRegex(markers.MarkerError, "program.c:1: expected '@WORD'"):
            self.read('lock(b); /* EXPECT cycle: a holds "mutex #N initialised at program.c:7 open" */\n')

    def test_half_a_step(self):
        with self.assertRaisesRegex(markers.MarkerError, "a lacks its line with wants"):
            self.read("lock(b); /* EXPECT cycle: a holds b */\n")

    def test_two_places_for_one_side(self):
        with self.assertRaisesRegex(markers.MarkerError, "program.c:2: .*expected one place"):
            self.read("lock(b); /* EXPECT cycle: a holds b */\nlock(b); /* EXPECT cycle: a holds b */\n")


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    unittest.main()
