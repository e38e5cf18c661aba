"""The clock: what is due is done once, however late, however often, from how many machines; a fault stops nothing."""

import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from sqlmodel import col, select

from guide.app import create_app
from guide.clock import Clock, Report, tick
from guide.content.base import KnowledgeBase
from guide.days import PARIS
from guide.delays import Delays
from guide.models import (
    Absence,
    ContactAttempt,
    Introduction,
    JournalLine,
    OutgoingMail,
    Referral,
    Reminder,
    StaffAccount,
)
from guide.models.introduction import IntroductionState
from guide.models.journal import Author, Channel, LineKind
from guide.models.outgoing import MailTemplate
from guide.models.referral import Body, Informed, Origin, Outcome, ReferralState
from guide.models.staff import Role
from guide.settings import Settings
from guide.store.database import Database

TUESDAY = datetime(2026, 11, 24, 9, tzinfo=UTC)
STAFF = {MailTemplate.REVIEW_LATE, MailTemplate.CONTACT_LATE, MailTemplate.COLLEAGUES_NEEDED, MailTemplate.NO_ANSWER}


def paris(day: str, hour: int = 9) -> datetime:
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), PARIS) + timedelta(hours=hour)


def person(number: int, name: str, role: Role = Role.OFFICER, **changes: Any) -> StaffAccount:
    given = {"password_hash": "x", "created_at": TUESDAY}
    return StaffAccount(email=f"a{number}@exemple.fr", name=name, role=role, **{**given, **changes})


def dossier(since: datetime, **changes: Any) -> Referral:
    given: dict[str, Any] = {
        "name": "Camille Fictif",
        "email": "camille@exemple.fr",
        "received_at": since,
        "state_since": since,
        "last_contact_at": since,
    }
    return Referral(**{**given, **changes})


@pytest.fixture
def office(database: Database, knowledge: KnowledgeBase) -> "Office":
    return Office(database, knowledge)


class Office:
    """A team of two officers and two advisers, and a clock that one turns by hand."""

    def __init__(self, database: Database, knowledge: KnowledgeBase) -> None:
        self.database, self.knowledge = database, knowledge
        self.alix, self.bo = person(1, "Alix Agent"), person(2, "Bo Agent")
        self.noa, self.swann = person(3, "Noa Conseil", Role.ADVISER), person(4, "Swann Conseil", Role.ADVISER)
        self.keep(self.alix, self.bo, self.noa, self.swann, person(5, "Lou Lecteur", Role.READER))

    def keep(self, *rows: Any) -> None:
        for row in rows:
            with self.database.writing() as session:
                session.add(row)

    def tick(self, at: datetime, delays: Delays | None = None) -> Report:
        return tick(self.database, knowledge=self.knowledge, delays=delays or Delays(), now=at)

    def all(self, table: type[Any]) -> list[Any]:
        with self.database.reading() as session:
            return list(session.exec(select(table).order_by(col(table.id))).all())

    def mails(self, *without: MailTemplate) -> list[tuple[MailTemplate, Any]]:
        return [
            (mail.template, mail.account_id)
            for mail in self.all(OutgoingMail)
            if mail.template not in (MailTemplate.DIGEST, *without)
        ]

    def apes(self, since: datetime, **changes: Any) -> Referral:
        given = {"state": ReferralState.ASSIGNED, "assigned_to": self.noa.id, "assigned_body": Body.APES}
        return dossier(since, **{**given, **changes})


# --- reminders to the team


def test_a_request_not_read_is_recalled_on_the_promised_day_and_once(office: Office) -> None:
    office.keep(dossier(paris("2026-11-19")))  # a Thursday: two working days lead to Monday
    office.tick(paris("2026-11-20"))
    assert office.mails() == []
    for hour in (9, 9, 10, 18):
        office.tick(paris("2026-11-23", hour))
    office.tick(paris("2026-11-24"))
    assert office.mails() == [(MailTemplate.REVIEW_LATE, None)]
    assert [line.kind for line in office.all(JournalLine)] == [LineKind.REMINDED]
    assert office.all(JournalLine)[0].visible is False


def test_public_holidays_are_not_working_days(office: Office) -> None:
    office.keep(dossier(paris("2026-05-07")))  # Victory Day, a weekend
    office.tick(paris("2026-05-11"))
    assert office.mails() == []
    office.tick(paris("2026-05-12"))
    assert office.mails() == [(MailTemplate.REVIEW_LATE, None)]


