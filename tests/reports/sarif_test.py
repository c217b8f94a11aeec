"""SARIF: every object has the properties that the published schema of 2.1.0 allows and requires, as far as the classes say that
are generated from it (sarif_om); and it says what a code host needs."""

import json
import re
import urllib.parse
from pathlib import Path

import attr
import sarif_om

import formats
import scenarios

# Which class of the schema stands behind a property that has objects, and the values that a property of fixed ones may have.
CLASSES = {
    "runs": "Run", "tool": "Tool", "driver": "ToolComponent", "rules": "ReportingDescriptor", "shortDescription": "MultiformatMessageString",
    "fullDescription": "MultiformatMessageString", "defaultConfiguration": "ReportingConfiguration", "invocations": "Invocation",
    "toolExecutionNotifications": "Notification", "workingDirectory": "ArtifactLocation", "results": "Result", "message": "Message",
    "locations": "Location", "relatedLocations": "Location", "physicalLocation": "PhysicalLocation",
    "artifactLocation": "ArtifactLocation", "region": "Region", "logicalLocations": "LogicalLocation", "codeFlows": "CodeFlow",
    "threadFlows": "ThreadFlow", "location": "Location", "stack": "Stack", "frames": "StackFrame", "suppressions": "Suppression",
}
VALUES = {
    "version": {"2.1.0", "0.1.0"}, "level": {"none", "note", "warning", "error"}, "importance": {"important", "essential", "unimportant"},
    "columnKind": {"utf16CodeUnits", "unicodeCodePoints"}, "status": {"accepted", "underReview", "rejected"},
}
FREE = {"properties", "partialFingerprints", "originalUriBaseIds"}
URI = re.compile(r"(file:///)?[A-Za-z0-9._~/%-]*")


def schema_of(class_name):
    """Property of the schema -> whether it is required."""
    fields = attr.fields(getattr(sarif_om, class_name))
    return {field.metadata["schema_property_name"]: field.default is attr.NOTHING for field in fields}


