"""Appointments: set, moved, held, missed or called off; seen by both sides, in their calendars, reminded once."""

from datetime import timedelta

import pytest
from icalendar import Calendar

from guide.clock import tick
from guide.content.base import KnowledgeBase
from guide.mailing import deliver_due, poster, renderer
from guide.models import Appointment, ContactAttempt, OutgoingMail, Referral
from guide.models.appointment import AppointmentState
from guide.models.outgoing import MailTemplate
from guide.models.referral import ReferralState
from tests.web.pages import Form, Page, plain
from tests.web.team import READER, Colleague, Team
from tests.web.test_introductions import tracking_link, tracking_page
from tests.web.test_staff_desk import ask, kept, move

SLOT = {"day": "01/12/2026", "hour": "10 h 30", "mode": "on_site", "place": "Mairie de Hesdin"}
SAID = "mardi 1er décembre à 10 h 30, sur site, Mairie de Hesdin"


@pytest.fixture
def reference(team: Team, knowledge: KnowledgeBase) -> str:
    return ask(team, knowledge)


@pytest.fixture
def officer(team: Team) -> Colleague:
    return team.signed_in()


def folder(reference: str) -> str:
    return f"/equipe/dossiers/{reference}/rendez-vous"


def fill(form: Form, **slot: str) -> Form:
    for name, value in slot.items():
        if name == "mode":
            form.tick(name, value)
        elif name == "minutes":
            form.choose(name, value)
        else:
            form.write(name, value)
    return form


def setting(officer: Colleague, reference: str, **slot: str) -> Form:
    officer.open(folder(reference))
    return fill(officer.form(folder(reference)), **{**SLOT, **slot})


def one(team: Team) -> Appointment:
    [found] = kept(team, Appointment)
    assert isinstance(found, Appointment)
    return found


def address(team: Team, reference: str) -> str:
    return f"{folder(reference)}/{one(team).id}"


def ending(officer: Colleague, team: Team, reference: str, state: str, word: str = "") -> Form:
    officer.open(address(team, reference))
    return officer.form(f"{address(team, reference)}/suite").tick("state", state).write("word_after", word)


def test_an_appointment_is_set_and_both_sides_see_it(team: Team, officer: Colleague, reference: str) -> None:
    page = officer.send(setting(officer, reference))
    assert SAID in page.text
    shown = tracking_page(team, reference)
    assert "Votre rendez-vous Mardi 1er décembre à 10 h 30 , sur site, Mairie de Hesdin" in shown.text
    assert f"– {SAID}" in shown.text
    assert [mail.template for mail in kept(team, OutgoingMail)].count(MailTemplate.STAFF_WROTE) == 1
    assert (one(team).ends_at - one(team).starts_at) == timedelta(hours=1)


@pytest.mark.parametrize("hour", ["10h30", "10:30", "10 h 30", "10H30"])
def test_hours_are_read_as_people_type_them(team: Team, officer: Colleague, reference: str, hour: str) -> None:
    officer.send(setting(officer, reference, hour=hour))
    assert SAID in plain(one(team).said)


@pytest.mark.parametrize(
    ("slot", "wrong"),
    [
        ({"day": "31/11/2026"}, "day"),
        ({"day": "demain"}, "day"),
        ({"day": "01/12/2025"}, "day"),
        ({"hour": "25 h"}, "hour"),
        ({"hour": "10 h 75"}, "hour"),
        ({"hour": ""}, "hour"),
        ({"day": "24/11/2026", "hour": "6 h"}, "hour"),
        ({"place": ""}, "place"),
        ({"place": "x" * 301}, "place"),
        ({"word": ""}, "word"),
    ],
)
def test_what_is_not_a_moment_or_a_place_is_refused_and_kept(
    team: Team, officer: Colleague, reference: str, slot: dict[str, str], wrong: str
) -> None:
    page = officer.send(setting(officer, reference, **slot), 422)
    assert [str(link["href"]) for link in page.summary.find_all("a")] == [f"#{wrong}"]
    again = page.form(folder(reference))
    assert again.written("place") == {**SLOT, **slot}["place"][:301]
    assert kept(team, Appointment) == []


