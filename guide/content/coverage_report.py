"""The coverage of the base told to people: ``docs/couverture.md``, written by ``make knowledge``."""

from collections import Counter
from collections.abc import Iterable, Sequence

from guide.content.base import KnowledgeBase
from guide.content.coverage import Hole, doors, list_holes, why
from guide.content.models import Entry, Texts
from guide.text import typeset

_CONFIDENCE = {"confirmed": "confirmées", "to_check": "à vérifier", "mention": "simples mentions"}


def coverage_report(base: KnowledgeBase) -> str:
    """The whole document, in Markdown; it changes only when the base does."""
    parts = (
        "# Ce que couvre la base",
        "Document écrit par `make knowledge` : ne pas le corriger à la main, corriger `knowledge/`.",
        "## Combien de fiches, et à quel point elles sont sûres",
        _counts(base),
        _words(base),
        "## Besoins par étape",
        "Nombre de premières portes et de bons relais, dans tout le département. Un point : aucun.",
        _by_stage(base),
        "## Besoins par intercommunalité",
        "Tout le 62 : les portes ouvertes à tout le département. Puis les portes locales qui s'y ajoutent.",
        _by_epci(base),
        "## Les trous, et pourquoi",
        "Un trou : aucune première porte ni aucun relais. Chacun est expliqué dans `knowledge/holes.yaml`.",
        _holes(base),
    )
    return typeset("\n\n".join(parts)) + "\n"


def _counts(base: KnowledgeBase) -> str:
    kinds: dict[str, Iterable[str]] = {
        "structures": [entry.confidence for entry in base.structures.values()],
        "dispositifs": [entry.confidence for entry in base.dispositifs.values()],
        "pratiques de coopération": [practice.confidence for practice in base.practices.values()],
        "projets inspirants": [project.confidence for project in base.projects.values()],
        "pays et territoires": [place.confidence for place in base.places.values()],
        "numéros utiles": [number.confidence for number in base.numbers],
    }
    rows = []
    for kind, given in kinds.items():
        count = Counter(given)
        rows.append([kind, str(count.total()), *(_figure(count[value]) for value in _CONFIDENCE)])
    total = Counter(value for given in kinds.values() for value in given)
    rows.append(["total", str(total.total()), *(_figure(total[value]) for value in _CONFIDENCE)])
    return _table(["sorte", "en tout", *_CONFIDENCE.values()], rows)


def _words(base: KnowledgeBase) -> str:
    said_by_people: list[tuple[Texts, Texts]] = [(need.lexicon, need.heard) for need in base.needs.values()]
    said_by_people += [(entry.lexicon, entry.heard) for entry in base.entries.values()]
    said_by_people += [(practice.lexicon, practice.heard) for practice in base.practices.values()]
    said_by_people += [(term.lexicon, ()) for term in base.terms.values()]
    for question in base.questions.values():
        said_by_people += [(option.lexicon, ()) for option in question.options.values()]
    expressions = sum(len(lexicon) for lexicon, _ in said_by_people)
    sentences = sum(len(heard) for _, heard in said_by_people)
    return (
        f"Et aussi : {len(base.needs)} besoins, {len(base.terms)} mots du glossaire. Pour comprendre ce qu'on lui dit, "
        f"le guide connaît plus de {_hundreds(expressions)} mots et expressions, "
        f"et plus de {_hundreds(sentences)} phrases entendues."
    )


def _by_stage(base: KnowledgeBase) -> str:
    stages = base.questions["stage"].options
    heads = ["besoin", *(option.chip or option.label for option in stages.values())]
    rows = []
    for need, able in _doors(base):
        rows.append([need, *(_figure(sum(stage in entry.stages for entry in able)) for stage in stages)])
    return _table(heads, rows)


def _by_epci(base: KnowledgeBase) -> str:
    epcis = sorted(base.territory.epcis)
    heads = ["besoin", "tout le 62", *(epci.removeprefix("epci-") for epci in epcis)]
    rows = []
    for need, able in _doors(base):
        everywhere = sum(entry.territory.everywhere for entry in able)
        local = (sum(epci in entry.territory.epcis for entry in able) for epci in epcis)
        rows.append([need, _figure(everywhere), *(_figure(count) for count in local)])
    return _table(heads, rows)


def _doors(base: KnowledgeBase) -> list[tuple[str, list[Entry]]]:
    ordered = [need for group in base.order.needs for need in group.items]
    return [(base.needs[need].name, doors(base, need)) for need in ordered]


def _holes(base: KnowledgeBase) -> str:
    lines = [f"- {base.needs[hole.need].name}, {_where(base, hole)} : {why(base, hole)}" for hole in list_holes(base)]
    return "\n".join(lines) or "Aucun trou."


def _where(base: KnowledgeBase, hole: Hole) -> str:
    if hole.stage is not None:
        return f"étape « {base.questions['stage'].options[hole.stage].label} »"
    return base.structures[hole.epci].name if hole.epci in base.structures else str(hole.epci)


def _hundreds(count: int) -> int:
    """Count by hundreds, so that one more word does not change the document."""
    return count // 100 * 100


def _figure(count: int) -> str:
    return str(count) if count else "·"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---", *("--:" for _ in heads[1:])], *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