class Sarif(formats.FormatCase):
    def log(self, scenario, cwd=None):
        return json.loads(self.report("--sarif=-", scenario, cwd))

    def run_of(self, scenario, cwd=None):
        return self.log(scenario, cwd)["runs"][0]

    def check(self, value, class_name, path):
        schema = schema_of(class_name)
        self.assertLessEqual(set(value), set(schema) | {"$schema"}, path)
        self.assertLessEqual({name for name, required in schema.items() if required}, set(value), path)
        for name, item in value.items():
            self.check_property(name, item, class_name, f"{path}.{name}")

    def check_property(self, name, item, class_name, path):
        if name in FREE:
            return
        if name == "locations" and class_name == "ThreadFlow":
            self.check_list(item, "ThreadFlowLocation", path)
        elif name in CLASSES:
            self.check_list(item if isinstance(item, list) else [item], CLASSES[name], path)
        else:
            self.assertIsInstance(item, (str, int, bool), path)
            self.check_value(name, item, path)

    def check_list(self, items, class_name, path):
        self.assertTrue(all(isinstance(item, dict) for item in items), path)
        for number, item in enumerate(items):
            self.check(item, class_name, f"{path}[{number}]")

    def check_value(self, name, item, path):
        if name in VALUES:
            self.assertIn(item, VALUES[name], path)
        if name == "uri":
            self.assertTrue(URI.fullmatch(item), f"{path}: {item}")
        if name == "startLine":
            self.assertGreaterEqual(item, 1, path)

    def test_each_scenario_is_as_the_schema_wants_it(self):
        for scenario in [*scenarios.ALL, formats.hostile, formats.cut]:
            with self.subTest(scenario=scenario.__name__):
                log = self.log(scenario)
                self.check(log, "SarifLog", "log")
                for result in log["runs"][0]["results"]:
                    rule = log["runs"][0]["tool"]["driver"]["rules"][result["ruleIndex"]]
                    self.assertEqual(rule["id"], result["ruleId"])
                    self.assertTrue(result["locations"])
                    for place in self.physical(result):
                        self.assertTrue(set(place) & {"artifactLocation", "address"})

    def test_the_check_can_fail(self):
        log = self.log(scenarios.static_locks)
        for change in (lambda run: run.update(extra=1), lambda run: run.pop("tool"),
                       lambda run: run["results"][0].pop("message"), lambda run: run["results"][0].update(level="fatal")):
            broken = json.loads(json.dumps(log))
            change(broken["runs"][0])
            with self.assertRaises(AssertionError):
                self.check(broken, "SarifLog", "log")

    @staticmethod
    def physical(result):
        flows = [place["location"] for flow in result.get("codeFlows", []) for thread in flow["threadFlows"]
                 for place in thread["locations"]]
        return [place["physicalLocation"] for place in [*result["locations"], *result["relatedLocations"], *flows]
                if "physicalLocation" in place]

    def test_both_sides_of_a_cycle_are_shown(self):
        result, = self.run_of(scenarios.static_locks)["results"]
        threads = result["codeFlows"][0]["threadFlows"]
        texts = [[place["location"]["message"]["text"] for place in thread["locations"]] for thread in threads]
        self.assertEqual(texts, [['thread 2 "transfer-in" locks accounts[0].lock', 'thread 2 "transfer-in" wants accounts[1].lock'],
                                 ['thread 3 "transfer-out" locks accounts[1].lock', 'thread 3 "transfer-out" wants accounts[0].lock']])
        functions = [frame["location"]["logicalLocations"][0]["fullyQualifiedName"]
                     for frame in threads[0]["locations"][0]["stack"]["frames"]]
        self.assertEqual(functions, ["debit", "transfer", "audit"])
        self.assertEqual(len(result["relatedLocations"]), 3)

    def test_sources_below_the_current_folder_are_relative(self):
        source = Path(__file__).resolve().parent / "subject.c"
        run = self.run_of(scenarios.static_locks, cwd=source.parent.parent)
        self.assertEqual(run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"],
                         {"uri": "reports/subject.c", "uriBaseId": "SOURCES"})
        self.assertEqual(urllib.parse.unquote(run["originalUriBaseIds"]["SOURCES"]["uri"]), f"file://{source.parent.parent}/")
        elsewhere = self.run_of(scenarios.static_locks, cwd=self.folder)
        self.assertEqual(elsewhere["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"], {"uri": f"file://{source}"})

    def test_level_fingerprint_and_suppressions(self):
        cycle, = self.run_of(scenarios.static_locks)["results"]
        finding, = json.loads(self.report("--json=-", scenarios.static_locks))["findings"]
        self.assertEqual((cycle["level"], cycle["suppressions"]), ("error", []))
        self.assertEqual(cycle["partialFingerprints"], {"lockorder/v1": finding["fingerprint"]})
        self.assertEqual({result["level"] for result in self.run_of(scenarios.hazards)["results"]}, {"warning"})

    def test_revision_and_build(self):
        outcome = self.lockorder("report", "--revision=v1-7-gabc", "--sarif=-", self.traces(scenarios.static_locks))
        self.assertEqual(json.loads(outcome.stdout)["runs"][0]["properties"]["revision"], "v1-7-gabc")

    def test_what_was_cut_is_a_notification(self):
        limits = json.loads(self.report("--json=-", formats.cut))["limits"]
        told = self.run_of(formats.cut)["invocations"][0]["toolExecutionNotifications"]
        self.assertEqual([notification["message"]["text"] for notification in told],
                         [f"cut: {limit['text']} ({limit['count']})" for limit in limits])
        self.assertEqual(len(told), 2)

    def test_names_of_the_program_make_no_link_and_no_placeholder(self):
        texts = [place["location"]["message"]["text"] for result in self.run_of(formats.hostile)["results"]
                 for thread in result["codeFlows"][0]["threadFlows"] for place in thread["locations"]]
        self.assertEqual([text for text in texts if "](" in text], [])
        self.assertTrue(any("{{0}}" in text for text in texts))
        self.assertNotIn("{0}", "".join(texts).replace("{{0}}", ""))


if __name__ == "__main__":
    formats.main()
