"""How well and how fast the assistant answers, beside its peers on the same base and the same words.

``make bench`` prints it: quality by set, by kind and by style, peers, calibration, and speed in process.
"""

import statistics
import time
from collections.abc import Callable, Sequence
from random import Random

from benchmarks import peers
from benchmarks.scoring import (
    MEASURES,
    ON,
    RANKING,
    Answered,
    Line,
    answer_all,
    is_hit,
    list_short_styles,
    read_sets,
    recall,
    tally,
)
from guide.assistant.dialogue import reply
from guide.assistant.models import Context, Reply
from guide.content.base import KnowledgeBase
from guide.orientation import propose
from guide.profile import Profile
from guide.understanding.understand import Understanding

SHORT, LONG = 300, 1_000  # characters
_ROUNDS = 5
_LONG_MESSAGES = 60
_BINS = 5


def measure(knowledge: KnowledgeBase) -> None:
    sets = read_sets()
    answered = {name: answer_all(lines, knowledge) for name, lines in sets.items()}
    for name, answers in answered.items():
        _print_quality(name, answers)
    _print_peers(answered, knowledge)
    _print_calibration(answered)
    _print_speed([line for lines in sets.values() for line in lines], knowledge)


def _print_quality(name: str, answered: Sequence[Answered]) -> None:
    print(f"\nassistant, {name} : {len(answered)} messages")
    for measured in MEASURES:
        print(f"  {measured:20} {tally(measured, answered)}")
    print(f"  {'':14} {'  '.join(f'{measured:17}' for measured in RANKING)}")
    for of in (lambda each: each.line.kind, lambda each: each.line.style):
        for label in dict.fromkeys(of(each) for each in answered if each.line.expected):
            own = [each for each in answered if of(each) == label]
            print(f"  {label:14} {'  '.join(f'{tally(measured, own)!s:17}' for measured in RANKING)}")
    for measured, style, too_many in list_short_styles(answered):
        print(f"  en retrait : {style} manque {too_many:.1f} messages de plus que la moyenne n'en prévoit ({measured})")


def _print_peers(answered: dict[str, list[Answered]], knowledge: KnowledgeBase) -> None:
    """One table: each way of ranking on each set. Every peer gets the words of the needs in its documents."""
    documents = peers.list_documents(knowledge)
    print(f"\n{'même base, même lexique':30} {'   '.join(f'{name:21}' for name in answered)}")
    print(f"{'':30} {'   '.join('hit@1   hit@3   rec@5' for _ in answered)}")
    asked = {name: [each.line for each in answers if each.line.expected] for name, answers in answered.items()}
    ours = {each.line.text: each.ids for answers in answered.values() for each in answers}
    for name, rank in {"assistant": ours.__getitem__, **_build(documents)}.items():
        figures = [figure for lines in asked.values() for figure in _rank_all(rank, lines)]
        print(f"{name:30} {'   '.join(f'{figure:.3f}' for figure in figures)}")


def _build(documents: peers.Documents) -> dict[str, peers.Ranker]:
    return {name: build(documents) for name, build in peers.PEERS.items()}


def _rank_all(rank: peers.Ranker, lines: Sequence[Line]) -> tuple[float, float, float]:
    ranked = [(list(rank(line.text)), line) for line in lines]
    return (
        statistics.mean(is_hit(ids, line, 1) for ids, line in ranked),
        statistics.mean(is_hit(ids, line, 3) for ids, line in ranked),
        statistics.mean(recall(ids, line) for ids, line in ranked),
    )


def _print_calibration(answered: dict[str, list[Answered]]) -> None:
    """How often the first entry is right, by its score; any entry is wrong for a message that asks for none."""
    print("\nscore de la première fiche : nombre de réponses, et part de justes")
    own = [each for name, answers in answered.items() if name != "gold" for each in answers]
    sets = {"gold": answered["gold"], "collines et dunes": own}
    for name, answers in sets.items():
        rated = [each for each in answers if each.entries and each.line.kind != "glossary"]
        print(f"  {name}")
        for place in range(_BINS):
            held = [each for each in rated if min(int(each.entries[0].score * _BINS), _BINS - 1) == place]
            right = [bool(each.line.expected) and bool(is_hit(each.ids, each.line, 1)) for each in held]
            share = f"{statistics.mean(right):.3f}" if right else "  -  "
            score = f"score moyen {statistics.mean(each.entries[0].score for each in held):.2f}" if held else ""
            print(f"    {place / _BINS:.1f} à {(place + 1) / _BINS:.1f} : {len(held):4}  {share}  {score}")


def _print_speed(lines: Sequence[Line], knowledge: KnowledgeBase) -> None:
    preparing, working = min(_time(lambda: Understanding.of(knowledge)) for _ in range(3))
    short = [line.text for line in lines if len(line.text) <= SHORT]
    long = _join([line.text for line in lines])
    profiles = [_answer(text, knowledge).profile for text in short]
    oriented = _median_times([lambda profile=profile: propose(profile, knowledge, ON) for profile in profiles])
    reference = statistics.median(spent for spent, _ in oriented)
    print(f"\nassistant : index prêt en {preparing / 1000:.2f} s, dont {working / 1000:.2f} de calcul ici")
    print(f"  référence, l'orientation seule : médiane {reference:.2f} ms")
    for name, texts in ((f"{SHORT} caractères au plus", short), (f"{LONG:,} caractères".replace(",", " "), long)):
        times = _median_times([lambda text=text: _answer(text, knowledge) for text in texts])
        whole, busy = ([each[place] for each in times] for place in (0, 1))
        ratio = statistics.median(whole) / reference
        print(
            f"  {name:24} médiane {statistics.median(whole):5.2f} ms ({ratio:.0f} fois la référence),"
            f" p99 {_p99(whole):5.2f} ms ; calcul : {statistics.median(busy):5.2f} et {_p99(busy):5.2f} ms"
            f" ({len(texts)} messages)"
        )


def _answer(text: str, knowledge: KnowledgeBase) -> Reply:
    return reply(text, Profile(), Context(), knowledge, ON)


def _join(texts: list[str]) -> list[str]:
    """Messages of the longest length read, made of others."""
    random = Random(62)  # noqa: S311 - nothing secret
    return [" ".join(random.sample(texts, 30))[:LONG] for _ in range(_LONG_MESSAGES)]


def _median_times(works: Sequence[Callable[[], object]]) -> list[tuple[float, float]]:
    """Milliseconds of each work, the median of a few rounds: on the clock, and worked by this process."""
    rounds = [[_time(work) for work in works] for _ in range(_ROUNDS)]
    return [
        (statistics.median(spent for spent, _ in each), statistics.median(worked for _, worked in each))
        for each in zip(*rounds, strict=True)
    ]


def _time(work: Callable[[], object]) -> tuple[float, float]:
    start, worked = time.perf_counter(), time.process_time()
    work()
    return (time.perf_counter() - start) * 1000, (time.process_time() - worked) * 1000


def _p99(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[98]
