"""The team signs in: enrolment, telephone, recovery codes, colleagues; axe judges every page and state on the way."""

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlmodel import select

from guide.accounts import links, second_factor, team
from guide.accounts.passwords import Hasher
from guide.delays import Delays
from guide.models import StaffAccount, StaffSession
from guide.models.staff import LinkPurpose, Role
from guide.settings import Settings
from guide.store import minting
from guide.store.database import Database
from tests.browser import axe
from tests.browser.test_layout import STICKING_OUT
from tests.browser.visitor import WITH_SCRIPT, Screen, Visitor, welcome

pytestmark = pytest.mark.browser

PASSWORD, SHORT, WRONG = "quatre chaises sous la pluie", "court", "pas le bon du tout"
EVIL = "<img src=x onerror=alert(1)> {{7*7}}"
COOKIES = frozenset({"guide", "equipe"})


@pytest.fixture
def colleague(request: pytest.FixtureRequest, server: str, browser: Browser) -> Iterator[Visitor]:
    """Somebody of the team at a browser of their own."""
    visitor = welcome(browser, server, request.param)
    visitor.cookies = COOKIES
    try:
        yield visitor
        visitor.check()
    finally:
        visitor.context.close()


both_widths = pytest.mark.parametrize("colleague", WITH_SCRIPT, ids=str, indirect=True)
large_screen = pytest.mark.parametrize("colleague", [Screen(1280)], ids=str, indirect=True)
small_without_script = pytest.mark.parametrize("colleague", [Screen(320, javascript=False)], ids=str, indirect=True)


@pytest.fixture
def invited(database: Database) -> str:
    """The path of an invitation to an officer."""
    now = datetime.now(UTC)
    with database.writing() as session:
        email = f"camille.martin-{time.time_ns()}@exemple.fr"
        account = team.create_account(session, email=email, name="Camille Martin", role=Role.OFFICER, now=now)
        token = minting.mint_link(session, account, LinkPurpose.INVITATION, now=now, delays=Delays())
    return links.PATHS[LinkPurpose.INVITATION] + token


@pytest.fixture
def enrolled(database: Database) -> tuple[str, str]:
    """The address of an officer, and the seed of the telephone."""
    seed, email = second_factor.new_seed(), f"alix.grand-{time.time_ns()}@exemple.fr"
    with database.writing() as session:
        account = team.create_account(session, email=email, name="Alix Grand", role=Role.OFFICER, now=datetime.now(UTC))
        account.password_hash = Hasher(8).hash(PASSWORD)
        second_factor.seal_seed(Settings(), account, seed)
        session.add(account)
    return email, seed


def code(seed: str, *, late: int = 0) -> str:
    """A code that is valid now; ``late`` is in steps: three in a row are accepted, each once."""
    return pyotp.TOTP(seed).at(datetime.now(UTC) + timedelta(seconds=30 * late))


def judge(visitor: Visitor, *, refused: bool = False) -> None:
    """Judge the page on screen: axe in both colour schemes, nothing out of the screen."""
    if refused:
        visitor.expect_refusal()
    page = visitor.page
    found = page.evaluate(STICKING_OUT)
    for scheme, rules in (("light", axe.EVERY_RULE), ("dark", axe.COLOURS)):
        page.emulate_media(color_scheme=scheme)
        found += axe.violations(page, rules)
    page.emulate_media(color_scheme="light")
    assert not found, f"{page.url}\n" + "\n".join(found)


def send(page: Page, button: str, **typed: str) -> None:
    for name, text in typed.items():
        page.locator(f"#{name}").fill(text)
    page.get_by_role("main").get_by_role("button", name=button, exact=True).click()


def title(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_role("status")).to_contain_text("déconnecté")


def enrol(page: Page) -> tuple[str, list[str]]:
    """Go through the invitation on screen; give the seed and the recovery codes."""
    send(page, "Continuer", password=PASSWORD, password_again=PASSWORD)
    title(page, "Ajoutez votre téléphone")
    seed = page.locator(".key code").inner_text().replace(" ", "")
    send(page, "Terminer", code=code(seed, late=-1))
    title(page, "Vos codes de secours")
    return seed, page.locator(".recovery-codes code").all_inner_texts()


