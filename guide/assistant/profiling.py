"""Profiling: what a message adds to a profile, and what it takes away."""

from typing import Any

from guide.assistant.models import Context
from guide.content.base import KnowledgeBase
from guide.profile import Profile
from guide.text import normalise
from guide.understanding.meaning import Meaning

MOST_NEEDS = 8
_LISTENED = "etre-ecoute"


def add_to_profile(
    profile: Profile, meaning: Meaning, context: Context, typed: str, knowledge: KnowledgeBase
) -> Profile:
    """Give the profile with what the message says: needs added, denied ones removed, the commune replaced."""
    changes: dict[str, Any] = {field: answer.value for field, answer in meaning.answers.items()}
    changes.update(read_answer(context, typed, knowledge))
    needs = [need for need in profile.needs if need not in meaning.denied]
    compares = meaning.question == "compare" and len({each.owner.id for each in meaning.named}) > 1
    told = () if compares else meaning.needs
    needs += [need for need in (*changes.get("needs", ()), *told) if need not in needs]
    if meaning.feeling and not needs:
        needs.append(_LISTENED)
    changes["needs"] = tuple(needs[:MOST_NEEDS])
    themes = dict.fromkeys((*profile.themes, *(answer.value for answer in meaning.themes)))
    changes["themes"] = tuple(themes)
    if meaning.where.communes:
        codes = [commune.code for commune in meaning.where.communes]
        changes["commune"], changes["other_communes"] = codes[0], tuple(codes[1:])
    return profile.with_answers(**changes)


def read_answer(context: Context, typed: str, knowledge: KnowledgeBase) -> dict[str, Any]:
    """Read a message as the answer to the question just asked: a choice offered, a place alone."""
    slot = context.asked[-1] if context.asked else None
    said = normalise(typed)
    if slot in ("commune", "which_commune"):
        commune = knowledge.territory.resolve(typed).commune if len(typed) <= 60 else None
        return {"commune": commune.code} if commune else {}
    if slot == "needs":
        chosen = [need.id for need in knowledge.needs.values() if said in (need.id, normalise(need.name))]
        return {"needs": tuple(chosen)} if chosen else {}
    if slot in knowledge.questions:
        for value, option in knowledge.questions[slot].options.items():
            if said in (value, normalise(option.label), normalise(option.chip or option.label)):
                return {slot: value}
    return {}
