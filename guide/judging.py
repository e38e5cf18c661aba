"""Judging: an adviser says whether the orientation was right; her word becomes a reference case for the engine."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from guide.content.base import KnowledgeBase
from guide.errors import NotFoundError
from guide.handling import hold_referral, write_line
from guide.models import ReferenceCase, Referral, StaffAccount
from guide.models.journal import LineKind
from guide.profile import Profile
from guide.questionnaire import replay
from guide.store import reference_cases
from guide.text import typeset


def judge(
    session: Session,
    account: StaffAccount,
    reference: str,
    right_entry: str | None,
    *,
    knowledge: KnowledgeBase,
    at: datetime,
) -> None:
    """Say that the orientation was right (no entry), or which door was the right one; the last word counts.

    Raises NotFoundError when nothing was shown to the person, or for an entry that is nowhere.
    """
    referral = hold_referral(session, account, reference)
    shown = referral.shown["proposals"] if referral.shown else []
    if not shown or (right_entry is not None and right_entry not in knowledge.entries):
        raise NotFoundError
    first = str(shown[0]["id"])
    right, good = right_entry or first, right_entry in (None, first)
    case = reference_cases.find_case(session, referral.id)
    if case is not None and (case.good, case.right_entry) == (good, right):
        return
    if case is None:
        case = ReferenceCase(referral_id=referral.id, staff_id=account.id, at=at, good=good, right_entry=right)
        session.add(case)
    case.staff_id, case.at, case.good, case.right_entry = account.id, at, good, right
    text = "Bonne orientation" if good else typeset(f"La bonne porte : {knowledge.entries[right].name}")
    write_line(session, referral, LineKind.JUDGED, at=at, staff_id=account.id, text=text)


def list_cases(session: Session, knowledge: KnowledgeBase) -> list[dict[str, Any]]:
    """The cases as the gold set writes them (tests/gold/README.md), without a word, a name or a commune of anybody.

    Another commune of the same intercommunality takes the place of hers; the others are left out.
    """
    cases = reference_cases.list_cases(session)
    return [
        {
            "id": f"c{number:03}",
            "profile": _anonymous(referral, knowledge),
            "expected": [[case.right_entry]],
            "forbidden": [],
        }
        for number, (case, referral) in enumerate(cases, start=1)
        if case.right_entry in knowledge.entries
    ]


def _anonymous(referral: Referral, knowledge: KnowledgeBase) -> dict[str, Any]:
    given: dict[str, list[str]] = {}
    for name, value in referral.answers:
        given.setdefault(name, []).append(value)
    profile: Profile = replay(given, knowledge).profile
    epci, communes = next(iter(profile.epcis(knowledge)), None), knowledge.territory.communes.values()
    stand_in = min((commune.code for commune in communes if commune.epci.id == epci), default=None)
    said = profile.with_answers(commune=stand_in, other_communes=()).model_dump(mode="json")
    return {name: value for name, value in said.items() if value}
