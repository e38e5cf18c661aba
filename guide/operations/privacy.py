"""``flask privacy``: forget what is due. Run every day by the process manager; late or twice, it does the same."""

import click

from guide import privacy
from guide.days import now
from guide.settings import Settings
from guide.store.database import Database


def privacy_commands(settings: Settings) -> click.Group:
    """Commands on personal data."""
    group = click.Group("privacy", help="Données personnelles : oublier ce qui doit l'être.")

    @group.command("purge", help="Rendre anonymes les demandes anciennes, retirer liens, codes et décomptes finis.")
    def purge_command() -> None:
        database = Database(settings.database)
        with database.writing() as session:
            count = privacy.purge(session, now=now(), delays=settings.delays)
        database.forget(everything=True)
        database.close()
        click.echo(f"Demandes rendues anonymes : {count}.")

    return group
