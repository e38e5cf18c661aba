"""Commands for maintainers and curators: ``flask --app wsgi …``; ``make knowledge`` is the usual door."""

import click

from guide.content.coverage import coverage_tables
from guide.content.loader import load_knowledge
from guide.content.proofreading import check_warnings
from guide.days import today
from guide.errors import KnowledgeError
from guide.settings import ROOT


@click.command("knowledge")
def knowledge_command() -> None:
    """Relire la base de connaissances : erreurs, alertes, tableaux de couverture."""
    try:
        base = load_knowledge(ROOT / "knowledge")
    except KnowledgeError as error:
        click.echo(f"{len(error.findings)} erreur(s) :\n" + "\n".join(error.findings))
        raise SystemExit(1) from None
    for warning in check_warnings(base, today()):
        click.echo(f"attention : {warning}")
    click.echo(coverage_tables(base))
    counts = f"{len(base.structures)} structures, {len(base.dispositifs)} dispositifs, {len(base.needs)} besoins"
    click.echo(f"{counts}, {len(base.terms)} termes : aucune erreur.")


if __name__ == "__main__":
    knowledge_command()
