"""The commands that make the first account, and help when a colleague is locked out."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlmodel import select

from guide.accounts import links
from guide.app import create_app
from guide.content.base import KnowledgeBase
from guide.errors import ExpiredLinkError
from guide.models import OneTimeLink, StaffAccount
from guide.models.staff import LinkPurpose, Role
from guide.settings import Settings
from guide.store.database import Database
from guide.web.shared.house import get_database

Run = Callable[..., Result]


@pytest.fixture
def run(database: Database, knowledge: KnowledgeBase, tmp_path: Path) -> Iterator[Run]:
    url = database.url.render_as_string(hide_password=False)
    app: Flask = create_app(Settings(database_url=url, instance=tmp_path / "instance", argon2_memory=8), knowledge)
    runner = app.test_cli_runner()
    yield lambda *words: runner.invoke(args=["staff", *words])
    with app.app_context():
        get_database().close()


def account(database: Database, email: str = "camille@exemple.fr") -> StaffAccount:
    with database.reading() as session:
        return session.exec(select(StaffAccount).where(StaffAccount.email == email)).one()


def enrol(database: Database) -> None:
    with database.writing() as session:
        found = session.exec(select(StaffAccount)).one()
        found.password_hash = "une empreinte"  # noqa: S105 - not one
        session.add(found)


FIRST = ("create", "--email", "Camille@exemple.fr", "--name", "Camille Martin", "--role", "officer")


def test_there_is_no_account_before_the_command(database: Database, run: Run) -> None:
    assert run("list").output == ""
    with database.reading() as session:
        assert session.exec(select(StaffAccount)).all() == []


def test_the_first_account_is_an_officer_with_a_link_of_fifteen_minutes(database: Database, run: Run) -> None:
    refused = run("create", "--email", "a@exemple.fr", "--name", "A", "--role", "reader")
    assert refused.exit_code == 1
    assert "--role officer" in refused.output
    made = run(*FIRST)
    assert made.exit_code == 0
    assert "15 minutes" in made.output
    path = made.output.strip().splitlines()[-1].removeprefix("http://127.0.0.1:8000")
    assert path.startswith("/equipe/invitation/")
    assert account(database).role is Role.OFFICER
    assert account(database).password_hash is None
    with database.reading() as session:
        [link] = session.exec(select(OneTimeLink)).all()
        opened = links.open_link(session, path.rsplit("/", 1)[1], LinkPurpose.INVITATION, now=datetime.now(UTC))
    assert opened.account.email == "camille@exemple.fr"
    assert timedelta(minutes=14) < link.expires_at - link.created_at <= timedelta(minutes=15)
    assert path.rsplit("/", 1)[1] not in str(link.model_dump())


def test_later_invitations_last_seven_days(database: Database, run: Run) -> None:
    run(*FIRST)
    enrol(database)
    made = run("create", "--email", "dominique@exemple.fr", "--name", "Dominique", "--role", "adviser")
    assert "7 jours" in made.output


def test_a_fresh_link_ends_the_one_before(database: Database, run: Run) -> None:
    token = run(*FIRST).output.strip().rsplit("/", 1)[1]
    assert run("link", "camille@exemple.fr").exit_code == 0
    with database.reading() as session, pytest.raises(ExpiredLinkError):
        links.open_link(session, token, LinkPurpose.INVITATION, now=datetime.now(UTC))


def test_an_active_account_gets_a_link_for_a_password_or_an_invitation_when_asked(database: Database, run: Run) -> None:
    run(*FIRST)
    enrol(database)
    assert "/equipe/mot-de-passe/" in run("link", "CAMILLE@exemple.fr").output
    assert "/equipe/invitation/" in run("link", "--invitation", "camille@exemple.fr").output


@pytest.mark.parametrize("email", ["pas une adresse", "a@b", "", "a@exemple.fr\nBcc: b@exemple.fr"])
def test_an_address_that_mail_cannot_reach_is_refused(database: Database, run: Run, email: str) -> None:
    assert run("create", "--email", email, "--name", "A", "--role", "officer").exit_code == 1
    with database.reading() as session:
        assert session.exec(select(StaffAccount)).all() == []


def test_the_same_address_makes_one_account(run: Run) -> None:
    run(*FIRST)
    again = run(*FIRST)
    assert again.exit_code == 1
    assert "déjà un compte" in again.output


def test_the_last_officer_stays_and_a_disabled_account_can_be_opened_again(database: Database, run: Run) -> None:
    run(*FIRST)
    enrol(database)
    assert "seul compte" in run("disable", "camille@exemple.fr").output
    run("create", "--email", "dominique@exemple.fr", "--name", "Dominique", "--role", "adviser")
    assert run("disable", "dominique@exemple.fr").exit_code == 0
    assert "désactivé" in run("list").output
    assert run("link", "dominique@exemple.fr").exit_code == 1
    assert run("link", "--invitation", "dominique@exemple.fr").exit_code == 0
    assert account(database, "dominique@exemple.fr").disabled_at is None


def test_an_unknown_address_is_told(run: Run) -> None:
    for command in ("link", "disable"):
        told = run(command, "personne@exemple.fr")
        assert (told.exit_code, "Aucun compte" in told.output) == (1, True)