def test_whoever_has_a_dossier_is_reminded_then_colleagues_too_and_never_after_an_attempt(office: Office) -> None:
    waiting, tried = office.apes(paris("2026-11-12")), office.apes(paris("2026-11-12"))
    office.keep(waiting, tried)
    office.keep(ContactAttempt(referral_id=tried.id, at=paris("2026-11-13"), channel=Channel.PHONE, reached=False))
    office.tick(paris("2026-11-17"))
    assert office.mails() == []
    office.tick(paris("2026-11-18"))
    assert office.mails() == [(MailTemplate.CONTACT_LATE, None)]
    office.tick(paris("2026-11-23"), Delays(silence_days=99))
    office.tick(paris("2026-11-24"), Delays(silence_days=99))
    assert office.mails() == [(MailTemplate.CONTACT_LATE, None), (MailTemplate.COLLEAGUES_NEEDED, office.swann.id)]


def test_a_dossier_given_again_is_recalled_again(office: Office) -> None:
    given = office.apes(paris("2026-11-12"))
    office.keep(given)
    office.tick(paris("2026-11-18"))
    with office.database.writing() as session:
        session.get_one(Referral, given.id).state_since = paris("2026-11-18", 12)
    office.tick(paris("2026-11-24"), Delays(silence_days=99))
    assert office.mails() == [(MailTemplate.CONTACT_LATE, None)] * 2


def test_a_pause_moves_every_date(office: Office) -> None:
    asleep = {"snoozed_until": date(2026, 12, 7), "snooze_reason": "Vacances"}
    office.keep(dossier(paris("2026-11-02"), **asleep), office.apes(paris("2026-11-02"), **asleep))
    office.tick(paris("2026-12-04"))
    assert office.mails() == []
    office.tick(paris("2026-12-07"))
    found = {template for template, _ in office.mails()}
    assert found == {*STAFF - {MailTemplate.NO_ANSWER}, MailTemplate.NO_NEWS}


def test_nobody_is_reminded_while_away_and_her_dates_move(office: Office) -> None:
    given = office.apes(paris("2026-11-18"))
    office.keep(given)
    days = {"first_day": date(2026, 11, 19), "last_day": date(2026, 11, 27), "created_at": TUESDAY}
    office.keep(Absence(account_id=office.noa.id, **days))
    calm = Delays(silence_days=99)
    for day in ("2026-11-24", "2026-11-27", "2026-12-02"):
        office.tick(paris(day), calm)
        assert office.mails() == [], day
    office.tick(paris("2026-12-03"), calm)
    assert [template for template, _ in office.mails()] == [MailTemplate.CONTACT_LATE]


def test_what_was_late_before_an_absence_waits_for_her_return_and_colleagues_who_are_there_are_told(
    office: Office,
) -> None:
    office.keep(office.apes(paris("2026-11-02")))
    days = {"first_day": date(2026, 11, 23), "last_day": date(2026, 11, 25), "created_at": TUESDAY}
    office.keep(Absence(account_id=office.noa.id, **days))
    calm = Delays(silence_days=99)
    office.tick(paris("2026-11-24"), calm)
    assert office.mails() == [(MailTemplate.COLLEAGUES_NEEDED, office.swann.id)]
    assert office.noa.id not in {
        mail.account_id for mail in office.all(OutgoingMail) if mail.template is MailTemplate.DIGEST
    }
    office.tick(paris("2026-11-26"), calm)
    assert MailTemplate.CONTACT_LATE in {template for template, _ in office.mails()}
    assert office.noa.id in {mail.account_id for mail in office.all(OutgoingMail)}


def test_a_week_without_the_clock_is_caught_up(office: Office) -> None:
    office.keep(dossier(paris("2026-11-02")), office.apes(paris("2026-11-02")))
    office.tick(paris("2026-11-24"))
    assert {template for template, _ in office.mails()} == {*STAFF - {MailTemplate.NO_ANSWER}, MailTemplate.NO_NEWS}
    assert len({mail.account_id for mail in office.all(OutgoingMail) if mail.template is MailTemplate.DIGEST}) == 4


# --- the person


def test_after_seven_days_without_news_the_person_is_told_again_and_again(office: Office) -> None:
    kept = dossier(paris("2026-11-10"), state=ReferralState.MET, assigned_to=office.noa.id)
    office.keep(kept)
    for day in ("2026-11-16", "2026-11-17", "2026-11-18", "2026-11-23", "2026-11-24"):
        office.tick(paris(day))
    assert office.mails() == [(MailTemplate.NO_NEWS, None)] * 2
    lines = office.all(JournalLine)
    assert [(line.kind, line.author, line.visible) for line in lines] == [(LineKind.NO_NEWS, Author.SYSTEM, True)] * 2
    assert "Noa suit toujours votre demande" in str(lines[0].text)
    with office.database.reading() as session:
        assert session.get_one(Referral, kept.id).moved_at == paris("2026-11-10"), "nobody did anything"


