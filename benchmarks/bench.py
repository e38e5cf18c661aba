"""``make bench``: how well and how fast the orientation answers on the development profiles, the assistant, the desk.

Recall and violations are defined in tests/gold/README.md. Timings are medians, printed beside a reference of the same
run (normalising one long French text), because machines are shared.
"""

import json
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks import assistant, desk
from guide.content.base import KnowledgeBase
from guide.content.loader import load_knowledge
from guide.orientation import propose
from guide.profile import read_profile
from guide.settings import ROOT, read_settings
from guide.text import normalise

GOLD = ROOT / "tests" / "gold" / "profiles.jsonl"
ON = date(2026, 11, 22)


def read_gold(path: Path = GOLD) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def median_ms(work: Callable[[], object], times: int = 200) -> float:
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        spent.append((time.perf_counter() - start) * 1000)
    return statistics.median(spent)


def replay_cases(knowledge: KnowledgeBase, path: Path) -> None:
    """Replay what the team said of real orientations (``flask --app wsgi knowledge cases``), where there is some."""
    cases = read_gold(path) if path.exists() else []
    if not cases:
        return
    ranks = []
    for case in cases:
        shown = [each.entry.id for each in propose(read_profile(case["profile"], knowledge), knowledge, ON).proposals]
        right = set(case["expected"][0])
        ranks.append(next((rank for rank, entry in enumerate(shown, start=1) if entry in right), 0))
        if ranks[-1] != 1:
            print(f"{case['id']} {' '.join(sorted(right))} : {f'rang {ranks[-1]}' if ranks[-1] else 'absent'}")
    first, among = (sum(1 for rank in ranks if 0 < rank <= most) for most in (1, 5))
    print(f"cas de référence de l'équipe : {first} en premier, {among} parmi les cinq premiers, sur {len(cases)}\n")


def main() -> int:
    start = time.perf_counter()
    knowledge = load_knowledge(ROOT / "knowledge")
    loading = time.perf_counter() - start
    replay_cases(knowledge, read_settings().cases)
    recalls, hits, violations = [], [], 0
    by_stage: dict[str, list[float]] = defaultdict(list)
    timings = []
    for line in read_gold():
        profile = read_profile(line["profile"], knowledge)
        path = propose(profile, knowledge, ON)
        ranked = [proposal.entry.id for proposal in path.proposals]
        missed = [group for group in line["expected"] if not set(group) & set(ranked[:5])]
        wrong = sorted(set(ranked) & set(line["forbidden"]))
        recall = 1 - len(missed) / len(line["expected"])
        recalls.append(recall)
        hits.append(ranked[0] in line["expected"][0])
        by_stage[profile.stage or "-"].append(recall)
        violations += len(wrong)
        timings.append(median_ms(lambda profile=profile: propose(profile, knowledge, ON), 40))
        if missed or wrong or "-v" in sys.argv:
            print(f"{line['id']} {' '.join(ranked)}")
            for group in missed:
                print(f"     manque : {' | '.join(group)}")
            if wrong:
                print(f"     INTERDIT : {' '.join(wrong)}")
    reference = median_ms(lambda: normalise("L’Écopôle alimentaire d’Audruicq, c’est où ? " * 20))
    median = statistics.median(timings)
    print(f"\nrecall@5 {statistics.mean(recalls):.3f}   hit@1 {statistics.mean(hits):.3f}   violations {violations}")
    for stage, values in by_stage.items():
        print(f"  {stage:14} recall@5 {statistics.mean(values):.3f} ({len(values)})")
    print(
        f"orientation : médiane {median:.2f} ms, la plus lente {max(timings):.2f} ms "
        f"({median / reference:.1f} fois la référence)"
    )
    print(f"chargement de la base : {loading:.2f} s")
    assistant.measure(knowledge)
    desk.measure(knowledge)
    return 1 if violations else 0


if __name__ == "__main__":
    raise SystemExit(main())
