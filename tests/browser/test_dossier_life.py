"""The whole life of a dossier, seen by the person, the officer and the adviser: from the request to its end.

axe judges every page on the way, errors included, on a small screen and on a wide one.
"""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from guide.days import today
from guide.models.staff import Role
from guide.store.database import Database
from tests.browser.gestures import COOKIES, enrol, enrol_officer, send, sign_in, title
from tests.browser.test_layout import sheets
from tests.browser.test_request_journey import ask, look, reference_of
from tests.browser.visitor import WITH_SCRIPT, Screen, Visitor, welcome

pytestmark = pytest.mark.browser

PERSON = {"name": "Camille Fictif", "phone": "06 12 34 56 78", "words": "Un café associatif dans l’ancienne école."}
screens = pytest.mark.parametrize("person", WITH_SCRIPT, ids=str, indirect=True)


@pytest.fixture
def person(request: pytest.FixtureRequest, server: str, browser: Browser) -> Iterator[Visitor]:
    """Somebody with a project."""
    yield from at_a_browser(browser, server, request.param)


@pytest.fixture
def officer(server: str, browser: Browser, database: Database, person: Visitor) -> Iterator[Visitor]:
    """An officer of the Mission ESS, signed in."""
    for visitor in at_a_browser(browser, server, Screen(person.screen.width)):
        sign_in(visitor.page, *enrol_officer(database))
        title(visitor.page, "Bonjour Alix")
        yield visitor


@pytest.fixture
def adviser(server: str, browser: Browser, database: Database, person: Visitor) -> Iterator[Visitor]:
    """An adviser of the APES, signed in."""
    for visitor in at_a_browser(browser, server, Screen(person.screen.width)):
        name = f"Noa Fictif{person.screen.width}"
        sign_in(visitor.page, *enrol(database, name, Role.ADVISER))
        title(visitor.page, "Bonjour Noa")
        yield visitor


def at_a_browser(browser: Browser, server: str, screen: Screen) -> Iterator[Visitor]:
    visitor = welcome(browser, server, screen)
    visitor.cookies = COOKIES
    yield visitor
    visitor.check()
    visitor.context.close()


def says(page: Page, words: str) -> None:
    expect(page.get_by_role("main")).to_contain_text(words)


def follow_up(page: Page, name: str, way: str) -> None:
    """Open an introduction from the chain, then one of its ways."""
    page.get_by_role("link", name=f"Noter la suite avec {name}").click()
    page.get_by_role("navigation", name="Ce qui est arrivé").get_by_role("link", name=way, exact=True).click()


