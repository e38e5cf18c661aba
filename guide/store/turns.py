"""Turns to write in a SQLite file: the threads and the processes of the service wait here for each other.

SQLite lets who waits sleep longer and longer, up to a tenth of a second, and forgets who came first: under eight people
one request out of a hundred waited a whole second. This is a courtesy and not the lock: whoever has waited long enough
goes and asks SQLite, so that nobody waits much longer than its busy timeout when a stranger keeps the file.
"""

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

_PATIENCE = 0.5  # seconds, for the threads of the process and then for the other processes
_GLANCE = 0.0005  # seconds between two looks at the other processes


class Turns:
    """The turns of one database: a lock in the process, and the folder of the file, locked, between processes."""

    def __init__(self, folder: Path) -> None:
        """Nothing is opened before the first turn: processes that are forked must not share it."""
        self._folder = folder
        self._thread = threading.Lock()

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Take one's turn, or go on without it after a while; a process that is killed gives it back."""
        with ExitStack() as held:
            if self._thread.acquire(timeout=_PATIENCE):
                held.callback(self._thread.release)
                with suppress(OSError):  # no such folder: the database itself says it better
                    folder = os.open(self._folder, os.O_RDONLY)
                    held.callback(os.close, folder)
                    _wait_for(folder)
            yield


def _wait_for(folder: int) -> None:
    for _ in range(int(_PATIENCE / _GLANCE)):
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            time.sleep(_GLANCE)