@both_widths
def test_somebody_enrols_signs_out_and_signs_in_with_the_telephone_then_with_a_recovery_code(
    colleague: Visitor, invited: str
) -> None:
    page = colleague.page
    colleague.open(invited)
    judge(colleague)
    email = page.get_by_label("Votre adresse", exact=True).input_value()
    send(page, "Continuer", password=SHORT, password_again=WRONG)
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("Nouveau mot de passe")).to_have_attribute("aria-invalid", "true")
    judge(colleague, refused=True)
    send(page, "Continuer", password=PASSWORD, password_again=PASSWORD)
    title(page, "Ajoutez votre téléphone")
    judge(colleague)
    page.emulate_media(color_scheme="dark")
    square = page.get_by_role("img", name=re.compile("Code QR"))
    expect(square).to_have_css("background-color", "rgb(255, 255, 255)")
    expect(square).to_have_css("fill", "rgb(0, 0, 0)")
    seed = page.locator(".key code").inner_text().replace(" ", "")
    send(page, "Terminer", code="000000")
    judge(colleague, refused=True)
    send(page, "Terminer", code=code(seed, late=-1))
    title(page, "Vos codes de secours")
    judge(colleague)
    codes = page.locator(".recovery-codes code").all_inner_texts()
    assert len(set(codes)) == 10
    expect(page.get_by_role("button", name="Imprimer")).to_be_visible()
    page.get_by_role("link", name="J’ai gardé mes codes").click()
    title(page, "Bonjour Camille")
    judge(colleague)
    sign_out(page)
    judge(colleague)

    send(page, "Continuer", email=email, password=WRONG)
    expect(page.get_by_role("alert")).to_be_focused()
    judge(colleague, refused=True)
    send(page, "Continuer", password=PASSWORD)
    title(page, "Le code de votre téléphone")
    expect(page.get_by_label("Le code à 6 chiffres")).to_be_focused()
    judge(colleague)
    send(page, "Me connecter", code="000000")
    judge(colleague, refused=True)
    send(page, "Me connecter", code=f" {code(seed)[:3]} {code(seed)[3:]}")
    title(page, "Bonjour Camille")
    sign_out(page)

    send(page, "Continuer", email=email, password=PASSWORD)
    page.get_by_role("link", name="Utiliser un code de secours").click()
    title(page, "Un code de secours")
    judge(colleague)
    send(page, "Me connecter", code="AAAA-BBBB-CCCC")
    judge(colleague, refused=True)
    send(page, "Me connecter", code=codes[4].lower())
    title(page, "Bonjour Camille")
    page.get_by_role("link", name="Camille Martin").click()
    expect(page.get_by_role("main")).to_contain_text("9 codes vous restent")
    judge(colleague)


@both_widths
def test_an_officer_looks_after_the_team(colleague: Visitor, enrolled: tuple[str, str]) -> None:
    page, (email, seed) = colleague.page, enrolled
    colleague.open("/equipe/agents")
    send(page, "Continuer", email=email, password=PASSWORD)
    send(page, "Me connecter", code=code(seed))
    title(page, "Confirmez que c’est vous")
    judge(colleague)
    send(page, "Confirmer", password=WRONG)
    judge(colleague, refused=True)
    send(page, "Confirmer", password=PASSWORD)
    title(page, "L’équipe")
    judge(colleague)
    send(page, "Envoyer l’invitation")
    expect(page.get_by_role("alert").get_by_role("link")).to_have_count(3)
    judge(colleague, refused=True)
    page.get_by_role("radio", name=re.compile("^Lecture seule")).check()
    invited = f"zoe-{time.time_ns()}@exemple.fr"
    send(page, "Envoyer l’invitation", colleague_name=EVIL, colleague_email=invited)
    expect(page.get_by_role("status")).to_contain_text("L’invitation part")
    card = page.get_by_role("listitem").filter(has_text=invited)
    expect(card.get_by_role("heading")).to_have_text(EVIL)
    card.get_by_role("button", name=re.compile("Désactiver")).click()
    expect(card).to_contain_text("Compte désactivé")
    judge(colleague)
    for address in ("/equipe/mon-compte/telephone", "/equipe/mon-compte/codes", "/equipe/mon-compte/mot-de-passe"):
        colleague.open(address)
        judge(colleague)


