"""What who runs the service types, what the server starts by itself, and what both write down."""

import json
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from guide.app import create_app
from guide.content.base import KnowledgeBase
from guide.models import OutgoingMail
from guide.models.outgoing import MailTemplate
from guide.models.staff import Role
from guide.outbox import announce
from guide.settings import ROOT, Settings
from guide.web.shared.guards import install_logs
from tests.mail.conftest import NOON, Office, a_line, a_referral, an_account, made_settings, sending_to
from tests.smtp import MailServer, free_port

FLASK = [sys.executable, "-m", "flask", "--app", "wsgi"]
GUNICORN = [sys.executable, "-m", "gunicorn", "--config", "python:guide.serving", "wsgi:app"]


def run(knowledge: KnowledgeBase, settings: Settings, *words: str) -> str:
    """Run a command in this process."""
    result = create_app(settings, knowledge).test_cli_runner().invoke(args=["mail", *words])
    assert result.exit_code == 0, result.output
    return result.output.replace("\u00a0", " ")


def here(desk: Office) -> Settings:
    return desk.settings.model_copy(update={"database_url": str(desk.database.url)})


def test_mails_are_delivered_by_hand_and_counted(desk: Office, knowledge: KnowledgeBase) -> None:
    referral = a_referral()
    desk.keep(referral)
    settings = here(desk)
    assert run(knowledge, settings, "waiting") == "Aucun courriel n'attend.\n"
    desk.announce(MailTemplate.REQUEST_RECEIVED, referral)
    assert run(knowledge, settings, "waiting") == "1 courriel attend ; depuis mardi 24 novembre à 13 h.\n"
    desk.announce(MailTemplate.NEW_REQUEST, referral)
    desk.announce(MailTemplate.STAFF_WROTE, referral)
    assert run(knowledge, settings, "deliver") == "Courriels : 2 envoyés, 1 sans objet.\n"
    assert run(knowledge, settings, "deliver") == "Aucun courriel à envoyer.\n"
    assert len(list(settings.mails.glob("*.eml"))) == 2


def test_what_could_not_leave_is_told_with_its_reason(desk: Office, knowledge: KnowledgeBase, tmp_path: Path) -> None:
    referral = a_referral()
    desk.keep(referral)
    desk.announce(MailTemplate.REQUEST_RECEIVED, referral)
    desk.announce(MailTemplate.NEW_REQUEST, referral, at=NOON + timedelta(hours=1))
    settings = sending_to(free_port(), tmp_path, database_url=str(desk.database.url))
    assert run(knowledge, settings, "deliver") == "Courriels : 1 reporté, il repartira tout seul.\n"
    assert run(knowledge, settings, "waiting").splitlines() == [
        "2 courriels attendent ; depuis mardi 24 novembre à 13 h.",
        "- dernier essai manqué, ConnectionRefusedError : 1",
    ]


@contextmanager
def running(command: list[str], settings: Settings, **more: str) -> Iterator[subprocess.Popen[str]]:
    """Start a process of the service; both outputs are read from its pipe, which closes with its last child."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GUIDE_")} | {
        "GUIDE_INSTANCE": str(settings.instance),
        "GUIDE_DATABASE_URL": settings.database_url,
        "GUIDE_MISSION_EMAIL": settings.mission_email,
        "GUIDE_PUBLIC_URL": "http://127.0.0.1:8000",
        "GUIDE_BIND": f"127.0.0.1:{free_port()}",
        "GUIDE_WORKERS": "1",
        **more,
    }
    with subprocess.Popen(  # noqa: S603 - our own commands
        command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()


def wait_for(process: subprocess.Popen[str], words: str) -> list[str]:
    """Read what a process says until it says something."""
    assert process.stdout is not None
    said: list[str] = []
    for line in process.stdout:
        said.append(line)
        if words in line:
            return said
    pytest.fail(f"jamais dit : {words}\n{''.join(said)}")


def rest(process: subprocess.Popen[str]) -> str:
    """Read until nobody holds the pipe any more: the process and its children have ended."""
    assert process.stdout is not None
    return process.stdout.read()


def test_the_watch_delivers_until_it_is_told_to_stop(desk: Office) -> None:
    referral = a_referral()
    desk.keep(referral)
    desk.announce(MailTemplate.REQUEST_RECEIVED, referral)
    with running([*FLASK, "mail", "deliver", "--watch"], here(desk)) as process:
        wait_for(process, "Courriels : 1 envoyé.")
        desk.announce(MailTemplate.NEW_REQUEST, referral)
        wait_for(process, "Courriels : 1 envoyé.")
        process.terminate()
        assert rest(process) == ""
        assert process.wait() == 0


def test_the_watch_waits_for_a_database_that_is_not_there_yet(tmp_path: Path) -> None:
    settings = made_settings(tmp_path, database_url=f"sqlite:///{tmp_path / 'absent' / 'guide.db'}")
    with running([*FLASK, "mail", "deliver", "--watch"], settings) as process:
        wait_for(process, "la base de données ne répond pas")
        process.send_signal(signal.SIGINT)
        assert rest(process) == ""
        assert process.wait() == 0


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGKILL])
def test_the_server_sends_mails_by_itself_and_nothing_outlives_it(desk: Office, ending: signal.Signals) -> None:
    referral = a_referral()
    desk.keep(referral)
    desk.announce(MailTemplate.REQUEST_RECEIVED, referral)
    with running(GUNICORN, here(desk)) as process:
        wait_for(process, "Courriels : 1 envoyé.")
        process.send_signal(ending)
        rest(process)  # ends when the last process has
    assert [mail.failure for mail in desk.mails()] == [None]
    assert len(list(desk.settings.mails.glob("*.eml"))) == 1


def test_a_server_told_not_to_sends_nothing(desk: Office) -> None:
    desk.keep(a_referral())
    desk.announce(MailTemplate.NEW_REQUEST, desk.all(type(a_referral()))[0])
    with running(GUNICORN, here(desk), GUIDE_DELIVER="off") as process:
        wait_for(process, "ouvrez")
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        commands = [Path(f"/proc/{child}/cmdline").read_text() for child in children]
        assert not any("deliver" in command for command in commands)
        process.terminate()
        rest(process)
    assert [mail.sent_at for mail in desk.mails()] == [None]


class _Everything(logging.Handler):
    """Keeps whatever is logged, by whom it may be."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.name != "mail.log":  # of the mail server of these tests, which is not ours
            self.records.append(record)