@screens
def test_a_dossier_lives_from_the_request_to_its_end(person: Visitor, officer: Visitor, adviser: Visitor) -> None:
    page, desk, work = person.page, officer.page, adviser.page
    link = ask(person, email=f"vie-{person.screen.width}@exemple.fr", **PERSON)
    dossier = f"/equipe/dossiers/{reference_of(page)}"

    # the Mission ESS reads it and gives it to the APES
    officer.open(dossier)
    desk.get_by_label("Qualifiée", exact=True).check()
    send(desk, "Changer l’état")
    says(desk, "Un courriel part")
    look(officer)
    desk.get_by_label("Confiée", exact=True).check()
    desk.locator("#assignee").select_option(label=f"Noa Fictif{person.screen.width} (Conseiller ou conseillère APES)")
    send(desk, "Changer l’état", word="Noa vous appelle cette semaine.")
    person.open(link)
    says(page, "Noa vous appelle cette semaine.")

    # two attempts
    adviser.open(dossier)
    look(adviser)
    work.get_by_role("link", name="Appeler").click()
    title(work, "Fiche d’appel : Camille Fictif")
    look(adviser)
    send(work, "Noter ce contact", next_on="hier")
    expect(work.get_by_role("alert")).to_contain_text("Dites si vous avez joint la personne")
    look(adviser, refused=True)
    work.get_by_label("Non, pas de réponse").check()
    soon = today() + timedelta(days=3)
    send(work, "Noter ce contact", next_on=f"{soon:%d/%m/%Y}", note="Répondeur")
    says(work, "Le contact est noté")
    work.get_by_role("link", name="Appeler").click()
    work.get_by_label("Oui", exact=True).check()
    send(work, "Noter ce contact")
    says(work, "Contact pris")

    # an appointment, which the person sees
    work.get_by_role("link", name="Fixer un rendez-vous").click()
    send(work, "Fixer et prévenir la personne")
    expect(work.get_by_role("alert")).to_contain_text("Choisissez comment vous vous parlerez")
    look(adviser, refused=True)
    work.get_by_label("Sur site", exact=True).check()
    send(work, "Fixer et prévenir la personne", day=f"{soon:%d/%m/%Y}", hour="10 h 30", place="Mairie de Hesdin")
    says(work, "Le rendez-vous est fixé")
    person.open(link)
    says(page, "Mairie de Hesdin")
    expect(page.get_by_role("link", name="L’ajouter à mon agenda")).to_be_visible()
    look(person)
    work.get_by_role("link", name="sur site, Mairie de Hesdin").click()
    look(adviser)
    work.locator("input[name=state][value=held]").check()
    send(work, "Enregistrer")
    says(work, "Rencontrée")

    # a pre-diagnosis, on one sheet
    work.get_by_role("link", name="Pré-diagnostic", exact=True).click()
    expect(work.locator("#findings")).to_have_value(re.compile("^Vous écrivez.*café associatif"))
    look(adviser)
    send(work, "Enregistrer et le donner à la personne")
    person.open(link)
    page.get_by_role("link", name="Lire votre pré-diagnostic").click()
    says(page, "Trouver de l’argent pour démarrer")
    look(person)
    assert sheets(page) == 1

    # an introduction that is relayed, declined, then another door
    work.get_by_role("link", name="Proposer une structure").click()
    look(adviser)
    send(work, "Proposer et écrire à la personne")
    expect(work.get_by_role("alert")).to_contain_text("Choisissez au moins une structure")
    look(adviser, refused=True)
    work.locator("input[name=doors][value=pas-de-calais-actif]").check()
    work.get_by_label("Nous transmettons sa demande").check()
    work.get_by_label("La personne m’a dit être d’accord").check()
    send(work, "Proposer et écrire à la personne")
    says(work, "C’est proposé")
    look(adviser)
    follow_up(work, "Pas-de-Calais Actif", "Transmise")
    look(adviser)
    send(work, "Enregistrer : transmise")
    follow_up(work, "Pas-de-Calais Actif", "Déclinée")
    look(adviser)
    send(work, "Enregistrer : déclinée")
    expect(work.get_by_role("alert")).to_contain_text("un refus ne se note pas sans suite")
    look(adviser, refused=True)
    work.get_by_label("Hors territoire").check()
    work.get_by_label("Lui proposer une autre structure").check()
    work.locator("#other").select_option("galilee")
    send(work, "Enregistrer : déclinée", other_because="Elle accompagne les débuts.")
    says(work, "À la place de Pas-de-Calais Actif")
    person.open(link)
    for said in ("Déclinée", "hors territoire", "À la place de Pas-de-Calais Actif", "Elle accompagne les débuts."):
        says(page, said)
    look(person)
    for way in ("Acceptée", "Rendez-vous tenu"):
        follow_up(work, "Galilée", way)
        send(work, f"Enregistrer : {way.lower()}")
    says(work, "En route avec une structure")

    # what the team thinks of the path, then the end
    work.get_by_text("Donner un avis sur ce chemin").click()
    work.locator("#right").select_option("galilee")
    look(adviser)
    send(work, "Garder comme cas de référence")
    work.get_by_role("link", name="Fermer le dossier").click()
    look(adviser)
    work.locator("#outcome").select_option("supported")
    send(work, "Fermer le dossier")
    says(work, "Accompagnement engagé")
    expect(work.get_by_role("link", name="Appeler")).to_have_count(0)
    look(adviser)
    person.open(link)
    says(page, "Un accompagnement est engagé.")
    look(person)


@pytest.mark.parametrize("person", [Screen(1280)], ids=str, indirect=True)
def test_a_call_is_noted_and_a_mail_called_back_with_the_keyboard_alone(person: Visitor, officer: Visitor) -> None:
    page, keys = officer.page, officer.page.keyboard
    ask(person, email="clavier@exemple.fr", **PERSON)
    dossier = f"/equipe/dossiers/{reference_of(person.page)}"
    officer.open(f"{dossier}/contact")
    reach(page, "reached")
    keys.press("ArrowDown")  # « Non, pas de réponse »
    reach(page, "note")
    keys.type("Répondeur")
    reach(page, "next_on")
    keys.press("Enter")
    says(page, "Le contact est noté")
    reach(page, "text")
    keys.type("Bonjour")
    keys.press("Tab")
    keys.press("Enter")
    says(page, "Un courriel part")
    press(page, "Ne pas l’envoyer")
    says(page, "ne partira pas")
    person.page.reload()
    expect(person.page.get_by_role("main")).not_to_contain_text("Bonjour")


def reach(page: Page, name: str) -> None:
    """Go to a field with the tabulation key."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name || ''") == name:
            return
    raise AssertionError(f"the keyboard never meets {name}")


def press(page: Page, words: str) -> None:
    """Go to a button with the tabulation key, and press it."""
    page.locator("body").focus()
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == words:
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"the keyboard never meets {words}")
