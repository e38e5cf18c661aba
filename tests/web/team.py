"""The team as tests meet it: colleagues at their own browser, their telephone in hand, and a clock that moves."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pyotp
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from guide.accounts import links, second_factor, team
from guide.accounts.passwords import Hasher
from guide.models import StaffAccount
from guide.models.staff import LinkPurpose, Role
from guide.settings import Settings
from guide.store import accounts, minting
from guide.store.database import Database
from guide.web.staff.guard import HASHER
from tests.web.pages import Form, Page, Visitor

MORNING = datetime(2026, 11, 24, 8, 0, 5, tzinfo=UTC)
PASSWORD = "quatre chaises sous la pluie"  # noqa: S105 - of no use to anybody
OTHER_PASSWORD = "deux bateaux et un vélo bleu"  # noqa: S105 - of no use to anybody
OFFICER, ADVISER, READER = Role.OFFICER, Role.ADVISER, Role.READER


@dataclass
class Browser:
    """Somebody's browser: it keeps cookies, fills forms as they are, and refuses any page that is not well made."""

    client: FlaskClient
    visit: Visitor
    page: Page | None = None

    def open(self, address: str, status: int = 200) -> Page:
        self.page = self.visit(address, status)
        return self.page

    def send(self, form: Form, status: int = 200, *, where: str | None = None) -> Page:
        response = self.post(form)
        if response.status_code == 303:
            return self.open(response.headers["Location"].removeprefix("http://localhost"), status)
        assert response.status_code == status, f"{form.action} answers {response.status_code}: {response.text[:2000]}"
        typed = [value for _, value in form.pairs]
        self.page = self.visit.check(Page(where or form.action, status, response.get_data(as_text=True)), typed)
        return self.page

    def post(self, form: Form) -> TestResponse:
        return self.client.post(form.action, data=MultiDict(form.pairs), buffered=True)

    def form(self, action: str) -> Form:
        assert self.page is not None
        return self.page.form(action)

    @property
    def key(self) -> str | None:
        cookie = self.client.get_cookie("equipe")
        return cookie.value if cookie else None

    def give_key(self, key: str) -> None:
        self.client.set_cookie("equipe", key)


@dataclass
class Colleague(Browser):
    """Somebody of the team, who knows a password and holds a telephone."""

    email: str = ""
    password: str = PASSWORD
    seed: str = ""
    codes: list[str] = field(default_factory=list)
    id: UUID | None = None

    @property
    def code(self) -> str:
        """What the telephone shows now."""
        return pyotp.TOTP(self.seed).at(datetime.now(UTC))

    def give_password(self, password: str | None = None, status: int = 200, *, at: str = "/equipe/connexion") -> Page:
        self.open(at)
        form = self.form("/equipe/connexion").write("email", self.email)
        return self.send(form.write("password", password or self.password), status)

    def give_code(self, code: str | None = None, status: int = 200) -> Page:
        return self.send(self.form("/equipe/connexion/code").write("code", code or self.code), status)

    def sign_in(self, at: str = "/equipe/connexion") -> Page:
        self.give_password(at=at)
        return self.give_code()

    def confirm(self) -> Page:
        return self.send(self.form("/equipe/confirmation").write("password", self.password))

    @property
    def is_in(self) -> bool:
        return self.client.get("/equipe").status_code == 200


@dataclass
class Team:
    """The application on one database, and its people."""

    app: Flask
    database: Database
    settings: Settings
    hosts: frozenset[str]
    clock: time_machine.Traveller

    @property
    def hasher(self) -> Hasher:
        found: Hasher = self.app.extensions[HASHER]
        return found

    def later(self, **spent: float) -> None:
        self.clock.shift(timedelta(**spent))

    def now(self) -> datetime:
        return datetime.now(UTC)

    def somebody(self) -> Browser:
        client = self.app.test_client()
        return Browser(client, Visitor(client, self.hosts))

    def colleague(self, role: Role = OFFICER, name: str = "Camille Martin", email: str | None = None) -> Colleague:
        """Somebody who has accepted an invitation, and has not signed in yet."""
        email = email or f"{name.lower().replace(' ', '.')}@exemple.fr"
        seed = second_factor.new_seed()
        with self.database.writing() as session:
            account = team.create_account(session, email=email, name=name, role=role, now=self.now())
            account.password_hash = self.hasher.hash(PASSWORD)
            second_factor.seal_seed(self.settings, account, seed)
            codes = second_factor.new_recovery_codes(session, self.settings, account)
        client = self.app.test_client()
        return Colleague(client, Visitor(client, self.hosts), email=email, seed=seed, codes=codes, id=account.id)

    def signed_in(self, role: Role = OFFICER, name: str = "Camille Martin") -> Colleague:
        colleague = self.colleague(role, name)
        colleague.sign_in()
        self.later(seconds=30)  # the telephone shows another code
        return colleague

    def invited(self, role: Role = ADVISER, name: str = "Dominique Petit") -> str:
        """The path of an invitation."""
        with self.database.writing() as session:
            email = f"{name.lower().replace(' ', '.')}@exemple.fr"
            account = team.create_account(session, email=email, name=name, role=role, now=self.now())
            return self._link(session, account, LinkPurpose.INVITATION)

    def link(self, colleague: Colleague, purpose: LinkPurpose) -> str:
        with self.database.writing() as session:
            return self._link(session, self.account(colleague), purpose)

    def _link(self, session: Session, account: StaffAccount, purpose: LinkPurpose) -> str:
        delays = self.settings.delays
        return links.PATHS[purpose] + minting.mint_link(session, account, purpose, now=self.now(), delays=delays)

    def account(self, colleague: Colleague) -> StaffAccount:
        with self.database.reading() as session:
            account = accounts.find_account(session, colleague.email)
        assert account is not None
        return account

    def change(self, colleague: Colleague, change: Callable[[StaffAccount], None]) -> None:
        """Change an account behind its back."""
        with self.database.writing() as session:
            account = accounts.get_account(session, self.account(colleague).id)
            change(account)
            session.add(account)


def refused(page: Page) -> bool:
    """Whether this is the sign-in page that refuses, and says nothing more."""
    return page.title.startswith("Erreur") and "incorrect" in page.summary.get_text()
