"""``make crash``, in short: what was acknowledged survives three kills."""

from pathlib import Path

from benchmarks.crash import run


def test_what_was_acknowledged_survives_three_kills_exactly_once(tmp_path: Path) -> None:
    outcome = run(f"sqlite:///{tmp_path / 'guide.db'}", tmp_path, kills=3, seed=2)
    assert outcome.is_good, outcome
    assert {what: len(times) for what, times in outcome.ready.items()} == {"le serveur": 2, "un ouvrier": 1}
    assert outcome.acknowledged > 0
