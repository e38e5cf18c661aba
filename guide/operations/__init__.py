"""Commands for who runs the service: ``flask --app wsgi database upgrade``, ``staff create``, ``mail deliver``..."""

from flask import Flask

from guide.content.base import KnowledgeBase
from guide.operations.assistant import ask_command, words_command
from guide.operations.cases import cases_command as cases_command
from guide.operations.clock import clock_commands
from guide.operations.database import database_commands
from guide.operations.demo import demo_commands
from guide.operations.mail import mail_commands
from guide.operations.privacy import privacy_commands
from guide.operations.staff import staff_commands
from guide.settings import Settings


def install(app: Flask, settings: Settings, knowledge: KnowledgeBase) -> None:
    """Give the application its commands."""
    app.cli.add_command(ask_command(knowledge))
    app.cli.add_command(words_command(settings))
    app.cli.add_command(database_commands(settings))
    app.cli.add_command(staff_commands(settings))
    app.cli.add_command(mail_commands(app, settings, knowledge))
    app.cli.add_command(privacy_commands(settings))
    app.cli.add_command(demo_commands(settings, knowledge))
    app.cli.add_command(clock_commands(settings, knowledge))
