"""Reaching somebody: the call sheet, its result in one form, and the question before anybody is said unreachable."""

import pytest

from guide.content.base import KnowledgeBase
from guide.models import ContactAttempt, Introduction, JournalLine, OutgoingMail, Referral
from guide.models.introduction import IntroductionState
from guide.models.journal import LineKind
from guide.models.outgoing import MailTemplate
from guide.models.referral import Outcome, ReferralState
from tests.web.pages import Form, Page, plain
from tests.web.team import Colleague, Team
from tests.web.test_introductions import tracking_page
from tests.web.test_staff_desk import ask, kept, move


@pytest.fixture
def reference(team: Team, knowledge: KnowledgeBase) -> str:
    return ask(team, knowledge, phone="+33612345678", call_when=("matin",))


@pytest.fixture
def officer(team: Team) -> Colleague:
    return team.signed_in()


def sheet(officer: Colleague, reference: str) -> Form:
    officer.open(f"/equipe/dossiers/{reference}/contact")
    return officer.form(f"/equipe/dossiers/{reference}/contact")


def call(officer: Colleague, reference: str, reached: str, **more: str) -> Page:
    form = sheet(officer, reference).tick("reached", reached)
    for name, value in more.items():
        form.tick(name, value) if name == "channel" else form.write(name, value)
    return officer.send(form)


def test_the_call_sheet_has_what_is_needed_on_a_telephone(officer: Colleague, reference: str) -> None:
    page = officer.open(f"/equipe/dossiers/{reference}/contact")
    assert "tel:+33612345678" in page.links().values()
    assert "Un café associatif" in page.text
    assert "Quand appeler matin" in page.text
    assert "Pas-de-Calais Actif" in page.text
    assert "Vous cherchez de l’argent" in page.text


def test_result_note_and_next_date_are_recorded_in_one_form(team: Team, officer: Colleague, reference: str) -> None:
    call(officer, reference, "non", note="Répondeur, voix fatiguée", next_on="26/11/2026")
    [attempt] = kept(team, ContactAttempt)
    assert (attempt.channel, attempt.reached, attempt.staff_id) == ("phone", False, officer.id)
    assert str(attempt.next_on) == "2026-11-26"
    assert kept(team, Referral)[0].snoozed_until == attempt.next_on  # nothing is late before
    shown = tracking_page(team, reference)
    assert "Nous vous avons appelé·e, sans réponse. Prochain contact : jeudi 26 novembre." in shown.text
    assert "voix fatiguée" not in shown.text
    assert "Répondeur, voix fatiguée" in officer.open(f"/equipe/dossiers/{reference}").text


def test_a_next_date_is_awaited_until_the_person_is_reached(team: Team, officer: Colleague, reference: str) -> None:
    call(officer, reference, "non", next_on="26/11/2026")
    call(officer, reference, "non", note="Encore le répondeur")
    assert str(kept(team, Referral)[0].snoozed_until) == "2026-11-26"
    call(officer, reference, "oui")
    assert kept(team, Referral)[0].snoozed_until is None


def test_an_attempt_without_its_result_or_on_a_day_that_is_not_is_refused_and_kept(
    officer: Colleague, reference: str
) -> None:
    form = sheet(officer, reference).write("note", "Une note").write("next_on", "30/02/2027")
    page = officer.send(form, 422)
    assert {str(link["href"]) for link in page.summary.find_all("a")} == {"#reached", "#next_on"}
    assert page.form(form.action).written("note") == "Une note"


@pytest.mark.parametrize(("channel", "state"), [("phone", ReferralState.CONTACTED), ("meeting", ReferralState.MET)])
def test_whoever_is_reached_is_in_contact_and_met_in_a_meeting(
    team: Team, officer: Colleague, reference: str, channel: str, state: ReferralState
) -> None:
    move(officer, reference, "reviewed")
    before = len(kept(team, OutgoingMail))
    call(officer, reference, "oui", channel=channel)
    assert kept(team, Referral)[0].state is state
    assert len(kept(team, OutgoingMail)) == before  # they have just spoken


def test_a_request_that_nobody_has_read_yet_does_not_move_by_a_call(
    team: Team, officer: Colleague, reference: str
) -> None:
    call(officer, reference, "oui")
    assert kept(team, Referral)[0].state is ReferralState.RECEIVED


def test_nobody_is_unreachable_before_she_was_asked_and_had_the_time_to_answer(
    team: Team, officer: Colleague, reference: str
) -> None:
    said = {"outcome": "unreachable", "word": "Nous n’avons pas pu vous joindre."}
    assert "Demandez d’abord" in move(officer, reference, "closed", 409, **said).text
    sheet(officer, reference)
    officer.send(officer.form(f"/equipe/dossiers/{reference}/toujours-partant"))
    assert [each.template for each in kept(team, OutgoingMail)].count(MailTemplate.STAFF_WROTE) == 1
    team.later(days=6)
    officer.sign_in()
    refused = move(officer, reference, "closed", 409, **said)
    assert refused.form(f"/equipe/dossiers/{reference}/cloture").written("word") == said["word"]
    team.later(days=2)
    officer.sign_in()
    move(officer, reference, "closed", **said)
    assert kept(team, Referral)[0].outcome is Outcome.UNREACHABLE


def test_who_answers_that_she_goes_on_is_not_closed(team: Team, officer: Colleague, reference: str) -> None:
    sheet(officer, reference)
    officer.send(officer.form(f"/equipe/dossiers/{reference}/toujours-partant"))
    page = tracking_page(team, reference)
    assert "Êtes-vous toujours partant·e ?" in page.text
    team.later(days=1)
    person = team.somebody()
    person.open(page.address)
    yes = next(form for form in person.page.forms(f"{page.path}/message") if "Oui, je continue" in form.buttons)
    person.send(yes)
    assert "Êtes-vous toujours partant·e ?" not in person.open(page.address).text
    assert MailTemplate.PERSON_WROTE in {mail.template for mail in kept(team, OutgoingMail)}
    team.later(days=8)
    officer.sign_in()
    refused = move(officer, reference, "closed", 409, outcome="unreachable", word="Sans nouvelles.")
    assert "La personne a répondu" in refused.text


def test_the_same_question_sent_by_two_clicks_is_asked_once(team: Team, officer: Colleague, reference: str) -> None:
    sheet(officer, reference)
    form = officer.form(f"/equipe/dossiers/{reference}/toujours-partant")
    for _ in range(2):
        assert officer.post(form).status_code == 303
    assert [line.kind for line in kept(team, JournalLine)].count(LineKind.STILL_ASKED) == 1


def test_closing_shows_what_is_underway_and_withdraws_what_was_never_taken_up(
    team: Team, officer: Colleague, reference: str
) -> None:
    page = officer.open(f"/equipe/dossiers/{reference}/cloture")
    assert "Encore en cours" in page.text
    move(officer, reference, "closed", outcome="autonomous", word="Bonne route")
    assert [each.state for each in kept(team, Introduction)] == [IntroductionState.WITHDRAWN]


def test_a_closed_dossier_takes_no_attempt_and_no_question(team: Team, officer: Colleague, reference: str) -> None:
    late = sheet(officer, reference).tick("reached", "oui").write("note", "Elle est contente")
    question = officer.form(f"/equipe/dossiers/{reference}/toujours-partant")
    move(officer, reference, "closed", outcome="autonomous", word="Bonne route")
    for form in (late, question):
        page = officer.send(form, 409)
        assert "Ce dossier est clos" in plain(page.soup.select_one("[role=alert]").get_text())
    assert kept(team, ContactAttempt) == []
