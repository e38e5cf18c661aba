"""Somebody who came by the table asked for nothing: she is spoken to first, informed, and agrees before any mail."""

import pytest
from sqlmodel import select

from guide.models import JournalLine, OutgoingMail, Referral
from guide.models.journal import LineKind
from guide.models.outgoing import MailTemplate
from guide.models.referral import Informed, Origin, Outcome, ReferralState
from tests.web.pages import plain
from tests.web.team import Colleague, Team

REFERENCE = "ESS-222222"
ADDRESS = f"/equipe/dossiers/{REFERENCE}"


@pytest.fixture
def officer(team: Team) -> Colleague:
    with team.database.writing() as session:
        session.add(
            Referral(
                reference=REFERENCE,
                name="Alix Fictif",
                email="alix@exemple.fr",
                origin=Origin.IMPORT,
                state=ReferralState.REVIEWED,
                received_at=team.now(),
                state_since=team.now(),
                last_contact_at=team.now(),
            )
        )
    return team.signed_in()


def kept(team: Team) -> Referral:
    with team.database.reading() as session:
        return session.exec(select(Referral)).one()


def mails(team: Team) -> list[MailTemplate]:
    with team.database.reading() as session:
        return [mail.template for mail in session.exec(select(OutgoingMail))]


def speak(officer: Colleague, status: int = 200, **said: str) -> str:
    officer.open(f"{ADDRESS}/contact")
    form = officer.form(f"{ADDRESS}/contact").tick("channel", "phone")
    for name, value in {"reached": "oui", **said}.items():
        form.tick(name, value)
    return officer.send(form, status).text


def move(officer: Colleague, to: str, **filled: str) -> None:
    if to == "closed":
        officer.open(f"{ADDRESS}/cloture")
        form = officer.form(f"{ADDRESS}/cloture")
    else:
        officer.open(ADDRESS)
        form = officer.form(f"{ADDRESS}/etat").tick("to", to)
    for name, value in filled.items():
        form.write(name, value) if name == "word" else form.choose(name, value)
    officer.send(form)


def test_nothing_is_mailed_before_she_was_spoken_to_and_agreed(team: Team, officer: Colleague) -> None:
    assert "aucun courriel ne lui est envoyé avant son accord" in officer.open(f"{ADDRESS}/contact").text
    move(officer, "contacted")
    move(officer, "closed", outcome=Outcome.UNREACHABLE.value, word="Nous n’avons pas pu vous joindre.")
    assert mails(team) == []


def test_writing_to_her_is_refused_and_the_text_is_kept(team: Team, officer: Colleague) -> None:
    officer.open(ADDRESS)
    page = officer.send(officer.form(f"{ADDRESS}/message").write("text", "Bonjour Alix"), 422)
    assert "parlez-lui d’abord" in plain(page.summary.get_text())
    assert page.form(f"{ADDRESS}/message").written("text") == "Bonjour Alix"
    assert mails(team) == []


def test_the_first_contact_says_how_she_was_informed_and_whether_she_agrees(team: Team, officer: Colleague) -> None:
    refused = speak(officer, 422)
    assert "Dites si la personne est d’accord" in refused
    assert "d’où vient son nom" in refused
    speak(officer, informed="spoken", agreed="oui")
    referral = kept(team)
    assert (referral.informed_how, referral.informed_at) == (Informed.SPOKEN, team.now())
    assert referral.may_be_written_to
    with team.database.reading() as session:
        [line] = session.exec(select(JournalLine).where(JournalLine.kind == LineKind.INFORMED)).all()
    assert line.visible
    assert "d’accord pour être accompagné·e" in str(line.text)
    assert "recevoir nos courriels ?" not in officer.open(f"{ADDRESS}/contact").text
    assert (referral.state, mails(team)) == (ReferralState.CONTACTED, [])
    move(officer, "met")
    assert mails(team) == [MailTemplate.STATE_CHANGED]


def test_who_is_not_reached_is_not_informed_and_who_refuses_is_asked_again_later(
    team: Team, officer: Colleague
) -> None:
    speak(officer, reached="non")
    assert kept(team).informed_at is None
    team.later(minutes=5)
    speak(officer, informed="spoken", agreed="non")
    referral = kept(team)
    assert referral.informed_at is not None
    assert not referral.may_be_written_to
    assert "recevoir nos courriels ?" in officer.open(f"{ADDRESS}/contact").text