def test_without_a_mail_she_reads_it_on_her_page(office: Office) -> None:
    office.keep(dossier(paris("2026-11-10"), state=ReferralState.MET, email=None, phone="+33321000000"))
    office.tick(paris("2026-11-18"))
    assert office.mails() == []
    assert [line.kind for line in office.all(JournalLine)] == [LineKind.NO_NEWS]


def test_whoever_came_by_the_table_is_told_nothing_before_somebody_has_spoken_to_her(office: Office) -> None:
    kept = office.apes(paris("2026-11-02"), origin=Origin.IMPORT)
    office.keep(kept)
    office.tick(paris("2026-11-24"))
    assert {template for template, _ in office.mails()} == {MailTemplate.CONTACT_LATE, MailTemplate.COLLEAGUES_NEEDED}
    assert not [line for line in office.all(JournalLine) if line.visible]
    with office.database.writing() as session:
        told = session.get_one(Referral, kept.id)
        told.informed_how, told.informed_at, told.agreed_at = Informed.SPOKEN, TUESDAY, TUESDAY
    office.tick(paris("2026-11-25"))
    assert MailTemplate.NO_NEWS in {template for template, _ in office.mails()}


# --- structures that do not answer


def test_a_structure_that_does_not_answer_in_thirty_days_is_noted_and_another_door_is_asked_for(office: Office) -> None:
    kept = dossier(paris("2026-10-01"), state=ReferralState.MET, assigned_to=office.noa.id, assigned_body=Body.APES)
    office.keep(kept)
    at = paris("2026-10-20")
    sent = {"state": IntroductionState.SENT, "proposed_at": at, "state_since": at, "agreed_at": at}
    office.keep(Introduction(referral_id=kept.id, entry="apes", **sent))
    office.keep(Introduction(referral_id=kept.id, entry="disparue", **sent))
    calm = Delays(silence_days=99)
    office.tick(paris("2026-11-18"), calm)
    assert {each.state for each in office.all(Introduction)} == {IntroductionState.SENT}
    for _ in range(2):
        office.tick(paris("2026-11-19"), calm)
    assert {each.state for each in office.all(Introduction)} == {IntroductionState.EXPIRED}
    assert office.mails() == [(MailTemplate.NO_ANSWER, None)] * 2
    lines = [line for line in office.all(JournalLine) if line.kind is LineKind.INTRODUCTION]
    assert [(line.from_state, line.to_state, line.visible) for line in lines] == [("sent", "expired", True)] * 2


# --- after the end


def test_ten_days_after_a_closing_then_six_months_after_the_person_is_asked_once_each(office: Office) -> None:
    ended = {"state": ReferralState.CLOSED, "closed_at": paris("2026-05-11")}
    office.keep(
        dossier(paris("2026-05-01"), outcome=Outcome.AUTONOMOUS, **ended),
        dossier(paris("2026-05-01"), outcome=Outcome.DUPLICATE, **ended),
        dossier(paris("2026-05-01"), outcome=Outcome.WITHDRAWN, **ended),
        dossier(paris("2026-05-01"), outcome=Outcome.SUPPORTED, email=None, phone="+33321000000", **ended),
        dossier(paris("2026-05-01"), outcome=Outcome.SUPPORTED, origin=Origin.IMPORT, **ended),
    )
    expected: list[tuple[MailTemplate, None]] = []
    for day, asked in (
        ("2026-05-20", None),
        ("2026-05-21", MailTemplate.SATISFACTION),
        ("2026-05-22", None),
        ("2026-11-10", None),
        ("2026-11-11", MailTemplate.WHERE_NOW),
        ("2026-11-12", None),
    ):
        office.tick(paris(day))
        expected += [(asked, None)] if asked else []
        assert office.mails() == expected, day


def test_a_closing_too_old_is_not_asked_about(office: Office) -> None:
    ended = {"state": ReferralState.CLOSED, "outcome": Outcome.AUTONOMOUS, "closed_at": paris("2026-04-01")}
    office.keep(dossier(paris("2026-03-01"), **ended))
    office.tick(paris("2026-05-21"))
    assert office.mails() == []


# --- the week


@pytest.mark.parametrize(
    ("at", "sent"),
    [
        (paris("2026-11-23", 7), 0),
        (paris("2026-11-23", 8), 4),
        (paris("2026-11-25", 15), 4),  # the clock was off on Monday
        (paris("2026-04-06", 9), 0),  # Easter Monday
        (paris("2026-04-07", 9), 4),
    ],
)
def test_each_member_of_the_team_has_the_week_on_its_first_working_morning(
    office: Office, at: datetime, sent: int
) -> None:
    for _ in range(2):
        office.tick(at)
    digests = [mail.account_id for mail in office.all(OutgoingMail) if mail.template is MailTemplate.DIGEST]
    assert len(digests) == len(set(digests)) == sent


