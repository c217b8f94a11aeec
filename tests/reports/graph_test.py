"""`lockorder graph`: graphviz reads what is written, nodes are classes, edges have counts, what a finding has is marked."""

import json
import subprocess
import xml.etree.ElementTree as ElementTree

import formats
import scenarios

SVG = "{http://www.w3.org/2000/svg}"


class Graph(formats.FormatCase):
    def dot(self, *all_scenarios):
        outcome = self.lockorder("graph", *(self.traces(scenario) for scenario in all_scenarios))
        self.assertEqual((outcome.returncode, outcome.stderr), (0, b""))
        return outcome.stdout

    def graph(self, *all_scenarios):
        """(label -> attributes of nodes, (label held, label wanted) -> attributes of edges), as graphviz reads it."""
        read = subprocess.run(["dot", "-Tdot_json"], input=self.dot(*all_scenarios), capture_output=True, check=True)
        self.assertEqual(read.stderr, b"")
        graph = json.loads(read.stdout)
        labels = {node["_gvid"]: node["label"] for node in graph.get("objects", [])}
        edges = {(labels[edge["tail"]], labels[edge["head"]]): edge for edge in graph.get("edges", [])}
        return {node["label"]: node for node in graph.get("objects", [])}, edges

    def test_classes_are_nodes_and_counts_are_on_edges(self):
        nodes, edges = self.graph(scenarios.unknown_threads)
        accounts, journal = "accounts[].lock\\n2 × mutex, reports_subject", "journal\\n1 × mutex, reports_subject"
        self.assertEqual(set(nodes), {accounts, journal})
        self.assertEqual({pair: edge["label"] for pair, edge in edges.items()},
                         {(accounts, accounts): "1", (accounts, journal): "2", (journal, accounts): "3"})

    def test_what_a_finding_has_is_red(self):
        _, edges = self.graph(scenarios.unknown_threads)
        self.assertTrue(all(edge.get("color") == "#c62828" for edge in edges.values()))
        _, edges = self.graph(scenarios.clean)
        self.assertEqual([edge.get("color") for edge in edges.values()], [None])

    def test_traces_are_drawn_together(self):
        _, edges = self.graph(scenarios.static_locks, scenarios.clean)
        self.assertEqual([edge["label"] for edge in edges.values()], ["1050"])

    def test_each_scenario_is_read(self):
        for scenario in scenarios.ALL:
            with self.subTest(scenario=scenario.__name__):
                outcome = self.lockorder("graph", self.traces(scenario))
                self.assertEqual(outcome.returncode, 0)
                subprocess.run(["dot", "-Tdot"], input=outcome.stdout, capture_output=True, check=True)

    def test_hostile_names_are_labels(self):
        nodes, edges = self.graph(formats.hostile)
        self.assertEqual(len(edges), 2 * len(formats.HOSTILE))
        labels = "".join(nodes)
        for name in ("</script><b>", "]]>&amp;amp;\\\"'", "\\\\xff\\\\xfe\\\\xc3"):
            self.assertIn(name.replace("\\\"", '"'), labels)

    def svg(self, scenario):
        file = self.folder / "graph.svg"
        outcome = self.lockorder("graph", f"--svg={file}", self.traces(scenario))
        self.assertEqual((outcome.returncode, outcome.stdout), (0, b""), outcome.stderr)
        return ElementTree.parse(file).getroot()

    def test_picture(self):
        for scenario, expected in ((scenarios.unknown_threads, "journal"), (formats.hostile, "</script><b>")):
            texts = {element.text for element in self.svg(scenario).iter(f"{SVG}text")}
            self.assertIn(expected, texts)

    def test_picture_of_many_locks(self):
        nodes = [element for element in self.svg(formats.some_locks).iter(f"{SVG}g") if element.get("class") == "node"]
        self.assertEqual(len(nodes), 500)

    def test_an_empty_graph_is_told(self):
        outcome = self.lockorder("graph", self.traces(scenarios.nothing_observed))
        self.assertEqual(outcome.returncode, 0)
        self.assertEqual(outcome.stderr, b"lockorder: the graph is empty: no lock was wanted while another one was held\n")

    def test_bad_usage(self):
        traces = self.traces(scenarios.clean)
        for words, error in ((["graph"], b"graph: expected a trace or a folder of traces; 'lockorder graph --help' explains"),
                             (["graph", "--svg=-", "--dot=-", traces], b"--dot and --svg both go to stdout: expected a file for one "
                                                                       b"of them"),
                             (["graph", f"--dot={self.folder}", traces], f"{self.folder}: cannot be written: Is a directory".encode()),
                             (["graph", self.folder / "none"], f"{self.folder / 'none'}: ".encode())):
            outcome = self.lockorder(*words)
            self.assertEqual(outcome.returncode, 2)
            self.assertTrue(outcome.stderr.startswith(b"lockorder: " + error), outcome.stderr)


if __name__ == "__main__":
    formats.main()