def test_a_call_needs_no_place(team: Team, officer: Colleague, reference: str) -> None:
    officer.send(setting(officer, reference, mode="phone", place=""))
    assert "par téléphone" in one(team).said


def read(officer: Colleague, path: str) -> Calendar:
    response = officer.client.get(path)
    assert response.mimetype == "text/calendar"
    return Calendar.from_ical(response.data)


def test_each_side_has_a_file_for_a_calendar_and_the_last_one_wins(
    team: Team, officer: Colleague, reference: str
) -> None:
    officer.send(setting(officer, reference, mode="video", place="https://visio.exemple.fr/abc"))
    path = f"{address(team, reference)}.ics"
    [event] = read(officer, path).walk("VEVENT")
    assert event.decoded("dtstart") == one(team).starts_at
    assert (str(event["summary"]), str(event["location"])) == (
        f"Alix Fictif ({reference})",
        "https://visio.exemple.fr/abc",
    )
    link = tracking_link(team, reference)
    shown = Page(link, 200, team.somebody().client.get(link).text)  # not judged: it leads to the host of the call
    assert 'href="https://visio.exemple.fr/abc" rel="noreferrer"' in shown.html
    person = shown.link("L’ajouter à mon agenda")
    [theirs] = read(officer, person).walk("VEVENT")
    assert theirs["uid"] == event["uid"]
    assert "Alix" not in str(theirs["summary"])
    officer.open(address(team, reference))
    officer.send(fill(officer.form(address(team, reference)), hour="14 h"))
    [moved] = read(officer, path).walk("VEVENT")
    assert (moved["uid"], int(moved["sequence"])) == (event["uid"], 1)
    officer.send(ending(officer, team, reference, "cancelled", "Un empêchement, pardon."))
    assert str(read(officer, path)["method"]) == "CANCEL"
    assert officer.client.get(person).status_code == 404


@pytest.mark.parametrize(
    ("state", "came"), [("held", (True, ReferralState.MET)), ("missed", (False, ReferralState.REVIEWED))]
)
def test_what_became_of_it_is_an_attempt_and_the_state_follows(
    team: Team, officer: Colleague, reference: str, state: str, came: tuple[bool, ReferralState]
) -> None:
    move(officer, reference, "reviewed")
    officer.send(setting(officer, reference))
    officer.send(ending(officer, team, reference, state))
    [attempt] = kept(team, ContactAttempt)
    assert attempt.channel == "meeting"
    assert (attempt.reached, kept(team, Referral)[0].state) == came
    page = officer.open(address(team, reference))
    assert "Ce rendez-vous est passé" in page.text


@pytest.mark.parametrize("state", ["held", "missed", "cancelled"])
def test_a_dossier_rests_no_more_once_its_appointment_is_over(
    team: Team, officer: Colleague, reference: str, state: str
) -> None:
    assert "En pause jusqu’au mardi 1er décembre" in officer.send(setting(officer, reference)).text
    page = officer.send(ending(officer, team, reference, state, "Un mot."))
    assert "En pause" not in page.text
    assert kept(team, Referral)[0].snoozed_until is None


def test_a_pause_that_somebody_chose_outlives_an_appointment(team: Team, officer: Colleague, reference: str) -> None:
    officer.send(setting(officer, reference))
    pause = f"/equipe/dossiers/{reference}/pause"
    officer.open(pause)
    officer.send(officer.form(pause).write("until", "15/12/2026").write("reason", "Travaux"))
    officer.send(ending(officer, team, reference, "held"))
    assert kept(team, Referral)[0].snooze_reason == "Travaux"


def test_calling_off_owes_a_word(team: Team, officer: Colleague, reference: str) -> None:
    officer.send(setting(officer, reference))
    page = officer.send(ending(officer, team, reference, "cancelled"), 422)
    assert [str(link["href"]) for link in page.summary.find_all("a")] == ["#word_after"]
    assert one(team).is_planned


def test_one_that_is_over_is_neither_moved_nor_ended_again(team: Team, officer: Colleague, reference: str) -> None:
    officer.send(setting(officer, reference))
    late_end = ending(officer, team, reference, "missed")
    late_move = fill(officer.form(address(team, reference)), hour="16 h")
    officer.send(ending(officer, team, reference, "held"))
    for form in (late_end, late_move):
        assert "Quelqu’un a changé" in officer.send(form, 409).text
        form.named("version")[0].value = str(kept(team, Referral)[0].version)
        said = plain(officer.send(form, 409).soup.select_one("[role=alert]").get_text())
        assert "Tenu" in said
    assert one(team).state is AppointmentState.HELD


