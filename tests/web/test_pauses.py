"""A pause: nothing is late before the day, the person reads that day, and whoever acts or writes ends it."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from guide.content.base import KnowledgeBase
from guide.models import JournalLine, Referral, TrackingToken
from guide.models.journal import Author, LineKind
from guide.models.referral import Outcome, ReferralState
from guide.secrecy import digest
from guide.store import journal
from tests.web.pages import plain
from tests.web.team import READER, Colleague, Team
from tests.web.test_staff_desk import ask

DAY = date(2026, 12, 7)


@pytest.fixture
def reference(team: Team, knowledge: KnowledgeBase) -> str:
    return ask(team, knowledge)


@pytest.fixture
def officer(team: Team) -> Colleague:
    return team.signed_in()


def kept(team: Team) -> Referral:
    with team.database.reading() as session:
        return session.exec(select(Referral)).one()


def pause(officer: Colleague, reference: str, until: str = "7/12/2026", reason: str = "Attend un local") -> None:
    address = f"/equipe/dossiers/{reference}/pause"
    officer.open(address)
    officer.send(officer.form(address).write("until", until).write("reason", reason))


def test_a_dossier_is_put_off_until_a_day_for_a_reason_and_taken_up_again(
    team: Team, officer: Colleague, reference: str
) -> None:
    page = officer.open(f"/equipe/dossiers/{reference}")
    assert page.link("Mettre en pause") == f"/equipe/dossiers/{reference}/pause"
    for _ in range(2):  # twice the same is once
        pause(officer, reference)
    assert (kept(team).snoozed_until, kept(team).snooze_reason) == (DAY, "Attend un local")
    assert "En pause jusqu’au lundi 7 décembre : Attend un local" in officer.open("/equipe?vue=en-pause").text
    team.later(days=9)
    officer.sign_in()
    assert "En retard 0" in plain(officer.open("/equipe").soup.select_one(".tabs").get_text(" "))
    page = officer.open(f"/equipe/dossiers/{reference}")
    assert "En pause jusqu’au lundi 7 décembre : Attend un local" in page.text
    officer.send(officer.form(f"/equipe/dossiers/{reference}/reprise"))
    assert kept(team).snoozed_until is None
    with team.database.reading() as session:
        lines = [line for line in session.exec(select(JournalLine)) if line.kind in (LineKind.SNOOZED, LineKind.WOKEN)]
    assert [(line.kind, line.visible) for line in lines] == [(LineKind.SNOOZED, False), (LineKind.WOKEN, False)]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("24/11/2026", "Attend"), "après aujourd’hui"),
        (("31/02/2027", "Attend"), "n’existe pas"),
        (("demain", "Attend"), "comme 01/12/2026"),
        (("", "Attend"), "comme 01/12/2026"),
        (("7/12/2031", "Attend"), "deux ans"),
        (("7/12/2026", ""), "Dites pourquoi"),
        (("7/12/2026", "a" * 201), "trop long"),
    ],
)
def test_an_impossible_pause_is_refused_and_what_was_typed_stays(
    team: Team, officer: Colleague, reference: str, typed: tuple[str, str], said: str
) -> None:
    until, reason = typed
    address = f"/equipe/dossiers/{reference}/pause"
    officer.open(address)
    page = officer.send(officer.form(address).write("until", until).write("reason", reason), 422)
    assert said in plain(page.summary.get_text())
    assert (page.form(address).written("until"), page.form(address).written("reason")) == typed
    assert kept(team).snoozed_until is None


def test_the_person_reads_the_day_of_the_pause_as_the_promised_one(
    team: Team, officer: Colleague, reference: str
) -> None:
    with team.database.writing() as session:
        referral = session.exec(select(Referral)).one()
        session.add(TrackingToken(referral_id=referral.id, token_hash=digest("secret"), created_at=team.now()))
    assert "jeudi 26 novembre" in team.somebody().open("/suivi/secret").text
    pause(officer, reference)
    assert "lundi 7 décembre" in team.somebody().open("/suivi/secret").text


def test_whoever_writes_wakes_her_dossier_and_closing_ends_its_pause(
    team: Team, officer: Colleague, reference: str
) -> None:
    for ending in ("writes", "closes"):
        pause(officer, reference)
        with team.database.writing() as session:
            referral = session.exec(select(Referral)).one()
            if ending == "writes":
                at = team.now() + timedelta(minutes=1)
                journal.add_line(session, referral, LineKind.MESSAGE, at=at, author=Author.PERSON, text="Bonjour")
            else:
                referral.move(ReferralState.CLOSED, at=team.now(), outcome=Outcome.AUTONOMOUS)
        assert kept(team).snoozed_until is None, ending
    address = f"/equipe/dossiers/{reference}"
    assert "Ce dossier est clos" in officer.open(f"{address}/pause").text


def test_a_reader_may_not_pause_and_a_stranger_finds_nothing(team: Team, officer: Colleague, reference: str) -> None:
    pause(officer, reference)
    reader = team.signed_in(READER, name="Sacha Lecteur")
    page = reader.open(f"/equipe/dossiers/{reference}")
    assert "Attend un local" in page.text
    assert not page.soup.select("main button")
    assert reader.client.get(f"/equipe/dossiers/{reference}/pause").status_code == 403
    assert officer.client.get("/equipe/dossiers/ESS-ZZZZZZ/pause").status_code == 404
