"""``flask demo``: a desk full of invented people, in an instance of its own whose passwords everybody knows."""

from random import Random

import click
import pyotp

from guide.content.base import KnowledgeBase
from guide.days import now
from guide.demo.filling import Demo
from guide.demo.team import PASSWORD, SEED, TEAM, enrol_team
from guide.models.staff import Role
from guide.settings import DEMO, Settings
from guide.store.database import Database
from guide.store.schema import upgrade

_MOST = 20_000


def demo_commands(settings: Settings, knowledge: KnowledgeBase) -> click.Group:
    """Commands on the demonstration."""
    group = click.Group("demo", help="Démonstration : un bureau rempli de personnes inventées.")

    @group.command("fill", help="Refaire la démonstration, tout entière.")
    @click.option("--size", type=click.IntRange(1, _MOST), default=200, help="Nombre de demandes.")
    @click.option("--seed", type=int, default=62, help="Le même nombre raconte les mêmes histoires.")
    def fill_command(size: int, seed: int) -> None:
        database = _empty(settings)
        moment = now()
        with database.writing() as session:
            team = enrol_team(session, settings, now=moment)
            demo = Demo(knowledge, Random(seed), moment, team[Role.OFFICER], team[Role.ADVISER])  # noqa: S311 - invented
            demo.fill(session, size)
        database.close()
        click.echo(f"\nDémonstration : {size} demandes inventées. Espace de l'équipe : {settings.public_url}/equipe\n")
        for email, (name, role) in TEAM.items():
            click.echo(f"  {email:24}{name}, {role.label}")
        click.echo(f"\n  mot de passe : {PASSWORD}\n  code du téléphone : make code (ou la clé {SEED})")

    @group.command("code", help="Dire le code du téléphone de démonstration, bon une demi-minute.")
    def code_command() -> None:
        click.echo(pyotp.TOTP(SEED).at(now()))

    return group


def _empty(settings: Settings) -> Database:
    """The database of the demonstration, empty; refuse to touch any other."""
    if settings.instance.name != DEMO or settings.database_url:
        raise click.ClickException(
            "La démonstration efface et refait tout : elle n'écrit que dans un dossier nommé « demo » "
            "(GUIDE_INSTANCE=instance/demo, sans GUIDE_DATABASE_URL). Le plus simple : make demo"
        )
    database = Database(settings.database)
    if database.path:
        for file in database.path.parent.glob(f"{database.path.name}*"):
            file.unlink()
    upgrade(database)
    return database
