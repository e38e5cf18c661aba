"""``flask knowledge cases``: the reference cases of the team, in a file that ``make bench`` replays."""

import json
import os
from pathlib import Path

import click

from guide.content.base import KnowledgeBase
from guide.judging import list_cases
from guide.settings import Settings
from guide.store.database import Database


def cases_command(settings: Settings, knowledge: KnowledgeBase) -> click.Command:
    """The command that writes the cases."""

    @click.command("cases", help="Écrire les cas de référence de l'équipe : ni nom, ni texte, ni commune de personne.")
    @click.option("--to", "target", type=click.Path(dir_okay=False, path_type=Path), default=settings.cases)
    def command(target: Path) -> None:
        database = Database(settings.database)
        with database.reading() as session:
            cases = list_cases(session, knowledge)
        database.close()
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.writelines(json.dumps(case, ensure_ascii=False) + "\n" for case in cases)
        click.echo(f"{len(cases)} cas de référence dans {target}.")

    return command
