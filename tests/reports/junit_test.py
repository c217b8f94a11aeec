"""JUnit XML: well-formed whatever the program's names are, with counts that are true."""

import json
import xml.etree.ElementTree as ElementTree

import formats
import scenarios


class JUnit(formats.FormatCase):
    def suite(self, scenario, cwd=None):
        root = ElementTree.fromstring(self.report("--junit=-", scenario, cwd).encode())
        self.assertEqual(root.tag, "testsuites")
        suite, = root
        for name in ("tests", "failures", "errors", "skipped"):
            self.assertEqual(root.get(name), suite.get(name))
        return suite

    @staticmethod
    def with_child(suite, tag):
        return [case for case in suite.iter("testcase") if case.find(tag) is not None]

    def test_counts_are_those_of_the_test_cases(self):
        for scenario in [*scenarios.ALL, formats.hostile, formats.cut]:
            with self.subTest(scenario=scenario.__name__):
                suite = self.suite(scenario)
                found = {"tests": len(suite.findall("testcase"))}
                for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
                    found[name] = len(self.with_child(suite, tag))
                self.assertEqual({name: int(suite.get(name)) for name in found}, found)

    def test_each_finding_is_a_test_case_of_its_kind(self):
        for scenario in (scenarios.static_locks, scenarios.misuses, scenarios.hazards, scenarios.deadlock):
            with self.subTest(scenario=scenario.__name__):
                findings = json.loads(self.report("--json=-", scenario))["findings"]
                told = [*self.with_child(suite := self.suite(scenario), "failure"), *self.with_child(suite, "skipped")]
                self.assertEqual(sorted((case.get("classname"), case.get("name")) for case in told),
                                 sorted((f"lockorder.{finding['kind']}", f"{finding['fingerprint']}: {finding['title']}")
                                        for finding in findings))

    def test_a_kind_of_which_there_is_none_passes(self):
        names = [case.get("name") for case in self.suite(scenarios.clean).iter("testcase")]
        self.assertEqual(names, ["no deadlock", "no cycle", "no order", "no hazard", "no misuse"])
        self.assertNotIn("no cycle", [case.get("name") for case in self.suite(scenarios.static_locks).iter("testcase")])

    def test_where_it_is_and_what_is_told(self):
        root = formats.Path(__file__).resolve().parent
        case, = self.with_child(self.suite(scenarios.static_locks, cwd=root), "failure")
        self.assertEqual((case.get("file"), case.get("line")), ("subject.c", "15"))
        self.assertIn('thread 3 "transfer-out" holds accounts[1].lock', case.find("failure").text)

    def test_hazards_are_skipped_with_a_reason(self):
        cases = self.with_child(self.suite(scenarios.hazards), "skipped")
        self.assertEqual({case.find("skipped").get("message") for case in cases}, {"hazard: told, and fails nothing"})
        self.assertIn("holds", cases[0].find("system-out").text)

    def test_nothing_observed_is_an_error(self):
        self.assertEqual(len(self.with_child(self.suite(scenarios.nothing_observed), "error")), 1)

    def test_hostile_names_are_text(self):
        suite = self.suite(formats.hostile)
        tags = {element.tag for element in suite.iter()}
        self.assertEqual(tags, {"testsuite", "testcase", "failure", "system-out"})
        texts = "".join(suite.itertext())
        for text in ("</script><b>", "]]>&amp;\"'", "\\xff\\xfe\\xc3", "a\\nb", "\\x1b[31m"):
            self.assertIn(text, texts)


if __name__ == "__main__":
    formats.main()
