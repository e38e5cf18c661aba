"""What each kind of page weighs, written in docs/ecoconception.md: ``make weights``."""

import gzip
import re
import tempfile
from pathlib import Path

from flask.testing import FlaskClient

from guide.app import create_app
from guide.settings import ROOT, Settings
from tests.browser.states import USUAL
from tests.web.pages import Page
from tests.web.test_weight import elements, requests_of

DOCUMENT = ROOT / "docs/ecoconception.md"
PAGES = {
    "Accueil": "/",
    "Une question": "/questionnaire/besoins?stage=idee",
    "Un chemin": USUAL,
    "Qui fait quoi ?": "/qui-fait-quoi",
    "Annuaire": "/annuaire",
    "Une structure": "/structures/apes",
    "Un dispositif": "/dispositifs/budget-citoyen",
    "Glossaire": "/glossaire",
    "Projets inspirants": "/projets-inspirants",
    "Territoires": "/territoires",
    "Comment ça marche": "/comment-ca-marche",
    "Demande": "/demande",
}
FILES = {
    "Feuille de style": "css/guide.css",
    "Script": "js/guide.js",
    "Police, 400": "fonts/atkinson-hyperlegible-400.woff2",
    "Police, 700": "fonts/atkinson-hyperlegible-700.woff2",
    "Icône": "icon.svg",
    "Tracé du chemin": "img/way.svg",
}
_TABLES = re.compile(r"(<!-- mesures -->\n).*?(<!-- fin -->)", re.DOTALL)


def main() -> None:
    """Measure, print, and rewrite the tables of the document."""
    with tempfile.TemporaryDirectory() as folder:
        client = create_app(Settings(instance=Path(folder))).test_client()
        tables = f"{_of_pages(client)}\n\n{_of_files(client)}\n"
    print(tables)
    said = DOCUMENT.read_text(encoding="utf-8")
    DOCUMENT.write_text(_TABLES.sub(lambda found: f"{found[1]}{tables}{found[2]}", said), encoding="utf-8")


def _of_pages(client: FlaskClient) -> str:
    lines = ["| page | page suivante (ko) | première vue (ko) | requêtes | éléments |", "|---|--:|--:|--:|--:|"]
    for name, address in PAGES.items():
        page = Page(address, 200, client.get(address, follow_redirects=True).text)
        asked = requests_of(page, client)
        own = asked[address] / 1000
        lines.append(f"| {name} | {own:.1f} | {sum(asked.values()) / 1000:.1f} | {len(asked)} | {elements(page)} |")
    return "\n".join(lines)


def _of_files(client: FlaskClient) -> str:
    lines = ["| fichier | compressé (ko) | budget (ko) |", "|---|--:|--:|"]
    budgets = {"Feuille de style": "12", "Script": "14", "Police, 400": "24 à elles deux"}
    for name, path in FILES.items():
        data = client.get(f"/static/{path}", buffered=True).data
        weight = min(len(data), len(gzip.compress(data))) / 1000
        lines.append(f"| {name} | {weight:.1f} | {budgets.get(name, '')} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
