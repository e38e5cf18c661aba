"""The pause of a dossier: until when, why, and the way back."""

from datetime import date
from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse
from wtforms import StringField, ValidationError

from guide import pausing
from guide.days import now, today
from guide.errors import ClosedError
from guide.handling import find_referral
from guide.text import printable
from guide.web.shared.forms import SentForm
from guide.web.shared.house import get_database
from guide.web.staff.fields import day_field, read_day
from guide.web.staff.guard import current_account

_LONGEST = 200  # signs


def add_routes(blueprint: Blueprint) -> None:
    """Add the page of a pause, and its end."""
    blueprint.add_url_rule("/dossiers/<reference>/pause", "pause", pause, methods=["GET", "POST"])
    blueprint.add_url_rule("/dossiers/<reference>/reprise", "wake", wake, methods=["POST"])


class PauseForm(SentForm):
    """Until when, and why."""

    until = day_field("Jusqu’à quel jour ?")
    reason = StringField("Pourquoi ?", filters=[lambda text: printable(text or "", _LONGEST + 100).strip()])

    def validate_until(self, field: Any) -> None:
        """A day after this one."""
        if read_day(field.data) <= today():
            raise ValidationError("Choisissez un jour après aujourd’hui.")

    def validate_reason(self, field: Any) -> None:
        """A reason, for whoever reads the queue."""
        if not field.data:
            raise ValidationError("Dites pourquoi : vos collègues le liront dans la file.")
        if len(field.data) > _LONGEST:
            raise ValidationError(f"C’est trop long : {_LONGEST} signes au plus, il y en a {len(field.data)}.")

    @property
    def day(self) -> date:
        """The day that was chosen; only once validated."""
        return read_day(self.typed("until"))


def pause(reference: str) -> BaseResponse:
    """Put the dossier off until a day."""
    form = PauseForm()
    if request.method != "POST" or not form.validate():
        return _show(reference, form, 422 if form.problems else 200)
    try:
        with get_database().writing() as session:
            pausing.pause(session, current_account(), reference, form.day, form.typed("reason"), at=now())
    except ClosedError:
        return _show(reference, form, 409)
    return redirect(url_for("staff.dossier", reference=reference, fait="pause"), 303)


def _show(reference: str, form: PauseForm, status: int) -> BaseResponse:
    with get_database().reading() as session:
        referral = find_referral(session, current_account(), reference)
    return make_response(render_template("staff/pause.html", referral=referral, form=form), status)


def wake(reference: str) -> BaseResponse:
    """Take the dossier up again."""
    try:
        with get_database().writing() as session:
            pausing.wake(session, current_account(), reference, at=now())
    except ClosedError:
        return redirect(url_for("staff.dossier", reference=reference), 303)
    return redirect(url_for("staff.dossier", reference=reference, fait="reprise"), 303)
