"""LibreOffice, which converts a text and a sheet: its main thread, its clipboard, its helpers and the locks of all its modules."""

import subprocess

from program_case import ProgramCase, main

PAGES = 40


class Text(ProgramCase):
    needs = [("soffice", "libreoffice-writer-nogui"), ("pdftotext", "poppler-utils")]
    seconds = 300

    def prepare(self, folder):
        chapters = "".join(f"<h1>Chapter {page}</h1><p>{'A sentence of it. ' * 150}</p><table border=1><tr><td>{page}</td><td>cell</td></tr></table>"
                           for page in range(PAGES))
        (folder / "document.html").write_text(f"<html><body>{chapters}</body></html>", encoding="ascii")

    def command(self, folder):
        return ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", "pdf:writer_web_pdf_Export",
                "document.html"]

    def stdout(self, text):
        return b"".join(line for line in text.splitlines(True) if b"convert" not in line)  # names the folder

    def produced(self, folder):
        """A PDF has the time in it: what is compared is its text."""
        return subprocess.run(["pdftotext", "-layout", next(folder.glob("*.pdf")), "-"], capture_output=True, check=True).stdout


class Sheet(Text):
    def prepare(self, folder):
        (folder / "sheet.csv").write_text("".join(f"{row},=A{row + 1}*2,=SUM(A1:A{row + 1})\n" for row in range(5000)), encoding="ascii")

    def command(self, folder):
        return ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", "html:HTML (StarCalc)", "sheet.csv"]

    def produced(self, folder):
        return [line for line in (folder / "sheet.html").read_text().splitlines() if "meta" not in line]


main(Text(), Sheet())
