"""``flask clock tick``: do what is due. The process manager runs it every 15 minutes; twice or late is fine."""

import click

from guide.clock import Report, tick
from guide.content.base import KnowledgeBase
from guide.days import now
from guide.settings import Settings
from guide.store.database import Database

_SAID = {
    "review": "demandes à lire rappelées à la Mission ESS",
    "contact": "premiers contacts rappelés",
    "colleagues": "collègues prévenus",
    "silence": "personnes prévenues qu'il n'y a rien de nouveau",
    "expiry": "mises en relation sans réponse",
    "satisfaction": "avis demandés",
    "news": "nouvelles demandées",
    "digest": "semaines envoyées",
    "purge": "oubli du jour fait",
}


def clock_commands(settings: Settings, knowledge: KnowledgeBase) -> click.Group:
    """Commands on the clock."""
    group = click.Group("clock", help="Horloge : faire ce dont l'heure est venue.")

    @group.command("tick", help="Rappels, nouvelles, mises en relation sans réponse, semaine du lundi, oubli du jour.")
    def tick_command() -> None:
        database = Database(settings.database)
        report = tick(database, knowledge=knowledge, delays=settings.delays, now=now())
        database.close()
        click.echo("\n".join(_lines(report)))
        if report.failed:
            raise SystemExit(1)

    return group


def _lines(report: Report) -> list[str]:
    said = [f"{_SAID[kind]} : {number}" for kind, number in report.done.items()]
    failed = [f"échec, sera repris au prochain passage : {key}" for key in report.failed]
    return [*said, *failed] or ["Rien à faire."]
