"""Passing on: one dossier, or the whole desk of somebody, to a colleague."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse
from wtforms import SelectField, StringField, ValidationError

from guide import handing
from guide.days import now, today
from guide.errors import ClosedError, GuideError, NotHeldError, StaleError
from guide.handing import HELD, Handing
from guide.handling import find_referral
from guide.models import Absence, StaffAccount
from guide.models.referral import Body
from guide.models.staff import Role
from guide.store import absences, accounts, journal
from guide.store import desk as store
from guide.text import printable
from guide.web.shared.house import get_database
from guide.web.staff.absences import name_choices
from guide.web.staff.guard import current_account
from guide.web.staff.seen import SeenForm, refusal_of
from guide.web.staff.trail import tell

_LONGEST = 200  # signs


def add_routes(blueprint: Blueprint) -> None:
    """Add the page that passes a dossier on, and the one of a whole desk."""
    both = ["GET", "POST"]
    blueprint.add_url_rule("/dossiers/<reference>/passation", "hand_over", hand_over, methods=both)
    blueprint.add_url_rule("/agents/<uuid:account_id>/passation", "hand_desk", hand_desk, methods=both)


class HandingForm(SeenForm):
    """To whom, and why."""

    colleague = SelectField("À qui ?", validate_choice=False)
    reason = StringField("Pourquoi ?", filters=[lambda text: printable(text or "", _LONGEST + 100).strip()])

    def __init__(
        self, assignable: Sequence[StaffAccount], owner: UUID | None, away: Mapping[UUID, Absence], **given: Any
    ) -> None:
        """``owner``: who has what is passed on, and cannot be given it."""
        super().__init__(**given)
        self.people = {str(each.id): each for each in assignable if each.id != owner}
        self.colleague.choices = name_choices(list(self.people.values()), away)

    def validate_colleague(self, field: SelectField) -> None:
        """One of the colleagues."""
        if field.data not in self.people:
            raise ValidationError("Choisissez à qui.")

    def validate_reason(self, field: Any) -> None:
        """A reason, for the journal."""
        if not field.data:
            raise ValidationError("Dites pourquoi : le journal du dossier le gardera.")
        if len(field.data) > _LONGEST:
            raise ValidationError(f"C’est trop long : {_LONGEST} signes au plus, il y en a {len(field.data)}.")

    @property
    def handing(self) -> Handing:
        """What is asked, typed; only once validated."""
        return Handing(UUID(self.typed("colleague")), self.typed("reason"))


def hand_over(reference: str) -> BaseResponse:
    """Pass a dossier on where it stands; what was typed is kept whatever happens."""
    account = current_account()
    with get_database().reading() as session:
        referral = find_referral(session, account, reference)
        form = HandingForm(store.list_assignable(session), referral.assigned_to, absences.find_away(session, today()))
    if request.method != "POST" or not form.validate():
        return _show(reference, form, 422 if form.problems else 200)
    try:
        with get_database().writing() as session:
            handed = handing.hand_over(session, account, reference, form.handing, form.seen_version, at=now())
    except (StaleError, ClosedError, NotHeldError) as error:
        return _show(reference, form, 409, error)
    tell("referral_handed", account.id)
    if account.role is Role.ADVISER and handed.assigned_body is not Body.APES:  # no longer hers to open
        return redirect(url_for("staff.desk", fait="rendu"), 303)
    return redirect(url_for("staff.dossier", reference=reference, fait="passation"), 303)


def _show(reference: str, form: HandingForm, status: int, error: GuideError | None = None) -> BaseResponse:
    with get_database().reading() as session:
        referral = find_referral(session, current_account(), reference)
        lines = journal.list_lines(session, referral.id)
        owner = accounts.get_account(session, referral.assigned_to) if referral.assigned_to else None
    refusal = refusal_of(error, form, lines) if error else None
    if status != 422:
        form.show(referral, lines)
    said = {"referral": referral, "form": form, "refusal": refusal, "owner": owner, "held": referral.state in HELD}
    return make_response(render_template("staff/hand_over.html", **said), status)


def hand_desk(account_id: UUID) -> BaseResponse:
    """Pass every open dossier of somebody on, in one go."""
    with get_database().reading() as session:
        owner = accounts.get_account(session, account_id)
        form = HandingForm(store.list_assignable(session), owner.id, absences.find_away(session, today()))
        count = store.count_open_of(session).get(owner.id, 0)
    if request.method == "POST" and form.validate():
        with get_database().writing() as session:
            handing.hand_desk(session, current_account(), owner.id, form.handing, at=now())
        tell("desk_handed", owner.id, by=current_account().id)
        return redirect(url_for("staff.hand_desk", account_id=owner.id, fait="passation"), 303)
    said = {"owner": owner, "form": form, "count": count, "done": request.args.get("fait") == "passation"}
    return make_response(render_template("staff/hand_desk.html", **said), 422 if form.problems else 200)
