"""``make crash``: the server is killed at random moments under eight people who send the form; nothing may be lost.

SIGKILL takes the whole process group, now and then one worker only, and on PostgreSQL the database itself (immediate
stop). What got no answer is then sent again, with the same form, as a browser does. A kill cannot tell a full sync from
none (the kernel keeps what was written): syncs are counted apart, see benchmarks/syncs.py.
"""

import argparse
import itertools
import os
import random
import statistics
import tempfile
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.crash_checker import Findings, check
from benchmarks.production import Server, serving
from benchmarks.reference import ANSWERS
from benchmarks.syncs import syncs_per_acknowledgement
from benchmarks.visitors import UNREACHABLE, Submission, Visitor
from guide.store.database import Database
from tests.databases import OwnPostgres, own_postgres

VISITORS, KILLS = 8, 24
_SHORTEST, _LONGEST = 0.2, 1.2  # seconds between an answer of the server and the next kill
_ONE_WORKER = 0.25  # of the kills
_DOUBLE_CLICK = 10  # one submission out of ten is sent twice
_POSTGRES_FALLS = (7, 17)  # the kills that take PostgreSQL instead of the application


@dataclass(slots=True)
class Crowd:
    """People who send the form until they are told to go home."""

    host: str
    sent: list[Submission] = field(default_factory=list)
    changed_links: list[str] = field(default_factory=list)  # the same form answered by another link
    _numbers: Iterator[int] = field(default_factory=itertools.count)
    _closing: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def come(self) -> None:
        self._threads = [threading.Thread(target=self._send_again_and_again) for _ in range(VISITORS)]
        for thread in self._threads:
            thread.start()

    def leave(self) -> None:
        self._closing.set()
        for thread in self._threads:
            thread.join()

    def _send_again_and_again(self) -> None:
        visitor = Visitor(self.host)
        while not self._closing.is_set():
            number = next(self._numbers)
            try:
                submission = visitor.fill_in(number, f"/demande?{ANSWERS}")
                self.sent.append(submission)  # before it leaves: whatever happens now, it may be stored
                visitor.send(submission)
                if number % _DOUBLE_CLICK == 0:
                    self._press_again(visitor, submission)
            except UNREACHABLE:
                self._closing.wait(0.02)
        visitor.close()

    def send_what_was_cut(self) -> int:
        """Send again what nobody acknowledged; return how many there were."""
        cut = [submission for submission in self.sent if submission.link is None]
        visitor = Visitor(self.host)
        for submission in cut:
            visitor.send(submission)
        visitor.close()
        return len(cut)

    def _press_again(self, visitor: Visitor, submission: Submission) -> None:
        before = submission.link
        if before and visitor.send(submission) not in (before, None):
            self.changed_links.append(submission.words)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a run on one engine."""

    ready: dict[str, list[float]]  # what was killed -> the seconds before the server answered again, each time
    acknowledged: int  # at once
    cut: int  # sent again
    refused: list[str]  # sent again, and still not acknowledged
    changed_links: list[str]
    findings: Findings

    @property
    def is_good(self) -> bool:
        return not (self.refused or self.changed_links or self.findings.lines)


def run(database_url: str, instance: Path, *, kills: int, seed: int, postgres: OwnPostgres | None = None) -> Outcome:
    """Kill and start again under the crowd, then read the database."""
    chance = random.Random(seed)  # noqa: S311 - moments that can be played again, no secret
    ready: dict[str, list[float]] = defaultdict(list)
    pause = threading.Event()
    with serving(instance, database_url=database_url) as server:
        crowd = Crowd(server.host)
        crowd.come()
        try:
            for number in range(1, kills + 1):
                pause.wait(chance.uniform(_SHORTEST, _LONGEST))
                what, spent = _kill(server, chance, postgres if number in _POSTGRES_FALLS else None)
                ready[what].append(spent)
        finally:
            crowd.leave()
        cut = crowd.send_what_was_cut()
    refused = [f"{each.words} {each.statuses}" for each in crowd.sent if each.link is None]
    database = Database(database_url)
    findings = check(database, [each for each in crowd.sent if each.link is not None])
    database.close()
    return Outcome(ready, len(crowd.sent) - cut, cut, refused, crowd.changed_links, findings)


def _kill(server: Server, chance: random.Random, postgres: OwnPostgres | None) -> tuple[str, float]:
    if postgres is not None:
        return "PostgreSQL", postgres.fall_and_rise()
    if chance.random() < _ONE_WORKER:
        return "un ouvrier", server.kill_a_worker(chance)
    server.kill()
    return "le serveur", server.start()


def report(engine: str, outcome: Outcome) -> None:
    """Say what happened, in a few lines."""
    kills = sum(len(times) for times in outcome.ready.values())
    print(f"\n{engine} : {kills} arrêts brutaux, {outcome.acknowledged} demandes acquittées du premier coup,", end=" ")
    print(f"{outcome.cut} coupées puis renvoyées")
    print(f"  perdues : {len(outcome.findings.lost)}   doublées : {len(outcome.findings.doubled)}", end="")
    print(f"   incomplètes : {len(outcome.findings.halves)}")
    for what, times in outcome.ready.items():
        median, longest = statistics.median(times), max(times)
        print(f"  {what} ({len(times)} fois) : de nouveau prêt en {median:.2f} s (au plus {longest:.2f} s)")
    refused = [f"REFUSÉ : {each}" for each in outcome.refused]
    links = [f"AUTRE LIEN : {each}" for each in outcome.changed_links]
    for line in (refused + links + outcome.findings.lines)[:40]:
        print(f"  {line}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=KILLS)
    parser.add_argument("--engine", choices=("sqlite", "postgresql"), action="append")
    given = parser.parse_args()
    seed = int(os.environ.get("SEED") or random.randrange(1_000_000))  # noqa: S311 - printed, to be played again
    print(f"SEED={seed}")
    outcomes = []
    for engine in given.engine or ("sqlite", "postgresql"):
        with ExitStack() as stack:
            instance = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            postgres = stack.enter_context(own_postgres()) if engine == "postgresql" else None
            url = postgres.url if postgres else f"sqlite:///{instance / 'guide.db'}"
            outcome = run(url, instance, kills=given.kills, seed=seed, postgres=postgres)
            report(engine, outcome)
            print(f"  {syncs_per_acknowledgement(url, instance, postgres)}")
            outcomes.append(outcome)
    return 0 if all(outcome.is_good for outcome in outcomes) else 1


if __name__ == "__main__":
    raise SystemExit(main())
