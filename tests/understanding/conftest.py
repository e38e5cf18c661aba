"""The real base, prepared once."""

import pytest

from guide.content.base import KnowledgeBase
from guide.understanding.understand import Understanding, prepare


@pytest.fixture(scope="session")
def understanding(knowledge: KnowledgeBase) -> Understanding:
    return prepare(knowledge)