def test_closing_calls_off_what_was_to_come(team: Team, officer: Colleague, reference: str) -> None:
    officer.send(setting(officer, reference))
    move(officer, reference, "closed", outcome="abandoned", word="Bonne suite")
    assert one(team).state is AppointmentState.CANCELLED


def remind(team: Team, knowledge: KnowledgeBase) -> int:
    return tick(team.database, knowledge=knowledge, delays=team.settings.delays, now=team.now()).done["appointment"]


def test_both_sides_are_reminded_the_day_before_once(
    team: Team, officer: Colleague, reference: str, knowledge: KnowledgeBase
) -> None:
    officer.send(setting(officer, reference))
    assert remind(team, knowledge) == 0
    team.later(days=6)  # 30 November
    assert [remind(team, knowledge) for _ in range(3)] == [1, 0, 0]
    templates = [mail.template for mail in kept(team, OutgoingMail)]
    assert templates.count(MailTemplate.APPOINTMENT_TOMORROW) == 1
    assert templates.count(MailTemplate.APPOINTMENT_OF_TEAM) == 1
    deliver(team, knowledge)
    written = "".join(path.read_text() for path in team.settings.mails.glob("*.eml"))
    assert written.count("Subject: Demain, notre rendez-vous") == 1
    assert written.count("Subject: Rendez-vous demain, demande") == 1


@pytest.mark.parametrize("hours", [-7, 13])  # 2 h, or 22 h, in Paris
def test_a_reminder_waits_for_the_morning_and_not_for_the_day_itself(
    team: Team, officer: Colleague, reference: str, knowledge: KnowledgeBase, hours: int
) -> None:
    officer.send(setting(officer, reference))
    team.later(days=6, hours=hours, seconds=-team.now().second)
    remind(team, knowledge)
    [mail] = [each for each in kept(team, OutgoingMail) if each.template is MailTemplate.APPOINTMENT_TOMORROW]
    assert mail.due_at - team.now() == timedelta(hours=6 if hours < 0 else 0)


def deliver(team: Team, knowledge: KnowledgeBase) -> None:
    deliver_due(
        team.database,
        knowledge=knowledge,
        settings=team.settings,
        render=renderer(team.app.jinja_env),
        post=poster(team.settings),
        now=team.now,
    )


def test_nobody_is_reminded_of_what_was_moved_or_called_off_meanwhile(
    team: Team, officer: Colleague, reference: str, knowledge: KnowledgeBase
) -> None:
    officer.send(setting(officer, reference))
    team.later(days=6)
    officer.sign_in()
    remind(team, knowledge)
    officer.send(ending(officer, team, reference, "cancelled", "Un empêchement, pardon."))
    deliver(team, knowledge)
    written = "".join(path.read_text() for path in team.settings.mails.glob("*.eml"))
    assert "notre rendez-vous" not in written


def test_an_appointment_of_another_dossier_is_nowhere(
    team: Team, officer: Colleague, reference: str, knowledge: KnowledgeBase
) -> None:
    officer.send(setting(officer, reference))
    other = ask(team, knowledge, "autre", name="Bo Inventé", email="bo@exemple.fr")
    for ending_ in ("", ".ics"):
        assert officer.client.get(f"{folder(other)}/{one(team).id}{ending_}").status_code == 404
    theirs: Page = tracking_page(team, other)
    assert officer.client.get(f"{theirs.path}/rendez-vous/{one(team).id}.ics").status_code == 404


def test_a_reader_has_the_file_and_changes_nothing(team: Team, officer: Colleague, reference: str) -> None:
    officer.send(setting(officer, reference))
    reader = team.signed_in(READER, name="Sacha Lecteur")
    assert SAID in reader.open(f"/equipe/dossiers/{reference}").text
    assert reader.client.get(f"{address(team, reference)}.ics").status_code == 200
    assert reader.client.get(address(team, reference)).status_code == 403
