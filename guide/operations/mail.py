"""``flask mail``: deliver what waits in the outbox, and say what waits."""

import logging
import os
import signal
import threading
from collections.abc import Callable
from functools import partial

import click
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from guide.content.base import KnowledgeBase
from guide.days import day_and_hour, now
from guide.mailing import Report, deliver_due, poster, renderer
from guide.settings import Settings
from guide.store import mails
from guide.store.database import Database

_BETWEEN_ROUNDS = 5  # seconds
log = logging.getLogger("guide.mails")


def mail_commands(app: Flask, settings: Settings, knowledge: KnowledgeBase) -> click.Group:
    """Commands on the mails."""
    group = click.Group("mail", help="Courriels : envoyer ceux qui attendent, dire ce qui attend.")

    @group.command("deliver", help="Envoyer les courriels qui attendent.")
    @click.option("--watch", is_flag=True, help="Recommencer toutes les 5 secondes, jusqu'à l'arrêt.")
    @click.option("--parent", type=int, hidden=True, help="Finir avec ce processus.")
    def deliver_command(watch: bool, parent: int | None) -> None:
        database = Database(settings.database)
        deliver = partial(
            deliver_due,
            database,
            knowledge=knowledge,
            settings=settings,
            render=renderer(app.jinja_env),
            post=poster(settings),
            now=now,
        )
        if watch:
            _watch(deliver, parent)
        else:
            click.echo(_in_words(deliver()) or "Aucun courriel à envoyer.")
        database.close()

    @group.command("waiting", help="Dire combien de courriels attendent, et pourquoi.")
    def waiting_command() -> None:
        with Database(settings.database).reading() as session:
            number, oldest = mails.count_waiting(session), mails.find_oldest_waiting(session)
            failures = mails.list_failures(session)
        if oldest is None:
            click.echo("Aucun courriel n'attend.")
            return
        click.echo(f"{_counted(number, 'courriel attend', 'courriels attendent')} ; depuis {day_and_hour(oldest)}.")
        for kind, many in failures:
            click.echo(f"- dernier essai manqué, {kind} : {many}")

    return group


def _watch(deliver: Callable[..., Report], parent: int | None) -> None:
    """Deliver until told to stop, or until the server that started us is gone; a database in trouble is waited for."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    trouble = ""

    def go_on() -> bool:
        return not stop.is_set() and (parent is None or os.getppid() == parent)

    while go_on():
        try:
            report, before, trouble = deliver(go_on=go_on), trouble, ""
        except SQLAlchemyError as error:
            before, trouble, report = trouble, type(error).__name__, Report()
        if trouble and trouble != before:  # said once, not every five seconds
            log.error("database", extra={"error": trouble})
            click.echo("Courriels : la base de données ne répond pas ; nouvel essai toutes les 5 secondes.")
        if report:
            click.echo(_in_words(report))
        stop.wait(_BETWEEN_ROUNDS)


def _in_words(report: Report) -> str:
    said = [
        _counted(number, one, several)
        for number, one, several in (
            (report.sent, "envoyé", "envoyés"),
            (report.postponed, "reporté, il repartira tout seul", "reportés, ils repartiront tout seuls"),
            (report.dropped, "sans objet", "sans objet"),
        )
        if number
    ]
    return f"Courriels : {', '.join(said)}." if said else ""


def _counted(number: int, one: str, several: str) -> str:
    return f"{number} {one if number < 2 else several}"