def test_the_week_comes_back_the_week_after(office: Office) -> None:
    for day in ("2026-11-23", "2026-11-27", "2026-11-30"):
        office.tick(paris(day))
    assert len(office.all(OutgoingMail)) == 8


def test_nobody_is_written_to_at_night(office: Office) -> None:
    office.keep(dossier(paris("2026-11-19")))
    office.tick(paris("2026-11-24", 3))
    office.keep(dossier(paris("2026-11-19")))
    office.tick(paris("2026-11-24", 22))
    due = [mail.due_at for mail in office.all(OutgoingMail) if mail.template is MailTemplate.REVIEW_LATE]
    assert due == [paris("2026-11-24", 8), paris("2026-11-25", 8)]


# --- faults


def test_two_machines_at_once_do_each_thing_once(office: Office) -> None:
    for _ in range(12):
        office.keep(dossier(paris("2026-11-02")))
    ready, reports = threading.Barrier(3), list[Report]()

    def turn() -> None:
        own = Database(office.database.url.render_as_string(hide_password=False))
        ready.wait()
        reports.append(tick(own, knowledge=office.knowledge, delays=Delays(), now=TUESDAY))
        own.close()

    machines = [threading.Thread(target=turn) for _ in range(3)]
    for machine in machines:
        machine.start()
    for machine in machines:
        machine.join()
    assert [report.failed for report in reports] == [[], [], []]
    assert sum(report.done["review"] for report in reports) == 12
    assert len(office.mails()) == 24  # the Mission is reminded, the person is told
    assert len({reminder.key for reminder in office.all(Reminder)}) == len(office.all(Reminder))


def test_what_changes_between_finding_and_doing_is_looked_at_again(office: Office) -> None:
    kept = dossier(paris("2026-11-02"))
    office.keep(kept)
    clock = Clock(office.knowledge, Delays(silence_days=99), TUESDAY)
    with office.database.reading() as session:
        [thing] = [each for each in clock.find_things(session) if each.kind == "review"]
    with office.database.writing() as session:
        held = session.get_one(Referral, kept.id)
        held.move(ReferralState.REVIEWED, at=TUESDAY)
    with office.database.writing() as session:
        assert thing.act(session) is False
    assert office.mails() == []


def test_one_thing_that_fails_is_reported_stops_no_other_and_is_done_at_the_next_turn(office: Office) -> None:
    good, bad = dossier(paris("2026-11-02")), dossier(paris("2026-11-02"))
    office.keep(good, bad)
    broken = {bad.id, bad.id.hex}

    def refuse(_: object, __: object, statement: str, parameters: Any, *_more: object) -> None:
        values = parameters.values() if isinstance(parameters, dict) else parameters
        if statement.startswith("INSERT INTO outgoing_mail") and broken & set(values):
            raise OperationalError("planned", None, Exception("broken"))

    event.listen(office.database.engine, "before_cursor_execute", refuse)
    report = office.tick(TUESDAY)
    event.remove(office.database.engine, "before_cursor_execute", refuse)
    assert sorted(key.split(":")[0] for key in report.failed) == ["review", "silence"]
    assert all(str(bad.id) in key for key in report.failed)
    assert report.done["review"] == 1
    assert [line.referral_id for line in office.all(JournalLine)] == [good.id] * 2, "nothing half done"
    again = office.tick(TUESDAY + timedelta(minutes=15))
    assert (again.failed, again.done["review"], again.done["silence"]) == ([], 1, 1)


def test_what_is_old_enough_is_forgotten_by_the_clock(office: Office) -> None:
    old = {"state": ReferralState.CLOSED, "outcome": Outcome.AUTONOMOUS, "closed_at": paris("2024-10-01")}
    kept = dossier(paris("2024-10-01"), **old)
    office.keep(kept, Reminder(key="review:x", referral_id=kept.id, at=paris("2024-10-02")))
    report = office.tick(TUESDAY)
    assert report.done["purge"] == 1
    [forgotten] = office.all(Referral)
    assert (forgotten.name, forgotten.email) == (None, None)
    assert "review:x" not in {reminder.key for reminder in office.all(Reminder)}
    assert office.tick(TUESDAY + timedelta(minutes=15)).done["purge"] == 0


def test_the_command_says_what_it_did(database: Database, knowledge: KnowledgeBase, tmp_path: Path) -> None:
    url = database.url.render_as_string(hide_password=False)
    runner = create_app(Settings(database_url=url, instance=tmp_path), knowledge).test_cli_runner()
    long_ago = datetime.now(UTC) - timedelta(days=20)
    with database.writing() as session:
        session.add(dossier(long_ago))
    first = runner.invoke(args=["clock", "tick"])
    assert first.exit_code == 0, first.output
    assert "demandes à lire rappelées à la Mission ESS : 1" in first.output
    assert runner.invoke(args=["clock", "tick"]).output == "Rien à faire.\n"
