"""A mail waits a minute: a click by mistake mails nobody, and two moves in a row are told once."""

from typing import Any

import pytest

from guide.content.base import KnowledgeBase
from guide.models import JournalLine, OutgoingMail
from guide.models.journal import LineKind
from guide.models.outgoing import MailTemplate
from tests.web.pages import Form
from tests.web.team import Colleague, Team
from tests.web.test_introductions import tracking_page
from tests.web.test_staff_desk import ask, kept, move

TO_PERSON = {MailTemplate.STAFF_WROTE, MailTemplate.STATE_CHANGED, MailTemplate.CLOSED}


@pytest.fixture
def reference(team: Team, knowledge: KnowledgeBase) -> str:
    return ask(team, knowledge)


@pytest.fixture
def officer(team: Team) -> Colleague:
    return team.signed_in()


def leaving(team: Team) -> list[MailTemplate]:
    return [mail.template for mail in kept(team, OutgoingMail) if mail.template in TO_PERSON]


def write(officer: Colleague, reference: str, text: str) -> None:
    officer.open(f"/equipe/dossiers/{reference}")
    officer.send(officer.form(f"/equipe/dossiers/{reference}/message").write("text", text))


def calling_back(officer: Colleague, reference: str) -> Form:
    officer.open(f"/equipe/dossiers/{reference}")
    return officer.form("/equipe/envois/")


def test_a_message_is_called_back_within_its_minute(team: Team, officer: Colleague, reference: str) -> None:
    write(officer, reference, "Pas pour elle")
    page = officer.send(calling_back(officer, reference))
    assert "ne partira pas" in page.text
    assert leaving(team) == []
    assert "Pas pour elle" not in tracking_page(team, reference).text
    kinds = [line.kind for line in kept(team, JournalLine)]
    assert LineKind.CALLED_BACK in kinds
    assert "Pas pour elle" in officer.open(f"/equipe/dossiers/{reference}").text


def test_after_its_minute_it_is_too_late(team: Team, officer: Colleague, reference: str) -> None:
    write(officer, reference, "Bonjour")
    form = calling_back(officer, reference)
    team.later(minutes=1)
    assert "Trop tard" in officer.send(form).text
    assert leaving(team) == [MailTemplate.STAFF_WROTE]
    assert "Ne pas l’envoyer" not in officer.open(f"/equipe/dossiers/{reference}").text


def test_a_mail_that_is_being_sent_is_not_called_back(team: Team, officer: Colleague, reference: str) -> None:
    write(officer, reference, "Bonjour")
    form = calling_back(officer, reference)
    change_mails(team, claimed_until=team.now())
    assert "Trop tard" in officer.send(form).text
    assert leaving(team) == [MailTemplate.STAFF_WROTE]


def change_mails(team: Team, **values: Any) -> None:
    with team.database.writing() as session:
        for mail in kept(team, OutgoingMail):
            merged = session.merge(mail)
            for name, value in values.items():
                setattr(merged, name, value)


def test_nobody_calls_back_the_mail_of_a_colleague(team: Team, officer: Colleague, reference: str) -> None:
    write(officer, reference, "Bonjour")
    form = calling_back(officer, reference)
    colleague = team.signed_in(name="Dominique Petit")
    colleague.open(f"/equipe/dossiers/{reference}")
    token = dict(colleague.form(f"/equipe/dossiers/{reference}/note").pairs)["csrf_token"]
    assert colleague.client.post(form.action, data={"csrf_token": token}).status_code == 404
    assert leaving(team) == [MailTemplate.STAFF_WROTE]


def test_two_moves_in_a_row_are_one_mail_and_a_word_is_never_lost(
    team: Team, officer: Colleague, reference: str
) -> None:
    for state in ("reviewed", "contacted"):
        move(officer, reference, state)
        team.later(seconds=1)
    assert leaving(team) == [MailTemplate.STATE_CHANGED]
    move(officer, reference, "assigned", assignee=str(officer.id), word="Je vous appelle demain.")
    assert leaving(team) == [MailTemplate.STATE_CHANGED]
    team.later(seconds=1)
    move(officer, reference, "reviewed")
    assert leaving(team) == [MailTemplate.STATE_CHANGED] * 2


def test_a_dossier_closed_by_mistake_and_opened_again_mails_nobody(
    team: Team, officer: Colleague, reference: str
) -> None:
    move(officer, reference, "reviewed")
    team.later(minutes=2)
    before = leaving(team)
    move(officer, reference, "closed", outcome="abandoned", word="Au revoir")
    move(officer, reference, "reviewed")
    assert leaving(team) == before
    assert "Au revoir" not in tracking_page(team, reference).text


def test_a_move_undone_with_a_word_mails_the_word(team: Team, officer: Colleague, reference: str) -> None:
    move(officer, reference, "reviewed")
    team.later(minutes=2)
    move(officer, reference, "assigned", assignee=str(officer.id))
    move(officer, reference, "reviewed", word="Nous cherchons encore qui pourra vous aider.")
    assert leaving(team) == [MailTemplate.STATE_CHANGED, MailTemplate.STAFF_WROTE]
