"""The desk: what waits, in which state, for how long; found by name, reference or place."""

from flask import Blueprint, render_template, request

from guide.days import paris_day, today
from guide.models.referral import ReferralState
from guide.models.staff import Role
from guide.store import desk as store
from guide.store.desk import Filters
from guide.text import printable
from guide.web.shared.house import get_database, get_knowledge
from guide.web.shared.presenters import query_string
from guide.web.staff.guard import current_account

_LONGEST = 120
_LAST_PAGE = 10_000


def add_routes(blueprint: Blueprint) -> None:
    """Add the desk."""
    blueprint.add_url_rule("", "desk", desk)


def read_filters() -> Filters:
    """Read the filters of the address; an unknown value is as good as none."""
    states = {state.value: state for state in ReferralState}
    given, knowledge = request.args, get_knowledge()
    epci, stage = given.get("epci", ""), given.get("etape", "")
    return Filters(
        state=states.get(given.get("etat", "")),
        epci=epci if epci in knowledge.territory.epcis else None,
        stage=stage if stage in knowledge.questions["stage"].options else None,
        mine=given.get("moi") == "1",
        q=printable(given.get("q", ""), _LONGEST).strip(),
    )


def desk() -> str:
    """Count by state, list what matches, and say what is asked by telephone."""
    account, filters = current_account(), read_filters()
    with get_database().reading() as session:
        counts = store.count_by_state(session, account)
        listed = store.list_referrals(session, account, filters, _page())
        tasks = store.list_tasks(session) if account.role is Role.OFFICER else []
    return render_template(
        "staff/desk.html",
        filters=filters,
        counts=counts,
        listed=listed,
        tasks=tasks,
        days_waiting=lambda moment: (today() - paris_day(moment)).days,
        states=list(ReferralState),
        epcis=sorted((get_knowledge().structures[key].name, key) for key in get_knowledge().territory.epcis),
        address_with=_address_with,
    )


def _page() -> int:
    page = request.args.get("page", "1")
    return max(1, min(_LAST_PAGE, int(page))) if page.isascii() and page.isdigit() and len(page) < 6 else 1


def _address_with(**changes: str | None) -> str:
    """The same list with one filter changed; the page starts again."""
    kept = {name: value for name, value in request.args.items() if name != "page" and value} | changes
    return f"/equipe{query_string([(name, value) for name, value in kept.items() if value])}"
