"""Commands for who runs the service: ``flask --app wsgi database upgrade``, ``staff create``, ``mail deliver``..."""

import click
from flask import Flask

from guide.settings import Settings
from guide.store.database import Database
from guide.store.schema import newest_revision, upgrade


def install(app: Flask, settings: Settings) -> None:
    """Give the application its commands."""
    app.cli.add_command(_database_commands(settings))


def _database_commands(settings: Settings) -> click.Group:
    group = click.Group("database", help="Base de données : créer, mettre à jour.")

    @group.command("upgrade", help="Créer la base, ou l'amener à la version du code.")
    def upgrade_command() -> None:
        database = Database(settings.database)
        before, newest = upgrade(database), newest_revision(database)
        click.echo("Base de données à jour." if before == newest else f"Base de données amenée à la version {newest}.")

    return group
