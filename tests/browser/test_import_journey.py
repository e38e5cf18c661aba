"""The table of the Mission ESS in a browser: a good one, a bad one, the same again; axe judges every page and state."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from guide.store.database import Database
from tests.browser.gestures import COOKIES, enrol_officer, judge, sign_in, title
from tests.browser.visitor import Screen, Visitor, welcome
from tests.tables.files import a_csv, an_xlsx, with_macros

pytestmark = pytest.mark.browser
SCREENS = [Screen(1280), Screen(320, javascript=False), Screen(320)]


@pytest.fixture
def officer(request: pytest.FixtureRequest, server: str, browser: Browser, database: Database) -> Iterator[Visitor]:
    """An officer of the Mission ESS, signed in."""
    visitor = welcome(browser, server, request.param)
    visitor.cookies = COOKIES
    try:
        sign_in(visitor.page, *enrol_officer(database))
        title(visitor.page, "Bonjour Alix")
        yield visitor
        visitor.check()
    finally:
        visitor.context.close()


def send(page: Page, name: str, data: bytes) -> None:
    page.get_by_label("Le tableau").set_input_files({"name": name, "mimeType": "text/csv", "buffer": data})
    page.get_by_role("button", name="Lire ce tableau").click()


def look(visitor: Visitor, *, refused: bool = False) -> None:
    """Judge the page; axe needs the scripts."""
    if visitor.screen.javascript:
        judge(visitor, refused=refused)
    elif refused:
        visitor.expect_refusal()


@pytest.mark.parametrize("officer", SCREENS, ids=str, indirect=True)
def test_a_bad_a_good_and_a_repeated_table_are_walked(officer: Visitor) -> None:
    page, mark = officer.page, time.time_ns()
    zoe = (f"Zoé N{mark}", "Béthune", f"zoe{mark}@exemple.fr", "", "L’épicerie", "Seule")
    bad = ("Bo Inventé", "Betune", "bo@", "03 21", "Un café", "")
    doubt = (f"Lou N{mark}", "Betune", f"lou{mark}@exemple.fr", "", "", "")
    page.get_by_role("link", name="Importer").click()
    title(page, "Importer le tableau")
    look(officer)
    send(page, "suivi.xlsm", with_macros())
    expect(page.get_by_role("alert")).to_contain_text("contient des macros")
    look(officer, refused=True)
    send(page, "suivi.csv", a_csv(zoe, bad, doubt, encoding="cp1252"))
    title(page, "Relire avant d’importer")
    expect(page.get_by_role("main")).to_contain_text("Ligne 3, colonne C")
    expect(page.get_by_role("main")).to_contain_text("Est-ce Béthune")
    look(officer)
    page.get_by_role("button", name="Importer 2 lignes").click()
    expect(page.get_by_role("alert")).to_contain_text("laisser ces lignes de côté")
    look(officer, refused=True)
    page.get_by_label("Importer sans les lignes en erreur").check()
    page.get_by_role("button", name="Importer 2 lignes").click()
    title(page, "Tableau importé")
    look(officer)
    page.get_by_role("link", name=zoe[0]).click()
    expect(page.get_by_role("main")).to_contain_text("Ce que dit le tableau de la Mission ESS")
    look(officer)
    page.get_by_role("link", name="Importer").click()
    changed = (*zoe[:4], "L’épicerie du canal", "Seule")
    send(page, "suivi.xlsx", an_xlsx(changed, doubt))
    expect(page.get_by_role("main")).to_contain_text("L’épicerie → L’épicerie du canal")
    look(officer)
    page.get_by_role("button", name="Importer 1 ligne").click()
    title(page, "Tableau importé")
    page.get_by_role("link", name="← Importer").click()
    send(page, "suivi.xlsx", an_xlsx(changed, doubt))
    expect(page.get_by_role("status")).to_contain_text("tout est déjà là")
    look(officer)
    page.get_by_role("button", name="Oublier ce tableau").click()
    title(page, "Importer le tableau")
