"""The JSON of each scenario is valid against the schema, and the schema refuses what is not a report."""

import argparse
import copy
import json
import subprocess
import tempfile
import unittest
from pathlib import Path

import jsonschema

import scenarios

arguments = None


class Schema(unittest.TestCase):
    def setUp(self):
        self.validator = jsonschema.Draft202012Validator(json.loads(Path(arguments.schema).read_text()))
        self.subject = scenarios.Subject(arguments.subject)

    def report(self, scenario):
        with tempfile.TemporaryDirectory(prefix="lockorder-reports-") as folder:
            for name, content in scenario(self.subject).items():
                (Path(folder) / f"{name}.lockorder").write_bytes(content)
            outcome = subprocess.run([arguments.lockorder, "report", "--json=-", folder], stdin=subprocess.DEVNULL,
                                     capture_output=True, timeout=60, check=False)
            return json.loads(outcome.stdout.decode("utf-8"))

    def test_schema_is_a_schema(self):
        jsonschema.Draft202012Validator.check_schema(self.validator.schema)

    def test_each_scenario_is_valid(self):
        for scenario in scenarios.ALL:
            with self.subTest(scenario=scenario.__name__):
                self.validator.validate(self.report(scenario))

    def test_every_required_field_is_needed(self):
        report = self.report(scenarios.static_locks)
        self.assertEqual(report["summary"]["cycle"], 1)
        places = [(), ("findings", 0), ("findings", 0, "steps", 0), ("findings", 0, "steps", 0, "holds"),
                  ("findings", 0, "steps", 0, "wants", "stack", 0), ("coverage",)]
        for place in places:
            for field in self.part(report, place):
                with self.subTest(place=place, field=field):
                    broken = copy.deepcopy(report)
                    del self.part(broken, place)[field]
                    self.assertFalse(self.validator.is_valid(broken))

    @staticmethod
    def part(report, place):
        for key in place:
            report = report[key]
        return report


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    for option in ("--lockorder", "--subject", "--schema"):
        parser.add_argument(option, required=True)
    arguments, rest = parser.parse_known_args()
    unittest.main(argv=[__file__, *rest])
