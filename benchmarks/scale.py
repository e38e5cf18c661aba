"""``make scale``: what becomes of an answer when the base grows to 1,000 and 10,000 entries.

The base is multiplied by invented neighbours: each is a local entry of the base under another identifier, named after
a real commune, which its words name too, and which serves the intercommunality of this commune. Each way of
answering is measured in its own process: its work, and the memory that its index takes. The curves are drawn in
docs/images for docs/assistant.md.
"""

import gc
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

import matplotlib as mpl
from matplotlib import pyplot
from matplotlib.axes import Axes

from benchmarks import peers
from benchmarks.scoring import ON, read_sets
from guide.assistant.dialogue import reply
from guide.assistant.models import Context
from guide.content.base import KnowledgeBase
from guide.content.loader import load_knowledge
from guide.content.models import Entry, Reach
from guide.profile import Profile
from guide.settings import ROOT
from guide.territory import Commune
from guide.understanding.understand import prepare

Answer = Callable[[str], object]

SIZES = (0, 1_000, 10_000)  # entries; 0: the base as it is
PICTURE = ROOT / "docs" / "images" / "assistant-scale.svg"
_MESSAGES = 100
_SHORT = 300  # characters
_PATIENCE = 300  # seconds for one way of answering at one size
_LONGEST_EXPRESSION = 60
_COLOURS = ("#0b5d3b", "#9a4d00", "#2f4b9c", "#8a1c4a")


def grow(knowledge: KnowledgeBase, size: int) -> KnowledgeBase:
    """Multiply a base up to a number of entries."""
    missing = max(0, size - len(knowledge.entries))
    neighbours = {entry.id: entry for entry in islice(_neighbours(knowledge), missing)}
    return replace(knowledge, structures=knowledge.structures | neighbours)


def _neighbours(knowledge: KnowledgeBase) -> Iterator[Entry]:
    local = [entry for entry in knowledge.structures.values() if entry.territory.epcis]
    communes = list(knowledge.territory.communes.values())
    for turn in range(len(communes)):
        for place, commune in enumerate(communes):
            beside = communes[(place + turn) % len(communes)]
            for entry in local:
                yield _move(entry, commune, beside if turn else None)


def _move(entry: Entry, commune: Commune, beside: Commune | None) -> Entry:
    name = f"{commune.name} et {beside.name}" if beside else commune.name
    return entry.model_copy(
        update={
            "id": "-".join(filter(None, (entry.id, commune.code, beside.code if beside else ""))),
            "name": f"{entry.name} de {name}",
            "short_name": f"{entry.short_name} de {name}",
            "also_known_as": tuple(f"{known} de {name}" for known in entry.also_known_as),
            "lexicon": tuple(f"{said} {name}"[:_LONGEST_EXPRESSION] for said in entry.lexicon),
            "heard": tuple(f"{said} {name}" for said in entry.heard),
            "territory": Reach(epcis=(commune.epci.id,)),
        }
    )


def _assistant(knowledge: KnowledgeBase) -> Answer:
    prepare(knowledge)
    return lambda message: reply(message, Profile(), Context(), knowledge, ON)


def _peer(build: Callable[[peers.Documents], peers.Ranker]) -> Callable[[KnowledgeBase], Answer]:
    return lambda knowledge: build(peers.list_documents(knowledge))


WAYS: dict[str, Callable[[KnowledgeBase], Answer]] = {
    "assistant": _assistant,
    "BM25 (bm25s)": _peer(peers.bm25),
    "Tantivy": _peer(peers.tantivy_french),
    "SQLite FTS5": _peer(peers.fts5),
}


def measure(way: str, size: int) -> dict[str, float]:
    """Measure one way of answering at one size: entries, seconds to prepare, milliseconds, megabytes.

    Times are those that this process worked: the machine may be shared.
    """
    knowledge = grow(load_knowledge(ROOT / "knowledge"), size)
    messages = [line.text for line in read_sets()["collines"] if len(line.text) <= _SHORT][:_MESSAGES]
    gc.collect()
    before, start = _resident(), time.process_time()
    answer = WAYS[way](knowledge)
    prepared = time.process_time() - start
    for message in messages:  # what is prepared at the first message of each stage counts as memory, not as time
        answer(message)
    gc.collect()
    taken = _resident() - before
    times = [_time(answer, message) for message in messages]
    return {
        "entries": len(knowledge.entries),
        "prepared": prepared,
        "median": statistics.median(times),
        "slow": statistics.quantiles(times, n=10)[8],
        "memory": taken,
    }


def _time(answer: Answer, message: str) -> float:
    """Milliseconds worked by this process."""
    start = time.process_time()
    answer(message)
    return (time.process_time() - start) * 1000


def _resident() -> float:
    """Megabytes of this process in memory."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def main() -> None:
    measured: dict[str, list[dict[str, float]]] = {}
    print(f"{'':14} {'fiches':>8} {'prêt en':>9} {'médiane':>11} {'neuf sur dix':>13} {'mémoire':>10}")
    for way in WAYS:
        for size in SIZES:
            if not (figures := _measure_apart(way, size)):
                print(f"{way:14} {size:8}  pas terminé en {_PATIENCE} s")
                break
            measured.setdefault(way, []).append(figures)
            print(
                f"{way:14} {figures['entries']:8} {figures['prepared']:7.1f} s {figures['median']:8.2f} ms"
                f" {figures['slow']:10.2f} ms {figures['memory']:7.0f} Mo",
                flush=True,
            )
    _draw(measured)


def _measure_apart(way: str, size: int) -> dict[str, float] | None:
    """Measure in a process of its own, so that memory is that of one index; None when it takes too long."""
    command = [sys.executable, "-m", "benchmarks.scale", way, str(size)]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=_PATIENCE)
    except subprocess.TimeoutExpired:
        return None
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def _draw(measured: dict[str, list[dict[str, float]]]) -> None:
    """Draw time and memory by size, both on logarithmic scales."""
    mpl.rcParams.update({"svg.hashsalt": "guide", "svg.fonttype": "none", "font.size": 9, "font.family": "sans-serif"})
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(8.4, 3.4), layout="constrained", facecolor="white")
    for (way, figures), colour in zip(measured.items(), _COLOURS, strict=True):
        sizes = [each["entries"] for each in figures]
        width = 2.2 if way == "assistant" else 1.2
        style = {"color": colour, "label": way, "marker": "o", "markersize": 4, "linewidth": width}
        left.plot(sizes, [each["median"] for each in figures], **style)
        right.plot(sizes, [max(1.0, each["memory"]) for each in figures], **style)
    _label(left, "median time of an answer (ms of work)")
    _label(right, "memory of the index (MB)")
    left.legend(frameon=False)
    PICTURE.parent.mkdir(exist_ok=True)
    figure.savefig(PICTURE, metadata={"Date": None})


def _label(axes: Axes, title: str) -> None:
    axes.set(xscale="log", yscale="log", title=title, xlabel="entries in the base")
    axes.grid(color="#dddddd", linewidth=0.6)
    axes.spines[["top", "right"]].set_visible(False)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(measure(sys.argv[1], int(sys.argv[2]))))
    else:
        main()
