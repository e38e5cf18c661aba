"""Sketching: the first draft of a pre-diagnosis, from what a person answered; a path in, four texts out.

What is written here is a beginning: an adviser who has met the person corrects it, completes it, and signs it.
"""

from collections.abc import Iterable, Iterator

from guide.content.base import KnowledgeBase
from guide.models.diagnosis import Texts
from guide.orientation import Path
from guide.profile import Profile
from guide.text import capitalise, join_words, typeset

_SAID = ("stage", "holder", "legal_form", "employees", "budget_citoyen", "support")
_LONGEST_QUOTE = 600  # signs


def sketch(path: Path, words: str | None, knowledge: KnowledgeBase) -> Texts:
    """Draft a pre-diagnosis: her own words and answers, her needs, what could serve her, what remains to be checked."""
    profile = path.profile
    return Texts(
        findings="\n".join(_findings(profile, words, knowledge)),
        needs="\n".join(f"– {knowledge.needs[need].name}" for need in profile.needs if need in knowledge.needs),
        interest="\n".join(_interest(path)),
        attention="\n".join(_once(_attention(path))),
    )


def _findings(profile: Profile, words: str | None, knowledge: KnowledgeBase) -> Iterator[str]:
    if words:
        quote = words if len(words) <= _LONGEST_QUOTE else words[:_LONGEST_QUOTE].rsplit(" ", 1)[0] + "…"
        yield typeset(f"Vous écrivez : « {' '.join(quote.split())} »")
    for criterion in _SAID:
        value = getattr(profile, criterion)
        if value and value in knowledge.questions[criterion].options:
            yield f"{capitalise(knowledge.said(criterion, value))}."
    places = [
        knowledge.territory.communes[code].name for code in profile.places if code in knowledge.territory.communes
    ]
    if places:
        yield typeset(f"Le projet se passe à {join_words(places)}.")
    themes = [knowledge.questions["themes"].options[theme].label for theme in profile.themes]
    if themes:
        yield typeset(f"Domaine : {join_words([theme[:1].lower() + theme[1:] for theme in themes])}.")


def _interest(path: Path) -> Iterator[str]:
    for proposal in path.proposals:
        if proposal.entry.kind == "dispositif":
            yield f"– {proposal.reasons[0].text.rstrip('.')} ({proposal.entry.name})."
    for item in path.not_available:
        if item.entry.kind == "dispositif" and item.unlock:
            yield typeset(f"– Plus tard, {item.entry.name} : {item.unlock}")


def _attention(path: Path) -> Iterator[str]:
    for proposal in path.proposals:
        for check in proposal.checks:
            yield f"– {check.text.rstrip('.')} ({proposal.entry.name})."


def _once(lines: Iterable[str]) -> Iterable[str]:
    return dict.fromkeys(lines)
