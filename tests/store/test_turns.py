"""Turns are a courtesy: they put writers in order, and never keep anybody from asking the database."""

import fcntl
import os
import threading
import time
from pathlib import Path

from guide.store.turns import Turns


def test_threads_and_processes_take_turns(tmp_path: Path) -> None:
    inside, most = [0], [0]
    both = (Turns(tmp_path), Turns(tmp_path))  # two of them are two processes: they share nothing but the folder

    def write(turns: Turns) -> None:
        for _ in range(5):
            with turns.taken():
                inside[0] += 1
                most[0] = max(most[0], inside[0])
                sum(range(20_000))  # long enough for another to come in, were there no turns
                inside[0] -= 1

    threads = [threading.Thread(target=write, args=(both[number % 2],)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1]


def test_nobody_waits_for_ever_behind_a_turn_that_is_never_given_back(tmp_path: Path) -> None:
    folder = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    begun = time.monotonic()
    with Turns(tmp_path).taken():
        waited = time.monotonic() - begun
    os.close(folder)
    assert waited > 0.1


def test_a_folder_that_is_missing_is_left_for_the_database_to_tell(tmp_path: Path) -> None:
    with Turns(tmp_path / "nowhere").taken():
        assert not (tmp_path / "nowhere").exists()
