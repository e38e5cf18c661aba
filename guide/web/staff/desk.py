"""The desk: what is late, what waits and since when; found by name, project, reference or place."""

from collections.abc import Sequence

from flask import Blueprint, render_template, request
from sqlmodel import Session

from guide.days import now, paris_day
from guide.deadlines import Limits, draw_limits
from guide.models.staff import Role
from guide.spelling import respell
from guide.store import absences, accounts, duplicates, narrowing, queue
from guide.store import desk as store
from guide.store.queue import Row
from guide.text import normalise
from guide.web.shared.house import get_database, get_knowledge, get_settings
from guide.web.staff.guard import current_account
from guide.web.staff.queue_address import address_with, list_choices, page_address, read_asked
from guide.web.staff.queue_words import Words, group_rows

_MOST_PRINTED = 500  # dossiers


def add_routes(blueprint: Blueprint) -> None:
    """Add the desk, and its list to print."""
    blueprint.add_url_rule("", "desk", desk)
    blueprint.add_url_rule("/comite", "committee", committee)


def desk() -> str:
    """Count by tab, list what is asked, what is late first, and say what is asked by telephone."""
    account, asked = current_account(), read_asked(now(), current_account())
    with get_database().reading() as session:
        counted, day = absences.list_counted(session, paris_day(asked.at)), paris_day(asked.at)
        limits = draw_limits(asked.at, get_settings().delays, absences.leaves_of(counted))
        counts = queue.count_tabs(session, account, asked.filters, limits)
        page = queue.list_page(session, account, asked.tab, asked.filters, limits, after=asked.after)
        words = _gather(session, page.rows, limits)
        visit = account.previous_visit_at
        since = narrowing.count_since(session, account, visit) if visit else (0, 0)
        tasks = store.list_tasks(session) if account.role is Role.OFFICER else []
        found = page.rows or not asked.typed
        meant = None if found else _respell(narrowing.list_known_words(session, account), asked.typed)
    return render_template(
        "staff/desk.html",
        asked=asked,
        given_back=request.args.get("fait") == "rendu",
        counts=counts,
        groups=group_rows(page.rows, words),
        next_page=page_address(asked, page.next) if page.next else None,
        since=since,
        tasks=tasks,
        away=[(words.team[each.account_id], each) for each in counted if each.first_day <= day <= each.last_day],
        team=words.team,
        meant=meant,
        tabs=queue.Tab,
        choices=list_choices(get_knowledge(), words.team.values()),
        address_with=address_with,
    )


def committee() -> str:
    """The same list, whole and on paper, for the committee that follows the dossiers; without names unless asked."""
    account, asked = current_account(), read_asked(now(), current_account())
    with get_database().reading() as session:
        leaves = absences.find_leaves(session, paris_day(asked.at))
        limits = draw_limits(asked.at, get_settings().delays, leaves)
        page = queue.list_page(session, account, asked.tab, asked.filters, limits, size=_MOST_PRINTED)
        words = _gather(session, page.rows, limits)
    return render_template(
        "staff/committee.html",
        asked=asked,
        groups=group_rows(page.rows, words),
        named=request.args.get("noms") == "oui",
        cut=page.next,
        address_with=address_with,
    )


def _gather(session: Session, rows: Sequence[Row], limits: Limits) -> Words:
    return Words(
        limits=limits,
        delays=get_settings().delays,
        knowledge=get_knowledge(),
        team={account.id: account for account in accounts.list_accounts(session)},
        awaited=queue.list_awaited(session, rows),
        shared=duplicates.find_shared(session, current_account(), rows),
        unanswered=queue.list_unanswered(session, rows),
    )


def _respell(known: set[str], typed: str) -> str | None:
    spelt = respell(normalise(typed).split(), known | get_knowledge().territory.words)
    return " ".join(spelt) if spelt else None