def test_the_log_says_which_mail_and_its_outcome_and_nothing_of_anybody(
    desk: Office, server: MailServer, tmp_path: Path
) -> None:
    desk.settings = sending_to(server, tmp_path)
    officer = an_account("agente@equipe.example", name="Léa Agente", role=Role.OFFICER)
    desk.keep(officer)
    referral = a_referral(assigned_to=officer.id)
    desk.keep(referral)
    line = a_line(referral, "Motsintimes")
    desk.keep(line)
    everything, root = _Everything(), logging.getLogger()
    before = root.level
    root.addHandler(everything)
    house = logging.getLogger("guide")
    house.addHandler(everything)
    root.setLevel(logging.DEBUG)
    house_level, house.level = house.level, logging.DEBUG
    try:
        for template in MailTemplate:
            desk.announce(template, referral, line_id=line.id, account_id=officer.id)
        server.refused = {"camille@personne.example"}
        desk.deliver()
        server.refused, server.answer = set(), "451 no, agente@equipe.example"
        desk.deliver(NOON + timedelta(minutes=1))
        server.answer = "250 OK"
        desk.deliver(NOON + timedelta(hours=1))
    finally:
        root.removeHandler(everything)
        house.removeHandler(everything)
        root.setLevel(before)
        house.setLevel(house_level)
    told = [record for record in everything.records if record.name == "guide.mails"]
    assert {record.__dict__["outcome"] for record in told} == {"sent", "postponed"}
    assert {record.__dict__["template"] for record in told} == {template.value for template in MailTemplate}
    assert {record.__dict__["mail"] for record in told} == {str(mail.id) for mail in desk.mails()}
    secrets = [word for each in server.received for word in each.text.split() if "/suivi/" in word or word.isdigit()]
    assert len(secrets) > 6
    whole = " ".join(repr(record.__dict__) + record.getMessage() for record in everything.records)
    for personal in ("camille", "marqueur", "léa", "agente", "motsintimes", "projetsecret", "33321000000"):
        assert personal not in whole.lower()
    for secret in secrets:
        assert secret.rpartition("/")[2] not in whole or (secret.isdigit() and len(secret) < 6)


def test_each_line_of_the_log_is_one_line_of_json(
    desk: Office, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    house = logging.getLogger("guide")
    before = (house.handlers[:], house.level, house.propagate)
    try:
        install_logs()
        desk.keep(a_referral())
        with desk.database.writing() as session:
            mail: OutgoingMail = announce(session, MailTemplate.STAFF_INVITATION, at=NOON)
        desk.deliver()
    finally:
        house.handlers[:], house.level, house.propagate = before
    [line] = [json.loads(each) for each in capsys.readouterr().err.splitlines()]
    assert {name: line[name] for name in ("name", "mail", "template", "outcome", "tries", "failure")} == {
        "name": "guide.mails",
        "mail": str(mail.id),
        "template": "staff_invitation",
        "outcome": "dropped",
        "tries": 1,
        "failure": "sans objet",
    }


def test_a_delivery_told_to_stop_ends_between_two_mails(desk: Office) -> None:
    referral = a_referral()
    desk.keep(referral)
    for _ in range(3):
        desk.announce(MailTemplate.NEW_REQUEST, referral)
    stop = threading.Event()
    right = desk.render

    def render_and_stop(*given: object) -> object:
        stop.set()
        return right(*given)  # type: ignore[arg-type]

    desk.render = render_and_stop  # type: ignore[assignment]
    assert desk.deliver(go_on=lambda: not stop.is_set()).sent == 1
