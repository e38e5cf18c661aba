"""The introductions of a dossier: propose structures, record what they answer, and after a no propose another."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from guide import introducing
from guide.days import now, today
from guide.errors import GuideError, NotFoundError
from guide.handling import find_referral
from guide.models import Introduction, JournalLine, Referral
from guide.models.introduction import INTRODUCTION_MOVES
from guide.orientation import propose
from guide.questionnaire import replay
from guide.store import journal, referrals
from guide.web.shared.house import get_database, get_knowledge
from guide.web.shared.presenters import entry_name
from guide.web.staff.guard import current_account
from guide.web.staff.introduction_forms import AnswerForm, DoorsForm, Suggestion
from guide.web.staff.introduction_words import draft, with_sheets
from guide.web.staff.seen import refusal_of
from guide.web.staff.trail import tell

_BY_PERSON = "La personne l’a choisie elle-même et a donné son accord."


def add_routes(blueprint: Blueprint) -> None:
    """Add the pages of the introductions of a dossier."""
    both = ["GET", "POST"]
    folder = "/dossiers/<reference>/mises-en-relation"
    blueprint.add_url_rule(folder, "introduce", introduce, methods=both)
    blueprint.add_url_rule(f"{folder}/<uuid:introduction_id>", "introduction", introduction, methods=both)


@dataclass(frozen=True, slots=True)
class _Case:
    """A dossier, as the pages of its introductions need it."""

    referral: Referral
    lines: Sequence[JournalLine]
    introductions: Sequence[Introduction]

    @property
    def suggestions(self) -> list[Suggestion]:
        """The doors that the orientation gives today, those that the person chose first."""
        knowledge = get_knowledge()
        path = propose(replay(given(self.referral.answers), knowledge).profile, knowledge, today())
        reasons = {each.entry.id: [reason.text for reason in each.reasons[:2]] for each in path.proposals}
        taken = {each.entry for each in self.introductions if each.is_open and each.channel}
        chosen = [each.entry for each in self.introductions if each.is_open and each.channel is None]
        listed = [entry for entry in dict.fromkeys([*chosen, *reasons]) if entry not in taken]
        return [
            Suggestion(
                knowledge.entries[entry],
                reasons.get(entry, []) or ([_BY_PERSON] if entry in chosen else []),
                by_person=entry in chosen,
                agreed=entry in chosen,
            )
            for entry in listed
            if entry in knowledge.entries
        ]


def given(pairs: Sequence[Sequence[str]]) -> dict[str, list[str]]:
    """The answers of a referral, as the questionnaire replays them."""
    answers: dict[str, list[str]] = {}
    for name, value in pairs:
        answers.setdefault(name, []).append(value)
    return answers


def _read(reference: str) -> _Case:
    with get_database().reading() as session:
        referral = find_referral(session, current_account(), reference)
        return _Case(
            referral, journal.list_lines(session, referral.id), referrals.list_introductions(session, referral.id)
        )


def introduce(reference: str) -> BaseResponse:
    """Propose structures to the person, with the reasons of the orientation or freely."""
    case, account = _read(reference), current_account()
    form = DoorsForm(case.suggestions, get_knowledge())
    if request.method != "POST":
        form.word.data = draft(case.referral, account)
        return _show_doors(case, form)
    if not form.validate():
        return _show_doors(case, form, status=422)
    doors, message = form.chosen, with_sheets(form.typed("word"), form.chosen, get_knowledge())
    try:
        with get_database().writing() as session:
            introducing.introduce(
                session,
                account,
                reference,
                doors,
                version=form.seen_version,
                message=message,
                knowledge=get_knowledge(),
                at=now(),
            )
    except NotFoundError:
        raise
    except GuideError as error:
        return _show_doors(_read(reference), form, status=409, error=error)
    tell("introduced", account.id)
    return _done(reference, "proposition")


def _show_doors(case: _Case, form: DoorsForm, *, status: int = 200, error: GuideError | None = None) -> BaseResponse:
    refusal = refusal_of(error, form, case.lines) if error else None
    if status != 422:
        form.show(case.referral, case.lines)
    page = render_template("staff/introduce.html", referral=case.referral, form=form, refusal=refusal)
    return make_response(page, status)


def introduction(reference: str, introduction_id: UUID) -> BaseResponse:
    """Record what came of an introduction: the state is chosen from the table, then said with the right words."""
    case, account, knowledge = _read(reference), current_account(), get_knowledge()
    chosen = next((each for each in case.introductions if each.id == introduction_id), None)
    if chosen is None:
        raise NotFoundError
    form = AnswerForm(case.suggestions, knowledge, agreed=chosen.agreed_at is not None)
    if request.method != "POST":
        form.to.data = request.args.get("vers", "")
        if form.state in INTRODUCTION_MOVES[chosen.state]:
            form.word.data = draft(case.referral, account, name=entry_name(chosen.entry, knowledge), to=form.state)
        else:
            form.to.data = ""
        return _show_answer(case, chosen, form)
    if form.state is None or not form.validate():
        return _show_answer(case, chosen, form, status=422)
    answer = form.answer
    if answer.message and answer.instead.chosen:
        answer = replace(answer, message=with_sheets(answer.message, answer.instead, knowledge))
    try:
        with get_database().writing() as session:
            introducing.record_answer(
                session,
                account,
                reference,
                introduction_id,
                answer,
                version=form.seen_version,
                knowledge=knowledge,
                at=now(),
            )
    except NotFoundError:
        raise
    except GuideError as error:
        return _show_answer(_read(reference), chosen, form, status=409, error=error)
    tell("introduction_answered", account.id)
    return _done(reference, "reponse")


def _show_answer(
    case: _Case, chosen: Introduction, form: AnswerForm, *, status: int = 200, error: GuideError | None = None
) -> BaseResponse:
    refusal = refusal_of(error, form, case.lines) if error else None
    current = next(each for each in case.introductions if each.id == chosen.id)
    if status != 422:
        form.show(case.referral, case.lines)
    page = render_template(
        "staff/introduction.html",
        referral=case.referral,
        introduction=current,
        moves=INTRODUCTION_MOVES[current.state],
        form=form,
        state=form.state or current.state,
        refusal=refusal,
    )
    return make_response(page, status)


def _done(reference: str, what: str) -> BaseResponse:
    return redirect(url_for("staff.dossier", reference=reference, fait=what), 303)
