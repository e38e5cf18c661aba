"""Every entry, project and practice through axe: long, hence apart from the other tests. ``make sweep``."""

from collections.abc import Callable

import pytest

from guide.content.loader import load_knowledge
from guide.settings import ROOT
from tests.browser.gestures import judge
from tests.browser.visitor import Screen, Visitor

pytestmark = pytest.mark.browser
BASE = load_knowledge(ROOT / "knowledge")
ADDRESSES = [
    *(entry.page_url for entry in BASE.entries.values()),
    *(f"/projets-inspirants/{project}" for project in BASE.projects),
    *(f"/cooperation/{practice}" for practice in BASE.practices),
    *(f"/annuaire?epci={epci}" for epci in BASE.territory.epcis),
    *(f"/qui-fait-quoi?need={need}" for need in BASE.needs),
]


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("address", ADDRESSES)
def test_axe_finds_nothing(address: str, width: int, invite: Callable[[Screen], Visitor]) -> None:
    visitor = invite(Screen(width))
    visitor.open(address)
    judge(visitor)
