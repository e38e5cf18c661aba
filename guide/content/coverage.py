"""Coverage: how many doors each need has, by stage and by intercommunality; every hole is explained or is an error."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from guide.content.base import KnowledgeBase
from guide.content.findings import Finding, find_in_file, unknown
from guide.content.models import Entry
from guide.text import join_words


class Hole(NamedTuple):
    """A need that no first door and no relay answers, at one stage (or None) or in one intercommunality (or None)."""

    need: str
    stage: str | None
    epci: str | None


def doors(base: KnowledgeBase, need: str) -> list[Entry]:
    """The entries that are a first door or a good relay for a need."""
    return [entry for entry in base.entries.values() if need in entry.needs and entry.needs[need].door != "extra"]


def list_holes(base: KnowledgeBase) -> list[Hole]:
    """List the holes of the base, need by need."""
    found = []
    stages = base.questions["stage"].options if "stage" in base.questions else {}
    for need in base.needs:
        able = doors(base, need)
        for stage in stages:
            if not any(stage in entry.stages for entry in able):
                found.append(Hole(need, stage, None))
        for epci in base.territory.epcis:
            if not any(entry.territory.everywhere or epci in entry.territory.epcis for entry in able):
                found.append(Hole(need, None, epci))
    return found


def why(base: KnowledgeBase, hole: Hole) -> str | None:
    """The sentence of ``holes.yaml`` that explains a hole."""
    for told in base.holes:
        if told.need == hole.need and (hole.stage in told.stages or hole.epci in told.epcis):
            return told.because
    return None


def check_holes(base: KnowledgeBase) -> Iterator[Finding]:
    """List the holes that nothing explains, one finding for each need; a need without any door is told elsewhere."""
    left: dict[str, list[str]] = {}
    for hole in list_holes(base):
        if why(base, hole) is None and doors(base, hole.need):
            left.setdefault(hole.need, []).append(hole.stage or hole.epci or "")
    for need, where in left.items():
        message = (
            f"besoin « {need} » sans première porte ni relais ({join_words(where)}) ; ajouter une fiche, "
            f"ou expliquer ce trou dans knowledge/holes.yaml"
        )
        yield find_in_file(base, f"needs/{need}.yaml", (), message)


def check_explanations(base: KnowledgeBase) -> Iterator[Finding]:
    """List the values of ``holes.yaml`` that exist nowhere."""
    stages = base.questions["stage"].options if "stage" in base.questions else {}
    for index, told in enumerate(base.holes):
        given: tuple[tuple[str, str, Sequence[str], Sequence[str]], ...] = (
            ("need", "besoin", [told.need], list(base.needs)),
            ("stages", "étape", told.stages, list(stages)),
            ("epcis", "intercommunalité", told.epcis, list(base.territory.epcis)),
        )
        for key, what, values, known in given:
            for value in values:
                if value not in known and known:
                    yield find_in_file(base, "holes.yaml", ("holes", index, key), unknown(what, value, known))


def check_filled(base: KnowledgeBase) -> Iterator[Finding]:
    """List the explanations of holes that have been filled since."""
    holes = list_holes(base)
    for index, told in enumerate(base.holes):
        mine = {hole.stage or hole.epci for hole in holes if hole.need == told.need}
        for value in (*told.stages, *told.epcis):
            if value not in mine:
                message = f"trou comblé : « {told.need} » a maintenant une porte ({value}) ; retirer cette ligne"
                yield find_in_file(base, "holes.yaml", ("holes", index), message)
