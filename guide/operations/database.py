"""``flask database``: make the schema, or bring it up to date, before the workers start."""

import click

from guide.settings import Settings
from guide.store.database import Database
from guide.store.schema import newest_revision, upgrade


def database_commands(settings: Settings) -> click.Group:
    """Commands on the database."""
    group = click.Group("database", help="Base de données : créer, mettre à jour.")

    @group.command("upgrade", help="Créer la base, ou l'amener à la version du code.")
    def upgrade_command() -> None:
        database = Database(settings.database)
        before, newest = upgrade(database), newest_revision(database)
        click.echo("Base de données à jour." if before == newest else f"Base de données amenée à la version {newest}.")

    return group
