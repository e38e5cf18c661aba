"""Coverage: how many entries answer each need, by stage and by intercommunality; a zero is a hole to fill."""

from collections.abc import Callable

from guide.content.base import KnowledgeBase
from guide.content.models import Entry


def coverage_tables(base: KnowledgeBase) -> str:
    """Two tables in plain text: needs by stages, needs by intercommunalities (local entries, then everywhere)."""
    stages = {stage: option.label for stage, option in base.questions["stage"].options.items()}
    by_stage = _table(base, list(stages), lambda entry, stage: stage in entry.stages)
    epcis = list(base.territory.epcis)
    by_epci = _table(base, epcis, lambda entry, epci: entry.territory.everywhere or epci in entry.territory.epcis)
    return f"Besoins par étape\n{by_stage}\n\nBesoins par intercommunalité\n{by_epci}\n"


def _table(base: KnowledgeBase, columns: list[str], serves: Callable[[Entry, str], bool]) -> str:
    heads = [column.removeprefix("epci-")[:6] for column in columns]
    lines = [" " * 30 + " ".join(f"{head:>6}" for head in heads)]
    for need in base.needs:
        able = [entry for entry in base.entries.values() if need in entry.needs]
        counts = [sum(1 for entry in able if serves(entry, column)) for column in columns]
        cells = " ".join(f"{count or '·':>6}" for count in counts)
        lines.append(f"{need:30}{cells}")
    return "\n".join(lines)
