"""Markdown, as GitHub's own converter (cmark-gfm) makes a page of it: a table and folded details, and no markup of the program's."""

import html.parser
import json
import subprocess

import formats
import scenarios

OURS = {"h3", "table", "thead", "tbody", "tr", "th", "td", "br", "strong", "details", "summary", "code", "pre"}


class Page(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.cells, self.texts = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag in ("td", "th"):
            self.cells.append("")

    def handle_data(self, data):
        self.texts.append(data)
        if self.cells:
            self.cells[-1] += data.strip("\n")


class Markdown(formats.FormatCase):
    def source(self, scenario):
        return self.report("--markdown=-", scenario)

    def page(self, scenario):
        command = ["cmark-gfm", "--unsafe", "-e", "table", "-e", "autolink", "-e", "strikethrough", "-e", "tagfilter"]
        converted = subprocess.run(command, input=self.source(scenario), capture_output=True, text=True, check=True)
        return Page(converted.stdout)

    def test_a_row_and_details_for_each_finding(self):
        for scenario in [*scenarios.ALL, formats.hostile, formats.cut]:
            with self.subTest(scenario=scenario.__name__):
                findings = json.loads(self.report("--json=-", scenario))["findings"]
                page = self.page(scenario)
                self.assertLessEqual(set(page.tags), OURS)
                self.assertEqual(page.tags.count("td"), 6 * len(findings))
                self.assertEqual(page.tags.count("tr"), len(findings) + 1 if findings else 0)
                self.assertEqual(page.tags.count("details"), len(findings) + 1)
                self.assertEqual(page.tags.count("details"), page.tags.count("pre"))

    def test_what_the_row_says(self):
        cells = self.page(scenarios.static_locks).cells[6:12]
        self.assertEqual(cells[0:2], ["1", "cycle, predicted"])
        self.assertTrue(cells[2].startswith("2 threads can deadlock: transfer-in holds accounts[0].lock and wants accounts[1].lock"))
        self.assertEqual(cells[3], "subject.c:14 debitsubject.c:15 credit" * 2)
        self.assertEqual(cells[4], "991, 9")
        self.assertTrue(cells[5].startswith("new"))

    def test_the_conclusion_is_the_heading(self):
        self.assertEqual(self.page(scenarios.clean).texts[0], "lockorder: no findings in ./bank (pid 4711)")
        self.assertEqual(self.page(scenarios.static_locks).texts[0], "lockorder: 1 cycle in ./bank (pid 4711): it can deadlock")

    def test_hostile_names_are_text_and_make_no_link(self):
        """Where a host makes links of names and numbers, it looks at whole texts: none has both parts."""
        page = self.page(formats.hostile)
        text = "".join(page.texts)
        for name in ("</script><b>", "a|b`c*", "[x](http://e)", "a\\nb", "\\xff\\xfe\\xc3", "@all #1 --> ]"):
            self.assertIn(name, text)
        table = self.source(formats.hostile).partition("<details>")[0]
        for link in ("@a", "#1", "://", "<b>"):
            self.assertNotIn(link, table)


if __name__ == "__main__":
    formats.main()
