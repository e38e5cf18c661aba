"""Absences: the days when somebody is away, and who is given her new dossiers."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse
from wtforms import SelectField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # the published types are older

from guide import leaving
from guide.days import now, today, weekday_date
from guide.errors import AlreadyAwayError
from guide.models import Absence, StaffAccount
from guide.models.staff import Role
from guide.store import absences as store
from guide.store import accounts, desk
from guide.text import typeset
from guide.web.shared.forms import SentForm
from guide.web.shared.house import get_database
from guide.web.staff.fields import day_field, read_day
from guide.web.staff.guard import current_account


def add_routes(blueprint: Blueprint) -> None:
    """Add the page of the absences of somebody, and the way to take one back."""
    blueprint.add_url_rule("/agents/<uuid:account_id>/absences", "absences", absences, methods=["GET", "POST"])
    blueprint.add_url_rule("/absences/<uuid:absence_id>/fin", "end_absence", end_absence, methods=["POST"])


class AbsenceForm(SentForm):
    """From when, until when, and who is given the new dossiers."""

    first = day_field("Du")
    last = day_field("Au (compris)")
    colleague = SelectField("Qui reçoit les nouveaux dossiers ?", validate_choice=False)

    def __init__(self, absent: StaffAccount, assignable: Sequence[StaffAccount], **given: Any) -> None:
        """Colleagues of the same role, or officers: they see every dossier."""
        super().__init__(**given)
        roles = (absent.role, Role.OFFICER)
        people = [each for each in assignable if each.role in roles and each.id != absent.id]
        self.people = {str(each.id): each for each in people}
        self.colleague.choices = [
            SelectChoice("", "Personne (ils attendent son retour)"),
            *[SelectChoice(key, each.name) for key, each in self.people.items()],
        ]

    def validate_first(self, field: Any) -> None:
        """A day to come, or today."""
        read_day(field.data)

    def validate_last(self, field: Any) -> None:
        """Not before the first."""
        last = read_day(field.data)
        if not self.first.errors and last < read_day(self.typed("first")):
            raise ValidationError("Le dernier jour vient avant le premier.")

    def validate_colleague(self, field: SelectField) -> None:
        """One of the colleagues, or nobody."""
        if field.data and field.data not in self.people:
            raise ValidationError("Choisissez quelqu’un de la liste, ou personne.")

    @property
    def days(self) -> tuple[date, date]:
        """Both days; only once validated."""
        return read_day(self.typed("first")), read_day(self.typed("last"))


def absences(account_id: UUID) -> BaseResponse:
    """List the absences of somebody, and say a new one."""
    me = current_account()
    leaving.check_may_say(me, account_id)
    with get_database().reading() as session:
        absent = accounts.get_account(session, account_id)
        coming = store.list_coming(session, absent.id, today())
        people = {each.id: each for each in accounts.list_accounts(session)}
        form = AbsenceForm(absent, desk.list_assignable(session))
    if request.method == "POST" and form.validate():
        colleague = UUID(form.typed("colleague")) if form.typed("colleague") else None
        try:
            with get_database().writing() as session:
                leaving.say_absence(session, me, absent.id, form.days, colleague, at=now())
        except AlreadyAwayError as error:
            form.refuse("first", str(error))
        else:
            return _done(absent.id, "absence")
    said = {"absent": absent, "coming": coming, "people": people, "form": form, "done": request.args.get("fait")}
    return make_response(render_template("staff/absences.html", **said), 422 if form.problems else 200)


def end_absence(absence_id: UUID) -> BaseResponse:
    """Take an absence back."""
    with get_database().writing() as session:
        absent = leaving.end_absence(session, current_account(), absence_id)
    return _done(absent, "retour")


def _done(absent: UUID, what: str) -> BaseResponse:
    return redirect(url_for("staff.absences", account_id=absent, fait=what), 303)


def name_choices(people: Sequence[StaffAccount], away: Mapping[UUID, Absence]) -> list[SelectChoice]:
    """Name who may be given a dossier; of whoever is away, say until when, and who gets it meanwhile."""
    known = {each.id: each for each in people}
    choices = [SelectChoice("", "Choisir")]
    for each in people:
        said = f"{each.name} ({each.role.label})"
        if each.id in away:
            stand_in = store.find_stand_in(each.id, away, known)
            goes = f" : le dossier ira à {known[stand_in].name}" if stand_in != each.id else ""
            said += f", en congé jusqu’au {weekday_date(away[each.id].last_day)}{goes}"
        choices.append(SelectChoice(str(each.id), typeset(said)))
    return choices
