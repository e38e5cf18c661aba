"""The page of the pieces: what is judged there is judged for every page to come."""

import pytest
from playwright.sync_api import Browser

from guide.store.database import Database
from tests.browser.gestures import COOKIES, enrol_officer, judge, sign_in, title
from tests.browser.visitor import Screen, welcome

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [320, 1280])
def test_every_piece_in_every_state_is_accessible(
    width: int, server: str, browser: Browser, database: Database
) -> None:
    officer = welcome(browser, server, Screen(width))
    officer.cookies = COOKIES
    email, seed = enrol_officer(database)
    sign_in(officer.page, email, seed)
    officer.open("/equipe/composants")
    title(officer.page, "Composants")
    judge(officer)
    officer.check()
    officer.context.close()
