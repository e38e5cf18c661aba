"""Commands for maintainers and curators: ``flask --app wsgi …``; ``make knowledge`` is the usual door."""

import click

from guide.content.coverage_report import coverage_report
from guide.content.loader import load_knowledge
from guide.content.proofreading import proofread
from guide.days import today
from guide.errors import KnowledgeError
from guide.settings import ROOT

REPORT = ROOT / "docs" / "couverture.md"


@click.group("knowledge", invoke_without_command=True)
@click.pass_context
def knowledge_command(context: click.Context) -> None:
    """Relire la base de connaissances : erreurs, alertes par sujet, document de couverture."""
    if context.invoked_subcommand is None:
        _reread()


def _reread() -> None:
    try:
        base = load_knowledge(ROOT / "knowledge")
    except KnowledgeError as error:
        click.echo(f"{len(error.findings)} erreur(s) :\n" + "\n".join(error.findings))
        raise SystemExit(1) from None
    for subject, found in proofread(base, today()).items():
        if found:
            click.echo(f"\n{subject} ({len(found)})\n" + "\n".join(map(str, found)))
    report = coverage_report(base)
    if not REPORT.exists() or REPORT.read_text(encoding="utf-8") != report:
        REPORT.write_text(report, encoding="utf-8")
        click.echo("\ndocs/couverture.md est à jour : l'enregistrer avec le reste.")
    counts = f"{len(base.structures)} structures, {len(base.dispositifs)} dispositifs, {len(base.needs)} besoins"
    click.echo(f"\n{counts}, {len(base.terms)} termes : aucune erreur.")


if __name__ == "__main__":
    knowledge_command()
