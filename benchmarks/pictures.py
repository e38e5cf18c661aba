"""Pictures of the pages for the documents, taken from the real server: ``make pictures``."""

import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from benchmarks.desk_pictures import take_desk_pictures
from benchmarks.production import Server
from guide.settings import ROOT
from tests.browser.chromium import ARGUMENTS, find_chromium
from tests.browser.states import USUAL

FOLDER = ROOT / "docs/pictures"
_COLOURS = 96  # flat drawings need few: each picture stays small
_SAID = "g une idee de café asso vers hesdin mais jsuis seule"
_WIDE, _NARROW = (1280, 900), (320, 700)
PICTURES = {  # file -> address, screen, colour scheme
    "accueil": ("/", _WIDE, "light"),
    "accueil-telephone-sombre": ("/", _NARROW, "dark"),
    "question": ("/questionnaire/besoins?stage=idee", _WIDE, "light"),
    "question-telephone": ("/questionnaire/besoins?stage=idee", _NARROW, "light"),
    "chemin": (USUAL, _WIDE, "light"),
    "chemin-telephone-sombre": (USUAL, _NARROW, "dark"),
    "conversation": ("/assistant", (900, 860), "light"),
    "conversation-telephone-sombre": ("/assistant", (320, 700), "dark"),
    "qui-fait-quoi": ("/qui-fait-quoi?need=financer&stage=creation", (1440, 1300), "light"),
    "qui-fait-quoi-sombre": ("/qui-fait-quoi?de=apes", (1440, 1300), "dark"),
    "annuaire": ("/annuaire?epci=epci-lens-lievin", _WIDE, "light"),
    "fiche": ("/structures/pas-de-calais-actif", _WIDE, "light"),
    "fiche-telephone": ("/structures/pas-de-calais-actif", _NARROW, "light"),
    "facile-a-lire": ("/facile-a-lire", _WIDE, "light"),
}


def main() -> None:
    """Start the server, take each picture, keep it small."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder))
        server.upgrade()
        server.start()
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(ARGUMENTS))
        try:
            for name, (address, (width, height), scheme) in PICTURES.items():
                page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
                page.goto(server.address + address)
                _keep(page, FOLDER / f"{name}.png")
                page.close()
            take_desk_pictures(browser, lambda page, name: _keep(page, FOLDER / f"{name}.png"))
        finally:
            browser.close()
            server.stop()


def _keep(page: Page, path: Path) -> None:
    if page.url.endswith("pas-de-calais-actif"):
        page.locator("button.term").nth(1).click()  # a word opens in place
    if page.url.endswith("/assistant"):
        page.locator("#message").fill(_SAID)
        page.get_by_role("button", name="Envoyer").click()
        page.locator(".understood").wait_for()
        page.mouse.move(0, 0)
    shot = Image.open(BytesIO(page.screenshot())).convert("RGB")
    shot.quantize(_COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    main()
