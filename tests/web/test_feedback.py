"""After the end: a signed link asks two questions, keeps the last answer, and dies after thirty days."""

from uuid import uuid4

import pytest
from sqlmodel import select

from guide.content.base import KnowledgeBase
from guide.models import Feedback, JournalLine, Referral
from guide.models.feedback import FeedbackAnswer, FeedbackKind
from guide.models.journal import LineKind
from guide.models.referral import Outcome, ReferralState
from guide.secrecy import sign
from tests.web.pages import plain
from tests.web.team import Browser, Team
from tests.web.test_staff_desk import ask


@pytest.fixture
def referral(team: Team, knowledge: KnowledgeBase) -> Referral:
    ask(team, knowledge)
    with team.database.writing() as session:
        kept = session.exec(select(Referral)).one()
        kept.move(ReferralState.CLOSED, at=team.now(), outcome=Outcome.AUTONOMOUS)
    return kept


def link(team: Team, referral: Referral, kind: str = "satisfaction", secret: str | None = None) -> str:
    return "/suivi/avis/" + sign(secret or team.settings.secret_key, "question", str(referral.id), kind)


def answers(team: Team) -> list[tuple[str, str, str | None]]:
    with team.database.reading() as session:
        return [(each.kind, each.answer, each.text) for each in session.exec(select(Feedback))]


def say(person: Browser, address: str, answer: str, text: str = "", status: int = 200) -> None:
    form = person.open(address).form(address)
    person.send(form.tick("answer", answer).write("text", text), status)


@pytest.mark.parametrize(
    ("kind", "first", "second"),
    [
        ("satisfaction", FeedbackAnswer.PARTLY, FeedbackAnswer.HELPED),
        ("news", FeedbackAnswer.WAITING, FeedbackAnswer.STARTED),
    ],
)
def test_an_answer_is_kept_may_be_changed_and_is_read_in_the_journal(
    team: Team, referral: Referral, kind: str, first: FeedbackAnswer, second: FeedbackAnswer
) -> None:
    person, address = team.somebody(), link(team, referral, kind)
    say(person, address, first.value, "Merci à Noa")
    assert person.page is not None
    assert "Votre réponse est enregistrée" in person.page.text
    say(person, address, first.value, "Merci à Noa")  # a second click
    say(person, address, second.value)
    assert answers(team) == [(kind, second, None)]
    with team.database.reading() as session:
        lines = [line for line in session.exec(select(JournalLine)) if line.kind is LineKind.ANSWERED]
    assert [plain(line.text or "") for line in lines] == [
        f"{FeedbackKind.of(kind).label} {first.label}. Merci à Noa",
        f"{FeedbackKind.of(kind).label} {second.label}.",
    ]
    officer = team.signed_in()
    assert "Merci à Noa" in officer.open(f"/equipe/dossiers/{referral.reference}").text


def test_opening_a_link_answers_nothing_and_each_question_has_its_answers(team: Team, referral: Referral) -> None:
    page = team.somebody().open(link(team, referral))
    assert page.form(link(team, referral)).offers("answer") == ["helped", "partly", "not_helped"]
    assert answers(team) == []


@pytest.mark.parametrize(
    ("answer", "text", "said"), [("", "", "Choisissez une réponse"), ("helped", "a" * 2001, "trop long")]
)
def test_what_is_missing_or_too_long_is_said_and_kept(
    team: Team, referral: Referral, answer: str, text: str, said: str
) -> None:
    person, address = team.somebody(), link(team, referral)
    form = person.open(address).form(address).write("text", text)
    page = person.send(form.tick("answer", answer) if answer else form, 422)
    assert said in plain(page.summary.get_text())
    assert page.form(address).written("text") == text
    assert answers(team) == []


def test_an_answer_to_the_other_question_is_refused(team: Team, referral: Referral) -> None:
    person, address = team.somebody(), link(team, referral)
    form = person.open(address).form(address).tick("answer", "helped")
    for control in form.named("answer"):
        control.value = "stopped" if control.on else control.value
    person.send(form, 422)
    assert answers(team) == []


def test_a_forged_link_opens_nothing_and_an_old_one_is_over(team: Team, referral: Referral) -> None:
    person, good = team.somebody(), link(team, referral)
    missing = "/suivi/avis/" + sign(team.settings.secret_key, "question", str(uuid4()), "satisfaction")
    for forged in (good[:-2] + "xx", link(team, referral, secret="autre"), missing, "/suivi/avis/x"):  # noqa: S106
        assert person.open(forged, 404)
    team.later(days=29, hours=23)
    assert person.open(good)
    team.later(hours=2)
    assert person.open(good, 410)


def test_whoever_was_erased_is_asked_nothing_more(team: Team, referral: Referral) -> None:
    address = link(team, referral)
    say(team.somebody(), address, "helped", "Merci")
    with team.database.writing() as session:
        kept = session.get_one(Referral, referral.id)
        kept.anonymised_at = team.now()
    assert team.somebody().open(address, 404)
