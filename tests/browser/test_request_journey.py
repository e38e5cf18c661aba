"""The whole life of a request: asked from a path, read and answered by an officer, seen, withdrawn or erased.

axe judges every page and state on the way, errors included.
"""

import email
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from guide.store.database import Database
from tests.browser.gestures import COOKIES, enrol_officer, judge, send, sign_in, title
from tests.browser.visitor import WITH_SCRIPT, Screen, Visitor, welcome

pytestmark = pytest.mark.browser

PATH = "/orientation?stage=idee&holder=citoyen&commune=62447&themes=lien-social&needs=financer&support=aucun"
WORDS = "Un café associatif dans l’ancienne école.\nNous sommes trois."
screens = pytest.mark.parametrize(
    "person", [*WITH_SCRIPT, Screen(320, javascript=False), Screen(1280, javascript=False)], ids=str, indirect=True
)


@pytest.fixture
def person(request: pytest.FixtureRequest, server: str, browser: Browser) -> Iterator[Visitor]:
    """Somebody with a project, at a browser of her own."""
    visitor = welcome(browser, server, request.param)
    visitor.cookies = COOKIES
    yield visitor
    visitor.check()
    visitor.context.close()


@pytest.fixture
def officer(server: str, browser: Browser, database: Database, person: Visitor) -> Iterator[Visitor]:
    """An officer of the Mission ESS, signed in, on a screen of the same width."""
    visitor = welcome(browser, server, Screen(person.screen.width))
    visitor.cookies = COOKIES
    address, seed = enrol_officer(database)
    sign_in(visitor.page, address, seed)
    title(visitor.page, "Bonjour Alix")
    yield visitor
    visitor.check()
    visitor.context.close()


def look(visitor: Visitor, *, refused: bool = False) -> None:
    """Judge the page on screen, where a script can run."""
    if visitor.screen.javascript:
        judge(visitor, refused=refused)
    elif refused:
        visitor.expect_refusal()


def ask(person: Visitor, **typed: str) -> str:
    """Ask to be contacted from a path, and return the path of the tracking page."""
    page = person.page
    person.open(PATH)
    page.get_by_role("link", name="Demander à être contacté").first.click()
    title(page, "Être contacté·e")
    look(person)
    page.get_by_role("button", name="Relire ma demande").click()
    expect(page.get_by_role("alert")).to_contain_text("Écrivez votre prénom")
    look(person, refused=True)
    for name, text in typed.items():
        page.locator(f"#{name}").fill(text)
    page.get_by_role("checkbox", name="APES").check()
    page.get_by_role("button", name="Relire ma demande").click()
    title(page, "Relisez votre demande")
    look(person)
    page.get_by_role("button", name="Modifier").click()
    expect(page.locator("#words")).to_have_value(typed["words"])
    page.get_by_role("button", name="Relire ma demande").click()
    page.get_by_role("button", name="Envoyer ma demande").click()
    if page.get_by_role("heading", level=1).inner_text() == "Confirmez l’envoi":  # a test types faster than people
        look(person)
        page.get_by_role("button", name="Confirmer l’envoi").click()
    title(page, "Votre demande est arrivée")
    look(person)
    page.get_by_role("link", name="Suivre ma demande").click()
    return re.sub(r"^https?://[^/]+|\?.*$", "", page.url)


def reference_of(page: Page) -> str:
    return page.locator("h1 .reference").inner_text()


@screens
def test_a_request_is_asked_answered_seen_and_erased(
    person: Visitor, officer: Visitor, database: Database, place: Path
) -> None:
    page, desk = person.page, officer.page
    address = f"camille-{person.screen}@exemple.fr"
    link = ask(person, name="Camille Fictif", email=address, words=WORDS)
    reference = reference_of(page)
    look(person)
    page.get_by_role("button", name="Envoyer ce message").click()
    expect(page.get_by_role("alert")).to_contain_text("Écrivez votre message")
    look(person, refused=True)
    send(page, "Envoyer ce message", text="J’ai trouvé un local")
    expect(page.get_by_role("main")).to_contain_text("Votre message est arrivé")
    look(person)

    officer.open(f"/equipe?q={reference}")
    look(officer)
    desk.get_by_role("link", name="Camille Fictif").click()
    expect(desk.get_by_role("main")).to_contain_text("Un café associatif dans l’ancienne école.")
    expect(desk.get_by_role("main")).to_contain_text("J’ai trouvé un local")
    expect(desk.get_by_role("heading", name="Le chemin qui lui a été montré")).to_be_visible()
    look(officer)
    send(desk, "Changer l’état")
    expect(desk.get_by_role("alert")).to_contain_text("Choisissez le nouvel état")
    look(officer, refused=True)
    desk.get_by_role("link", name="Contacter").click()
    title(desk, "Fiche d’appel : Camille Fictif")
    look(officer)
    desk.get_by_label("Téléphone", exact=True).check()
    desk.get_by_label("Non, pas de réponse").check()
    send(desk, "Noter ce contact")
    desk.get_by_label("Qualifiée", exact=True).check()
    send(desk, "Changer l’état")
    expect(desk.get_by_role("main")).to_contain_text("L’état est changé")
    send(desk, "Envoyer à la personne", text="Nous vous rappelons jeudi matin.")
    look(officer)

    person.open(link)
    for said in ("sans réponse", "La Mission ESS a lu votre demande", "Nous vous rappelons jeudi matin.", "Alix"):
        expect(page.get_by_role("main")).to_contain_text(said)
    look(person)

    desk.get_by_role("link", name="Fermer le dossier").click()
    look(officer)
    desk.locator("#outcome").select_option("autonomous")
    send(desk, "Fermer le dossier", word="Bonne route à vous.")
    person.open(link)
    expect(page.get_by_role("main")).to_contain_text("vous avancez par vous-même")
    expect(page.get_by_role("main")).to_contain_text("Bonne route à vous.")
    look(person)

    page.get_by_role("link", name="Lire, corriger, télécharger").click()
    title(page, "Mes données")
    look(person)
    send(page, "Ouvrir mes données", code="12")
    expect(page.get_by_role("alert")).to_contain_text("six chiffres")
    look(person, refused=True)
    send(page, "Ouvrir mes données", code="000000")
    expect(page.get_by_role("alert")).to_contain_text("n’ouvre rien")
    look(person, refused=True)
    page.get_by_role("button", name="Recevoir le code").click()
    send(page, "Ouvrir mes données", code=code_mailed_to(address, place))
    expect(page.locator("#email")).to_have_value(address)
    look(person)
    send(page, "Enregistrer mes corrections", name="Camille Inventé")
    expect(page.get_by_role("main")).to_contain_text("Vos corrections sont enregistrées")
    page.get_by_role("link", name="Effacer mes données").click()
    look(person)
    page.get_by_role("button", name="Oui, tout effacer").click()
    title(page, "Vos données sont effacées")
    look(person)
    person.open(link, 410)
    look(person, refused=True)
    officer.open(f"/equipe/dossiers/{reference}", 404)


