"""What somebody of the team does in a browser, and what is judged of every page and state on the way."""

import time
from datetime import UTC, datetime, timedelta

import pyotp
from playwright.sync_api import Page, expect

from guide.accounts import second_factor, team
from guide.accounts.passwords import Hasher
from guide.models.staff import Role
from guide.settings import Settings
from guide.store.database import Database
from tests.browser import axe
from tests.browser.test_layout import STICKING_OUT
from tests.browser.visitor import Visitor

PASSWORD = "quatre chaises sous la pluie"  # noqa: S105 - of no use to anybody
COOKIES = frozenset({"guide", "equipe"})


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


def sign_in(page: Page, email: str, seed: str, *, late: int = 0) -> None:
    """Sign in with a password, then the telephone."""
    page.goto("/equipe/connexion")
    send(page, "Continuer", email=email, password=PASSWORD)
    title(page, "Le code de votre téléphone")
    send(page, "Me connecter", code=code(seed, late=late))


def enrol_officer(database: Database) -> tuple[str, str]:
    """Make an officer who has already accepted an invitation; give the address and the seed of the telephone."""
    return enrol(database, "Alix Grand", Role.OFFICER)


def enrol(database: Database, name: str, role: Role) -> tuple[str, str]:
    """Make somebody of the team who has already accepted an invitation, as above."""
    seed, email = second_factor.new_seed(), f"{name.lower().replace(' ', '.')}-{time.time_ns()}@exemple.fr"
    with database.writing() as session:
        account = team.create_account(session, email=email, name=name, role=role, now=datetime.now(UTC))
        account.password_hash = Hasher(8).hash(PASSWORD)
        second_factor.seal_seed(Settings(), account, seed)
        session.add(account)
    return email, seed