@both_widths
def test_every_other_page_of_the_sign_in_is_well_made(colleague: Visitor, database: Database) -> None:
    page = colleague.page
    colleague.open("/equipe/mot-de-passe-oublie")
    judge(colleague)
    send(page, "Recevoir un lien")
    judge(colleague, refused=True)
    send(page, "Recevoir un lien", email="personne@exemple.fr")
    expect(page.get_by_role("status")).to_contain_text("Si cette adresse a un compte")
    judge(colleague)
    colleague.open("/equipe/invitation/inconnue", 404)
    judge(colleague)


@large_screen
def test_a_form_sent_too_late_comes_back_after_the_sign_in(
    colleague: Visitor, enrolled: tuple[str, str], database: Database
) -> None:
    page, (email, seed) = colleague.page, enrolled
    colleague.open("/equipe/agents")
    send(page, "Continuer", email=email, password=PASSWORD)
    send(page, "Me connecter", code=code(seed, late=-1))
    send(page, "Confirmer", password=PASSWORD)
    page.get_by_role("radio", name=re.compile("^Lecture seule")).check()
    with database.writing() as session:  # half an hour goes by
        account = session.exec(select(StaffAccount).where(StaffAccount.email == email)).one()
        for each in session.exec(select(StaffSession).where(StaffSession.account_id == account.id)):
            each.last_seen_at -= timedelta(minutes=31)
            session.add(each)
    send(page, "Envoyer l’invitation", colleague_name="Zoé Brun", colleague_email="zoe.brun@exemple.fr")
    title(page, "Connexion de l’équipe")
    expect(page.get_by_role("status")).to_contain_text("Votre texte est gardé")
    judge(colleague, refused=True)
    send(page, "Continuer", email=email, password=PASSWORD)
    send(page, "Me connecter", code=code(seed))
    expect(page.get_by_role("main")).to_contain_text("Voici ce que vous aviez écrit")
    expect(page.get_by_label("Prénom et nom de la personne")).to_have_value("Zoé Brun")
    judge(colleague)
    send(page, "Envoyer de nouveau")
    colleague.expect_refusal()
    send(page, "Confirmer", password=PASSWORD)
    send(page, "Envoyer de nouveau")
    expect(page.get_by_role("listitem").filter(has_text="zoe.brun@exemple.fr")).to_contain_text("Zoé Brun")


@small_without_script
def test_everything_works_without_a_script(colleague: Visitor, invited: str) -> None:
    page = colleague.page
    colleague.open(invited)
    email = page.get_by_label("Votre adresse", exact=True).input_value()
    seed, codes = enrol(page)
    assert len(codes) == 10
    expect(page.get_by_role("button", name="Imprimer")).to_be_hidden()
    page.get_by_role("link", name="J’ai gardé mes codes").click()
    sign_out(page)
    send(page, "Continuer", email=email, password=PASSWORD)
    send(page, "Me connecter", code=code(seed))
    title(page, "Bonjour Camille")


@large_screen
def test_a_keyboard_is_enough(colleague: Visitor, enrolled: tuple[str, str]) -> None:
    page, (email, seed) = colleague.page, enrolled
    colleague.open("/equipe/connexion")
    tab_to(page, page.get_by_label("Votre adresse électronique"))
    page.keyboard.type(email)
    page.keyboard.press("Tab")
    expect(page.get_by_label("Votre mot de passe")).to_be_focused()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    title(page, "Le code de votre téléphone")
    page.keyboard.type(code(seed))  # the field has the focus
    page.keyboard.press("Enter")
    title(page, "Bonjour Alix")
    tab_to(page, page.get_by_role("button", name="Se déconnecter"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("déconnecté")


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until something has the focus."""
    for _ in range(20):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    pytest.fail("out of reach of the keyboard")
