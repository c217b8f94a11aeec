"""Chromium without a window, which renders a page with a script, a canvas and a timer: some thirty processes with many threads each."""

import os

from program_case import Failure, ProgramCase, main

SUM = b"the sum is 89999995"

PAGE = """<!doctype html><title>a page</title><canvas id=c width=200 height=200></canvas><p id=p>not yet</p><script>
const context = document.getElementById("c").getContext("2d");
for (let i = 0; i < 200; i++) { context.fillStyle = `hsl(${i}, 80%, 50%)`; context.fillRect(i, i / 2, 40, 40); }
let sum = 0;
for (let i = 0; i < 30000000; i++) sum += i % 7;
setTimeout(() => { document.getElementById("p").textContent = "the sum is " + sum; }, 200);
</script>"""


class Chromium(ProgramCase):
    needs = [("chromium", "chromium")]
    seconds = 180
    least_traces = 3

    def prepare(self, folder):
        (folder / "page.html").write_text(PAGE, encoding="ascii")

    def browser(self, folder):
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        return ["chromium", "--headless", *sandbox, "--disable-gpu", "--no-first-run", f"--user-data-dir={folder}/profile",
                "--virtual-time-budget=10000"]

    def command(self, folder):
        return [*self.browser(folder), "--dump-dom", "page.html"]

    def stdout(self, text):
        if SUM not in text:
            raise Failure(f"chromium: expected a page whose script has ended, got {text}")
        return text

    def stderr(self, text):
        return b""  # its messages have process ids and times

    def produced(self, folder):
        return None


class Picture(Chromium):
    def stdout(self, text):
        return text

    def command(self, folder):
        return [*self.browser(folder), "--screenshot=picture.png", "--window-size=400,400", "page.html"]

    def produced(self, folder):
        return (folder / "picture.png").read_bytes()


main(Chromium(), Picture())
