"""The pages judged by tools of others: the Nu checker (valid HTML) and Lighthouse. ``make nu``, ``make lighthouse``.

Both come from npm, without running what their packages would run at installation; neither calls anybody.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from benchmarks.production import Server
from guide.settings import ROOT
from tests.browser.chromium import ARGUMENTS, find_chromium
from tests.browser.states import STATES, USUAL

TOOLS = ROOT / ".tools"
NU, LIGHTHOUSE = "vnu-jar@26.9.27", "lighthouse@12.8.2"
PAGES = {  # those that the first visitors meet
    "accueil": "/",
    "questionnaire": "/questionnaire/besoins?stage=idee",
    "chemin": USUAL,
    "qui fait quoi": "/qui-fait-quoi",
    "annuaire": "/annuaire",
    "structure": "/structures/apes",
    "dispositif": "/dispositifs/budget-citoyen",
    "glossaire": "/glossaire",
    "demande": "/demande",
}
LEAST = {"performance": 99, "accessibility": 100, "best-practices": 100, "seo": 100}
NOINDEX = ("questionnaire", "chemin", "demande")  # they hold answers: « is-crawlable » refuses them on purpose


def main(tool: str) -> int:
    """Start the production server, then judge its pages."""
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder))
        server.upgrade()
        server.start()
        try:
            return {"nu": check_html, "lighthouse": run_lighthouse}[tool](server.address)
        finally:
            server.stop()


def install(package: str) -> Path:
    """Install a package of npm beside the project, once; nothing of it runs then."""
    folder = TOOLS / "node_modules" / package.partition("@")[0]
    if not folder.exists():
        npm = shutil.which("npm") or sys.exit("npm est nécessaire (Node.js 18 ou plus récent).")
        TOOLS.mkdir(exist_ok=True)
        quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
        subprocess.run([npm, "install", "--prefix", str(TOOLS), *quiet, package], check=True)
    return folder


def check_html(address: str) -> int:
    """Every state of every template, through the checker of the standard."""
    java = shutil.which("java") or sys.exit("Java 17 est nécessaire.")
    jar = install(NU) / "build/dist/vnu.jar"
    with tempfile.TemporaryDirectory() as folder:
        for state in STATES:
            try:
                html = urllib.request.urlopen(address + state.address).read()  # noqa: S310 - our own server
            except urllib.error.HTTPError as error:
                html = error.read()
            (Path(folder) / f"{state.name}.html").write_bytes(html)
        command = [java, "-jar", str(jar), "--format", "json", folder]
        told = subprocess.run(command, capture_output=True, check=False).stderr
    messages = [each for each in json.loads(told)["messages"] if each["type"] == "error" or each.get("subType")]
    for each in messages:
        print(Path(each["url"]).stem, each.get("lastLine", ""), each["message"], each.get("extract", "")[:160])
    print(f"{len(STATES)} pages relues par le vérificateur Nu : {len(messages)} remarque(s)")
    return 1 if messages else 0


def run_lighthouse(address: str) -> int:
    """The worst marks among the pages that matter most, on the telephone that Lighthouse imitates."""
    script = install(LIGHTHOUSE) / "cli/index.js"
    chromium = find_chromium() or sys.exit("Aucun Chromium sur cette machine.")
    flags = ["--output=json", "--quiet", f"--chrome-flags=--headless=new {' '.join(ARGUMENTS)}"]
    low = 0
    print(f"{'page':16}{''.join(f'{name:>17}' for name in LEAST)}{'LCP':>9}{'CLS':>7}{'TBT':>8}")
    for name, path in PAGES.items():
        skipped = ["--skip-audits=is-crawlable"] if name in NOINDEX else []
        command = [shutil.which("node") or "node", str(script), address + path, *flags, *skipped]
        report = _report(command, os.environ | {"CHROME_PATH": chromium})
        marks = {each: round(100 * report["categories"][each]["score"]) for each in LEAST}
        shown = [report["audits"][each]["displayValue"] for each in _TIMES]
        print(f"{name:16}{''.join(f'{mark:>17}' for mark in marks.values())}{shown[0]:>9}{shown[1]:>7}{shown[2]:>8}")
        low += sum(mark < LEAST[each] for each, mark in marks.items())
        for audit in report["audits"].values():
            if audit["score"] is not None and audit["score"] < 1 and audit["scoreDisplayMode"] == "binary":
                print(f"    {audit['id']} : {audit['title']}")
    return 1 if low else 0


def _report(command: list[str], environment: dict[str, str]) -> dict[str, Any]:
    """What Lighthouse says of a page; a browser that dies on a busy machine is started again, twice at most."""
    for left in (2, 1, 0):
        run = subprocess.run(command, capture_output=True, check=not left, env=environment)
        if run.returncode == 0:
            break
    report: dict[str, Any] = json.loads(run.stdout)
    return report


_TIMES = ("largest-contentful-paint", "cumulative-layout-shift", "total-blocking-time")

if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
