"""``flask ask``: what the assistant answers to a message, and why; ``flask words``: what it often does not know."""

import click

from guide.assistant.dialogue import reply
from guide.assistant.models import Context, Reply
from guide.assistant.ranking import explain
from guide.content.base import KnowledgeBase
from guide.days import today
from guide.profile import Profile
from guide.settings import Settings
from guide.store import unknown_words
from guide.store.database import Database
from guide.understanding.evidence import Evidence
from guide.understanding.lexicon import Owner
from guide.understanding.understand import prepare

_MOST_SHOWN = 6


def ask_command(knowledge: KnowledgeBase) -> click.Command:
    """The command that asks the assistant."""

    @click.command("ask", help="Poser une question à l'assistant : la réponse, puis ce qui l'explique.")
    @click.argument("message")
    def command(message: str) -> None:
        answer = reply(message, Profile(), Context(), knowledge, today())
        click.echo(f"[{answer.kind}]\n{answer.text}")
        if answer.ask:
            click.echo(f"→ {answer.ask.text}")
        click.echo("\n" + "\n".join(_explain(answer, knowledge)))

    return command


def words_command(settings: Settings) -> click.Command:
    """The command that lists the unknown words."""

    @click.command("words", help="Les mots inconnus du lexique, lus trois jours différents au moins.")
    def command() -> None:
        database = Database(settings.database)
        with database.reading() as session:
            seen = unknown_words.list_seen(session)
        database.close()
        click.echo("\n".join(f"{word} ({days} jours)" for word, days in seen) or "Aucun mot inconnu ne revient.")

    return command


def _explain(answer: Reply, knowledge: KnowledgeBase) -> list[str]:
    """Which words were read, what they weigh for which needs, and what speaks for each entry."""
    meaning = answer.meaning
    lines = ["Lu : " + " ".join(word.word for word in meaning.words)]
    lines += [f"Question : {meaning.question}"] if meaning.question else []
    lines += [f"Refusé : {', '.join(meaning.denied)}"] if meaning.denied else []
    lines += [f"Réponse : {field} = {given.value} (« {given.text} »)" for field, given in meaning.answers.items()]
    lines += [f"Hors sujet : {meaning.outside.id} ({meaning.outside_weight:.1f})"] if meaning.outside else []
    for need in prepare(knowledge).scale.weigh(meaning.words, meaning.evidence)[:_MOST_SHOWN]:
        kept = " ✓" if need.need in meaning.needs else ""
        words = _words(meaning.evidence.get(Owner("need", need.need)))
        lines.append(f"Besoin {need.need}{kept} : {need.weight:.1f}{words}")
    for identifier, worth, parts in explain(meaning, answer.profile, knowledge, today())[:_MOST_SHOWN]:
        why = ", ".join(f"{part} {weight:.2f}" for part, weight in parts)
        lines.append(f"Fiche {identifier} : {worth:.2f} ({why})")
    return lines


def _words(evidence: Evidence | None) -> str:
    if evidence is None:
        return ""
    said = {stem: f"{stem} {proof.weight:.2f} « {proof.expression.text} »" for stem, proof in evidence.proofs.items()}
    return " ; " + ", ".join(list(said.values())[:4])