def code_mailed_to(address: str, place: Path) -> str:
    """The code that the guide mailed; the mails of a server without SMTP are files."""
    pause = threading.Event()
    for _ in range(120):
        for path in sorted((place / "instance" / "mails").glob("*.eml")):
            mail = email.message_from_bytes(path.read_bytes())
            part = mail.get_payload(0) if mail.is_multipart() else mail
            text = part.get_payload(decode=True).decode() if part.get_payload() else ""  # type: ignore[union-attr]
            found = re.search(r"\b(\d{3})\s?(\d{3})\b", text)
            if (
                address in str(mail["To"])
                and found
                and "code" in text
                and "/suivi/" not in text.split(found.group(0))[0]
            ):
                return found.group(1) + found.group(2)
        pause.wait(0.25)
    raise AssertionError(f"no code was mailed to {address}")


@pytest.mark.parametrize("person", [Screen(320)], ids=str, indirect=True)
def test_with_a_telephone_only_the_officer_reads_out_the_code_and_the_request_is_withdrawn(
    person: Visitor, officer: Visitor
) -> None:
    page, desk = person.page, officer.page
    link = ask(person, name="Alex Fictif", phone="06 12 34 56 99", words="Une recyclerie")
    page.get_by_role("link", name="Lire, corriger, télécharger").click()
    page.get_by_role("button", name="Demander à être appelé").click()
    officer.open("/equipe")
    task = desk.get_by_role("listitem").filter(has_text="06 12 34 56 99")
    look(officer)
    task.get_by_role("button").click()
    title(desk, "Le code à lire")
    look(officer)
    send(page, "Ouvrir mes données", code=desk.locator(".big-code").inner_text())
    expect(page.locator("#phone")).to_have_value("+33612345699")
    person.open(link)
    page.get_by_role("link", name="Retirer ma demande").click()
    look(person)
    page.get_by_role("button", name="Oui, retirer").click()
    expect(page.get_by_role("main")).to_contain_text("Votre demande est retirée")
    look(person)


@pytest.mark.parametrize("person", [Screen(1280)], ids=str, indirect=True)
def test_a_request_is_sent_with_the_keyboard_alone_and_the_trap_is_never_met(person: Visitor) -> None:
    page = person.page
    person.open("/demande?commune=62041")
    keys, typed, met = page.keyboard, {"name": "Sam Fictif", "email": "sam@exemple.fr", "words": "Un jardin"}, []
    page.locator("body").focus()
    for _ in range(60):
        keys.press("Tab")
        name = page.evaluate("document.activeElement.name || ''")
        met.append(name)
        if name in typed:
            keys.type(typed[name])
        if page.evaluate("document.activeElement.value") == "verifier":
            break
    assert "website" not in met
    assert set(typed) <= set(met)
    keys.press("Enter")
    title(page, "Relisez votre demande")
    for _ in range(60):
        keys.press("Tab")
        if page.evaluate("document.activeElement.value") == "envoyer":
            break
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Votre demande est arrivée|Confirmez l’envoi"))


@pytest.mark.parametrize("person", [Screen(320)], ids=str, indirect=True)
def test_a_form_whose_cookie_is_gone_comes_back_whole(person: Visitor) -> None:
    page = person.page
    person.open("/demande?commune=62041")
    page.locator("#words").fill("Mes mots")
    person.context.clear_cookies()
    page.get_by_role("button", name="Relire ma demande").click()
    title(page, "Vérifions avant d’envoyer")
    expect(page.get_by_label("Votre projet en quelques lignes")).to_have_value("Mes mots")
    look(person, refused=True)


@pytest.mark.parametrize("person", WITH_SCRIPT, ids=str, indirect=True)
def test_pages_around_the_request_have_no_fault(person: Visitor) -> None:
    for address, status in (
        ("/demande", 200),
        ("/demande?fiche=galilee&aide=1", 200),
        ("/suivi", 200),
        ("/suivi/inconnu", 404),
    ):
        person.open(address, status)
        look(person, refused=status >= 400)
    person.open("/suivi")
    person.page.get_by_role("button", name="Recevoir un nouveau lien").click()
    look(person, refused=True)
    send(person.page, "Recevoir un nouveau lien", contact="inconnu@exemple.fr")
    expect(person.page.get_by_role("status").first).to_contain_text("Si une demande a été faite")
    look(person)
