"""Mails leave once, whatever happens to the server, to the deliverer or to what they announce."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from guide import days, privacy
from guide.mailing.delivery import NOBODY, POINTLESS
from guide.mailing.rendering import Rendered
from guide.models import OutgoingMail, TrackingToken
from guide.models.outgoing import MailTemplate
from guide.secrecy import digest
from guide.store import mails
from tests.mail.conftest import MISSION, NOON, PUBLIC, Office, a_referral, an_account, sending_to
from tests.smtp import MailServer, free_port, mail_server

MINUTE = timedelta(minutes=1)
TO_PERSON, TO_MISSION = MailTemplate.REQUEST_RECEIVED, MailTemplate.NEW_REQUEST


def told(*, sent: int = 0, postponed: int = 0, dropped: int = 0) -> tuple[int, int, int]:
    return sent, postponed, dropped


def outcome(office: Office, **options: object) -> tuple[int, int, int]:
    report = office.deliver(**options)  # type: ignore[arg-type]
    return report.sent, report.postponed, report.dropped


def test_what_is_announced_leaves_once(office: Office, server: MailServer) -> None:
    referral = a_referral()
    office.keep(referral)
    office.announce(TO_PERSON, referral)
    office.announce(TO_MISSION, referral)
    assert outcome(office) == told(sent=2)
    assert outcome(office) == told()
    assert [each.recipients for each in server.received] == [["camille@personne.example"], [MISSION]]
    assert [(mail.sent_at, mail.claimed_until, mail.failure) for mail in office.mails()] == [(NOON, None, None)] * 2


def test_a_mail_is_written_with_what_it_announces_or_not_at_all(office: Office) -> None:
    def fail() -> None:
        with office.database.writing() as session:
            session.add(OutgoingMail(template=TO_MISSION, created_at=NOON, due_at=NOON))
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert office.mails() == []


def test_a_mail_for_later_waits(office: Office) -> None:
    referral = a_referral()
    office.keep(referral)
    office.announce(TO_PERSON, referral, due=NOON + MINUTE)
    assert outcome(office) == told()
    assert outcome(office, at=NOON + MINUTE) == told(sent=1)


def test_a_refusal_for_now_is_tried_again_less_and_less_often(office: Office, server: MailServer) -> None:
    referral = a_referral()
    office.keep(referral)
    office.announce(TO_PERSON, referral)
    server.answer = "451 4.3.0 Try again later, camille@personne.example"
    now, waits = NOON, []
    for _ in range(7):
        assert outcome(office, at=now) == told(postponed=1)
        [mail] = office.mails()
        assert mail.failure == "SMTPDataError 451"
        assert mail.sent_at is None
        waits.append((mail.due_at - now) // MINUTE)
        assert outcome(office, at=mail.due_at - timedelta(seconds=1)) == told()
        now = mail.due_at
    assert waits == [1, 5, 15, 60, 60, 60, 60]
    assert office.all(TrackingToken) == []  # links that reached nobody are taken back
    server.answer = "250 OK"
    assert outcome(office, at=now) == told(sent=1)
    assert len(server.received) == len(office.all(TrackingToken)) == 1


def test_a_recipient_refused_for_ever_holds_nobody_else_up(office: Office, server: MailServer) -> None:
    wrong, right = a_referral(reference="A", email="faute@personne.example"), a_referral()
    office.keep(wrong, right)
    office.announce(TO_PERSON, wrong)
    office.announce(TO_PERSON, right)
    server.refused = {"faute@personne.example"}
    assert outcome(office) == told(sent=1, postponed=1)
    assert [mail.failure for mail in office.mails()] == ["SMTPRecipientsRefused 550", None]
    for hours in range(1, 50):
        office.deliver(NOON + timedelta(hours=hours))
    assert [each.recipients for each in server.received] == [["camille@personne.example"]]


def test_a_server_that_hangs_up_in_the_middle_is_tried_again(office: Office, server: MailServer) -> None:
    referral = a_referral()
    office.keep(referral)
    for _ in range(3):
        office.announce(TO_PERSON, referral)
    server.hang_up = True
    assert outcome(office) == told(postponed=1)  # and the round ends: the others would wait for nothing
    assert [mail.failure for mail in office.mails()] == ["SMTPServerDisconnected", None, None]
    assert len(office.all(TrackingToken)) == 1  # perhaps it was kept: its link must open
    server.hang_up = False
    assert outcome(office, at=NOON + MINUTE) == told(sent=3)


def test_a_mail_keeps_its_name_from_one_try_to_the_next(office: Office, server: MailServer) -> None:
    referral = a_referral()
    office.keep(referral)
    mail = office.announce(TO_PERSON, referral)
    server.hang_up = True
    office.deliver()
    server.hang_up = False
    office.deliver(NOON + MINUTE)
    assert [each.message["Message-ID"] for each in server.received] == [f"<{mail.id}@guide.example>"]


def test_a_server_dead_for_a_day_loses_nothing(office: Office, tmp_path: Path) -> None:
    port = free_port()
    office.settings = sending_to(port, tmp_path)
    referrals = [a_referral(reference=f"R{number}", email=f"r{number}@personne.example") for number in range(5)]
    office.keep(*referrals)
    with time_machine.travel(NOON, tick=True) as clock:
        for referral in referrals:
            office.announce(TO_PERSON, referral, at=days.now())
        for _ in range(24 * 60):
            office.deliver(days.now)
            clock.shift(MINUTE)
        assert {mail.failure for mail in office.mails()} == {"ConnectionRefusedError"}
        with mail_server(port) as back:
            for _ in range(60):
                office.deliver(days.now)
                clock.shift(MINUTE)
    assert sorted(each.recipients[0] for each in back.received) == [
        f"r{number}@personne.example" for number in range(5)
    ]
    assert len(office.all(TrackingToken)) == 5


def test_two_deliverers_never_send_the_same_mail(office: Office, server: MailServer) -> None:
    referral = a_referral()
    office.keep(referral)
    for _ in range(24):
        office.announce(TO_MISSION, referral)
    together, sent = threading.Barrier(3), []

    def deliver() -> None:
        together.wait()
        sent.append(office.deliver().sent)

    threads = [threading.Thread(target=deliver) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(sent) == 24
    assert len({each.message["Message-ID"] for each in server.received}) == len(server.received) == 24


class Killed(BaseException):
    """What stops a deliverer at once."""


def test_a_deliverer_that_dies_before_sending_is_replaced_after_five_minutes(
    office: Office, server: MailServer
) -> None:
    referral = a_referral()
    office.keep(referral)
    office.announce(TO_PERSON, referral)

    def die(_: object) -> None:
        raise Killed

    with pytest.raises(Killed):
        office.deliver(post=die)
    assert outcome(office, at=NOON + 4 * MINUTE) == told()
    assert server.received == []
    assert outcome(office, at=NOON + 5 * MINUTE) == told(sent=1)
    assert len(server.received) == 1


def test_a_fault_of_the_database_at_any_statement_loses_no_mail(office: Office, server: MailServer) -> None:
    referral = a_referral()
    office.keep(referral)
    broken, number = True, 0
    while broken:
        number += 1
        office.announce(TO_PERSON, referral)
        broken = _deliver_with_a_fault(office, number)
        before = len(server.received)
        for later in (6, 12):
            office.deliver(NOON + later * MINUTE)
        assert all(mail.sent_at for mail in office.mails())
        assert before <= len(server.received) <= before + 1
    assert number > 6
    assert {each.message["Message-ID"] for each in server.received} == {
        f"<{mail.id}@guide.example>" for mail in office.mails()
    }


def _deliver_with_a_fault(office: Office, number: int) -> bool:
    """Fail the n-th statement of a round; say whether there were that many."""
    seen = [0]

    def fail(*_: object) -> None:
        seen[0] += 1
        if seen[0] == number:
            raise OperationalError("", {}, Exception("panne"))

    event.listen(office.database.engine, "before_cursor_execute", fail)
    try:
        office.deliver()
    except OperationalError:
        pass
    finally:
        event.remove(office.database.engine, "before_cursor_execute", fail)
    return seen[0] >= number


def test_one_mail_that_cannot_be_made_holds_nobody_else_up(office: Office, server: MailServer) -> None:
    referral = a_referral()
    office.keep(referral)
    office.announce(TO_PERSON, referral)
    office.announce(TO_MISSION, referral)
    right = office.render

    def broken(template: MailTemplate, facts: dict[str, object]) -> Rendered:
        if template is TO_PERSON:
            raise ZeroDivisionError("Camille Marqueur")
        return right(template, facts)

    office.render = broken  # type: ignore[assignment]
    assert outcome(office) == told(sent=1, postponed=1)
    assert [mail.failure for mail in office.mails()] == ["ZeroDivisionError", None]
    assert office.all(TrackingToken) == []


def test_what_no_longer_makes_sense_is_dropped(office: Office, server: MailServer) -> None:
    erased = a_referral(reference="A", anonymised_at=NOON, name=None, email=None, phone=None)
    by_phone, gone = a_referral(reference="B", email=None), an_account(disabled_at=NOON)
    office.keep(erased, by_phone, gone)
    for template in MailTemplate:
        if template not in (MailTemplate.ERASED, MailTemplate.STAFF_INVITATION, MailTemplate.PASSWORD_RESET):
            office.announce(template, erased)
    office.announce(TO_PERSON, by_phone)
    office.announce(MailTemplate.STAFF_INVITATION, account_id=gone.id)
    office.announce(MailTemplate.PASSWORD_RESET, account_id=gone.id)
    office.announce(MailTemplate.STAFF_WROTE, by_phone)
    office.announce(TO_MISSION)
    assert outcome(office) == told(dropped=len(MailTemplate) - 3 + 5)
    assert {(mail.failure, mail.sent_at) for mail in office.mails()} == {(POINTLESS, NOON)}
    assert server.tried == 0


def test_a_mail_whose_request_disappears_disappears_with_it(office: Office, server: MailServer) -> None:
    referral = a_referral()
    office.keep(referral)
    office.announce(TO_PERSON, referral)
    with office.database.writing() as session:
        session.delete(referral)
    assert outcome(office) == told()
    assert office.mails() == []


def test_a_request_erased_while_its_mail_leaves_disturbs_nothing(office: Office) -> None:
    referral = a_referral()
    office.keep(referral)
    office.announce(TO_PERSON, referral)

    def erase(_: object) -> None:
        with office.database.writing() as session:
            session.delete(referral)

    assert outcome(office, post=erase) == told(sent=1)
    assert office.mails() == []


def test_the_link_that_leaves_opens_the_request_and_only_its_hash_is_stored(office: Office, server: MailServer) -> None:
    referral = a_referral()
    office.keep(referral)
    office.announce(TO_PERSON, referral)
    office.announce(MailTemplate.NEW_LINK, referral)
    office.deliver()
    links = [line for each in server.received for line in each.text.splitlines() if line.startswith(f"{PUBLIC}/suivi/")]
    hashes = {digest(link.rpartition("/")[2]) for link in links}
    assert {token.token_hash for token in office.all(TrackingToken)} == hashes
    assert len(hashes) == 2


def test_rows_hold_nothing_personal_before_and_after(office: Office, server: MailServer) -> None:
    referral, officer = a_referral(), an_account()
    office.keep(referral, officer)
    for template in MailTemplate:
        office.announce(template, referral, account_id=officer.id)
    server.answer = "550 No camille@personne.example here, Camille Marqueur"
    office.deliver()
    written = " ".join(repr(value) for mail in office.mails() for value in mail.model_dump().values()).lower()
    assert "smtpdataerror 550" in written
    for personal in ("@", "camille", "marqueur", "léa", "agente", "projetsecret", "motsintimes", "ess-", "suivi"):
        assert personal not in written


def test_what_was_sent_a_month_ago_is_forgotten(office: Office) -> None:
    referral = a_referral()
    office.keep(referral)
    office.announce(TO_PERSON, referral)
    office.deliver()
    office.announce(TO_PERSON, referral, at=NOON, due=NOON + timedelta(days=60))  # what waits is never forgotten
    office.deliver(NOON + timedelta(days=30))
    assert len(office.mails()) == 2
    office.deliver(NOON + timedelta(days=30, seconds=1))
    assert len(office.mails()) == 1


def test_what_waits_is_counted_with_its_reasons(office: Office, server: MailServer) -> None:
    referrals = [a_referral(reference=f"R{number}", email=f"r{number}@personne.example") for number in range(3)]
    office.keep(*referrals)
    for number, referral in enumerate(referrals):
        office.announce(TO_PERSON, referral, at=NOON + number * MINUTE)
    server.refused = {"r0@personne.example", "r1@personne.example"}
    office.deliver(NOON + 2 * MINUTE)
    office.announce(MailTemplate.NEW_LINK, referrals[0], at=NOON - MINUTE)
    with office.database.reading() as session:
        assert mails.count_waiting(session) == 3
        assert mails.find_oldest_waiting(session) == NOON - MINUTE
        assert mails.list_failures(session) == [("SMTPRecipientsRefused 550", 2)]


def test_a_mission_without_anybody_waits_for_its_first_officer(office: Office, tmp_path: Path) -> None:
    office.settings = office.settings.model_copy(update={"mission_email": ""})
    referral = a_referral()
    office.keep(referral, an_account("jamais-venue@equipe.example", password_hash=None))
    office.announce(TO_MISSION, referral)
    assert outcome(office) == told(postponed=1)
    assert [mail.failure for mail in office.mails()] == [NOBODY]
    office.keep(an_account())
    assert outcome(office, at=NOON + MINUTE) == told(sent=1)


def test_a_mail_written_to_a_file_goes_with_its_row(desk: Office) -> None:
    first, second = a_referral(), a_referral(reference="ESS-ABCDEF", email="alix@personne.example")
    desk.keep(first, second)
    for referral in (first, second):
        desk.announce(MailTemplate.REQUEST_RECEIVED, referral)
    desk.deliver()
    assert len(list(desk.settings.mails.iterdir())) == 2
    with desk.database.writing() as session:
        privacy.erase(session, first.id, at=NOON)
    desk.deliver(at=NOON + timedelta(minutes=1))
    written = " ".join(file.read_text() for file in desk.settings.mails.iterdir())
    assert "alix@personne.example" in written
    assert "camille@personne.example" not in written
    desk.deliver(at=NOON + timedelta(days=32))
    assert list(desk.settings.mails.iterdir()) == []
