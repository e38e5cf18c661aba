"""What every test may ask for: the real knowledge base, read once, and the pace of Hypothesis."""

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis.vendor.pretty import RepresentationPrinter

from guide.content.base import KnowledgeBase
from guide.content.loader import load_knowledge
from guide.settings import ROOT
from guide.store.database import Database
from tests.databases import ENGINES, Engines

# No deadline: the machines are shared, and timings are measured by `make bench`, never asserted.
settings.register_profile("guide", max_examples=150, deadline=None)
settings.load_profile("guide")


class RealBase(KnowledgeBase):
    """The real base under a short name: printed whole (1.7 MB), it hides the answers that broke a test."""

    def __repr__(self) -> str:
        return f"<knowledge {self.version}>"

    def _repr_pretty_(self, printer: RepresentationPrinter, _in_a_cycle: bool) -> None:  # what Hypothesis asks for
        printer.text(repr(self))


@pytest.fixture(scope="session")
def knowledge() -> KnowledgeBase:
    base = load_knowledge(ROOT / "knowledge")
    return RealBase(**{field.name: getattr(base, field.name) for field in fields(base)})


@pytest.fixture(scope="session")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engines]:
    made = Engines(tmp_path_factory.mktemp("engines"))
    yield made
    made.close()


@pytest.fixture(params=ENGINES)
def database(request: pytest.FixtureRequest, engines: Engines, tmp_path: Path) -> Iterator[Database]:
    """An empty database: each test that asks for it runs on SQLite, then on PostgreSQL."""
    made = engines.empty(request.param, tmp_path)
    yield made
    made.close()
