"""The page, in headless Chromium: it loads without an error and without a network, a finding unfolds, search finds a lock, and what the
program named is text."""

import json

from selenium import webdriver
from selenium.common.exceptions import NoSuchElementException
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait

import formats
import scenarios

MOST_BOXES = 36


def start_browser():
    options = Options()
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1280,900"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))


class Html(formats.FormatCase):
    @classmethod
    def setUpClass(cls):
        cls.browser = start_browser()
        cls.addClassCleanup(cls.browser.quit)

    def load(self, scenario, command="report"):
        file = self.folder / f"{scenario.__name__}.html"
        outcome = self.lockorder(command, f"--html={file}", self.traces(scenario))
        self.assertIn(outcome.returncode, (0, 1), outcome.stderr)
        self.browser.get(file.as_uri())
        self.assertEqual(self.browser.get_log("browser"), [])
        return file.read_text(encoding="utf-8")

    def find(self, selector):
        return self.browser.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector):
        return self.browser.find_elements(By.CSS_SELECTOR, selector)

    def run_script(self, script):
        return self.browser.execute_script(script)

    def texts(self, selector):
        return self.run_script(f"return Array.from(document.querySelectorAll({json.dumps(selector)}), found => found.textContent)")

    def wait_for(self, condition):
        """The browser does what a key asks for when it comes to it."""
        WebDriverWait(self.browser, 30, ignored_exceptions=[NoSuchElementException]).until(condition)

    def search(self, text):
        field = self.find("#search")
        field.clear()
        field.send_keys(text)

    def test_each_scenario_loads_and_unfolds_without_an_error(self):
        for scenario in [*scenarios.ALL, formats.hostile, formats.cut]:
            with self.subTest(scenario=scenario.__name__):
                findings = json.loads(self.report("--json=-", scenario))["findings"]
                text = self.lockorder("report", self.traces(scenario)).stdout.decode().split("\n")[0]
                self.load(scenario)
                self.assertEqual(self.find("h1").text, text.removeprefix("lockorder: "))
                self.assertEqual(len(self.all(".finding")), len(findings))
                if findings and not self.all(".finding:not([open])") or len(findings) > 1:
                    self.find("#unfold-all").click()
                    self.assertEqual(len(self.all(".finding .body")), len(findings))
                self.assertEqual(self.browser.get_log("browser"), [])

    def test_a_finding_and_a_stack_unfold_with_mouse_and_keyboard(self):
        self.load(scenarios.misuses)
        first, second = self.all(".finding")[:2]
        self.assertEqual((first.get_attribute("open"), second.get_attribute("open")), ("true", None))
        second.find_element(By.TAG_NAME, "summary").send_keys(Keys.ENTER)
        self.wait_for(lambda _: second.find_element(By.CLASS_NAME, "body").is_displayed())
        stack = second.find_element(By.CSS_SELECTOR, ".stack")
        frames = stack.find_element(By.TAG_NAME, "ol")
        self.assertFalse(frames.is_displayed())
        stack.find_element(By.TAG_NAME, "summary").click()
        self.wait_for(lambda _: frames.is_displayed())

    def test_the_cycle_is_drawn_with_threads_as_arrows(self):
        self.load(scenarios.static_locks)
        self.assertEqual(self.texts(".cycle .box text"), ["accounts[0].lock", "accounts[1].lock"])
        self.assertEqual(self.texts(".cycle .label"), ['thread 2 "transfer-in", 991×', 'thread 3 "transfer-out", 9×'])
        self.assertEqual(len(self.all(".cycle .arrow")), 2)
        self.load(scenarios.unknown_threads)
        self.assertEqual(len(self.all(".cycle .box")), 3)
        self.load(scenarios.deadlock_by_join)
        self.assertEqual(self.texts(".cycle .box text"), ["journal", 'thread 2 "left"'])

    def test_a_finding_leads_to_its_locks_and_back(self):
        self.load(scenarios.hazards)
        self.assertEqual(self.texts("#lock-table tbody tr td:last-child"), ["1, 2, 3, 4", "4, 5"])
        self.find("#finding-1 .body .link").click()
        self.wait_for(lambda _: self.texts("#picture .box.focus text")[:1] == ["accounts[].lock"])
        self.find("#lock-table tbody a[href='#finding-4']").click()
        self.wait_for(lambda _: self.find("#finding-4 .body").is_displayed())

    def test_source_lines_are_shown(self):
        self.load(scenarios.static_locks)
        self.assertIn("14void debit(struct account *account) { pthread_mutex_lock(&account->lock); }", self.texts(".source .here"))

    def test_search_finds_one_of_5000_locks(self):
        self.load(formats.many_locks)
        self.assertEqual(self.find("#lock-count").text, "5,000")
        self.assertLessEqual(len(self.all("#picture .box")), MOST_BOXES)
        self.assertLessEqual(len(self.all("#lock-table tbody tr")), 100)
        self.find("body").send_keys("/")
        self.browser.switch_to.active_element.send_keys("table_3217")
        self.wait_for(lambda _: self.texts("#lock-table tbody .name") == ["table_3217.lock"])
        self.browser.switch_to.active_element.send_keys(Keys.ENTER)
        self.wait_for(lambda _: self.all("#picture .box.focus"))
        self.assertIn("table_3217.lock", self.texts("#picture .box.focus text"))
        self.assertIn("table_1608.lock", self.texts("#picture .box text"))
        self.assertEqual(self.texts("#neighbours h3"), ["Held when it was wanted (3)", "Wanted while it was held (1)"])

    def test_a_box_of_the_picture_leads_on(self):
        self.load(formats.many_locks)
        self.search("table_0000")
        self.wait_for(lambda _: self.texts("#lock-table tbody .name") == ["table_0000.lock"])
        self.find("#lock-table .link").click()
        self.assertLessEqual(len(self.all("#picture .box")), MOST_BOXES)
        self.find("#picture .box:not(.focus)").send_keys(Keys.ENTER)
        self.wait_for(lambda _: self.texts("#picture .box.focus text")[:1] not in ([], ["table_0000.lock"]))
        self.find("#whole").click()
        self.assertEqual(self.all("#picture .box.focus"), [])

    def test_filters_and_order_of_the_table(self):
        self.load(formats.some_locks)
        self.run_script("const module = document.getElementById('module'); module.value = 'subsystem_03.so';"
                        "module.dispatchEvent(new Event('change'))")
        self.assertEqual(set(self.texts("#lock-table tbody td:nth-child(3)")), {"subsystem_03.so"})
        self.assertEqual(len(self.all("#lock-table tbody tr")), 20)
        self.find("#lock-table th:first-child button").click()
        names = self.texts("#lock-table tbody .name")
        self.assertEqual(names, sorted(names))
        self.find("#lock-table th:first-child button").click()
        self.assertEqual(self.texts("#lock-table tbody .name"), names[::-1])
        self.run_script("document.getElementById('module').value = ''")
        self.find("#only-findings").click()
        self.assertEqual(sorted(self.texts("#lock-table tbody .name")), ["table_0199.lock", "table_0399.lock"])

    def test_names_of_the_program_are_text(self):
        source = self.load(formats.hostile)
        self.find("#unfold-all").click()
        self.assertEqual(self.all("b, img, iframe, object"), [])
        self.assertEqual(len(self.all("script")), 4)
        for name in ("</script><b>", "\\xff\\xfe\\xc3", "]]>&amp;\"'"):
            self.assertTrue(any(name in title for title in self.texts(".finding .title")), name)
        self.assertNotIn("<", source.partition('type="application/json">')[2].partition("</script>")[0])

    def test_nothing_is_loaded_from_anywhere(self):
        source = self.load(scenarios.static_locks)
        self.assertEqual(self.run_script("return performance.getEntriesByType('resource').length"), 0)
        self.assertIn("default-src 'none'", source)

    def test_light_and_dark(self):
        self.load(scenarios.static_locks)
        colours = []
        for scheme in ("light", "dark"):
            self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
            colours.append(self.run_script("return getComputedStyle(document.body).backgroundColor"))
        self.assertEqual(colours, ["rgb(255, 255, 255)", "rgb(18, 22, 29)"])

    def test_a_narrow_window_is_not_scrolled_sideways(self):
        self.addCleanup(self.browser.execute_cdp_cmd, "Emulation.clearDeviceMetricsOverride", {})
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                                     {"width": 380, "height": 800, "deviceScaleFactor": 1, "mobile": True})
        self.load(scenarios.static_locks)
        self.assertLessEqual(self.run_script("return document.documentElement.scrollWidth"), 380)

    def test_on_paper_everything_is_unfolded(self):
        self.load(scenarios.misuses)
        self.run_script("window.dispatchEvent(new Event('beforeprint'))")
        self.assertEqual(self.all("details.finding:not([open]), details.stack:not([open])"), [])

    def test_graph_writes_the_same_page(self):
        self.load(scenarios.clean, command="graph")
        self.assertEqual(self.texts("#picture .box text")[0], "accounts[].lock")
        self.assertEqual(self.texts("#picture .label"), ["50"])


if __name__ == "__main__":
    formats.main()
