"""The forms of an introduction: which doors, who makes the first step; what was answered, and what follows a no."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from wtforms import BooleanField, HiddenField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms import ValidationError as Wrong
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # the published types are older

from guide.content.base import KnowledgeBase
from guide.content.models import Entry
from guide.introducing import Answer, Door, Doors
from guide.models.introduction import (
    ENDINGS,
    IntroductionChannel,
    IntroductionState,
    NextStep,
    RefusalReason,
)
from guide.text import normalise, printable
from guide.web.shared.presenters import KINDS
from guide.web.staff.fields import bounded, day_field, labels, long_text, read_day, written
from guide.web.staff.seen import SeenForm

_NOBODY = SelectChoice("", "Choisir une fiche")
_LONGEST_REASON = 400  # signs


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A door that the orientation proposes today, or that the person chose herself."""

    entry: Entry
    reasons: Sequence[str]
    by_person: bool
    agreed: bool


class DoorsForm(SeenForm):
    """Some doors, suggested or freely chosen, and the message that goes with them."""

    doors = SelectMultipleField("Les structures à proposer", choices=[], validate_choice=False)
    other = SelectField("Une autre fiche, librement", validate_choice=False)
    other_because = StringField(
        "Pourquoi cette fiche", filters=[lambda text: printable(text or "", _LONGEST_REASON + 1).strip()]
    )
    channel = RadioField(
        "Qui fait le premier pas ?", choices=labels(IntroductionChannel), default="self", validate_choice=False
    )
    agreed = BooleanField("La personne m’a dit être d’accord pour que sa demande soit transmise")
    word = long_text("Le message pour la personne")

    def __init__(self, suggestions: Sequence[Suggestion], knowledge: KnowledgeBase, **given: Any) -> None:
        """``suggestions``: the doors to tick; any entry of the base may be chosen besides."""
        super().__init__(**given)
        self.suggestions: Mapping[str, Suggestion] = {each.entry.id: each for each in suggestions}
        self.knowledge = knowledge
        self.other.choices = [_NOBODY, *entry_choices(knowledge)]

    def validate_doors(self, field: SelectMultipleField) -> None:
        """At least one door, among those shown."""
        if not set(field.data or ()) <= self.suggestions.keys():
            raise Wrong("Choisissez parmi les structures proposées, ou dans la liste.")
        if not field.data and not self.other.data and self.wants_a_door:
            raise Wrong("Choisissez au moins une structure.")

    def validate_other(self, field: SelectField) -> None:
        """An entry of the base."""
        if field.data and field.data not in self.knowledge.entries:
            raise Wrong("Choisissez une fiche de la liste.")

    def validate_other_because(self, field: StringField) -> None:
        """A sentence."""
        if len(field.data or "") > _LONGEST_REASON:
            raise Wrong(f"Une phrase suffit : {_LONGEST_REASON} signes au plus.")

    def validate_channel(self, field: RadioField) -> None:
        """One of the ways."""
        if field.data not in {each.value for each in IntroductionChannel}:
            raise Wrong("Dites qui fait le premier pas.")

    def validate_agreed(self, field: BooleanField) -> None:
        """Nothing is passed on without the person's agreement."""
        known = {entry for entry, each in self.suggestions.items() if each.agreed}
        asked = {door.entry for door in self.chosen.chosen} - known
        if asked and self.channel.data == IntroductionChannel.RELAYED and not field.data:
            raise Wrong("Demandez d’abord à la personne si elle est d’accord, puis cochez la case.")

    def validate_word(self, field: Any) -> None:
        """A message: nobody discovers a proposal alone."""
        written(field)

    @property
    def wants_a_door(self) -> bool:
        """Whether nothing can be done without a door."""
        return True

    @property
    def chosen(self) -> Doors:
        """The doors, each with the reason that the person will read."""
        doors = [
            Door(entry, next(iter(self.suggestions[entry].reasons), None))
            for entry in self.doors.data or ()
            if entry in self.suggestions
        ]
        if self.typed("other") and self.typed("other") not in {door.entry for door in doors}:
            doors.append(Door(self.typed("other"), self.typed("other_because") or None))
        channel = _CHANNELS.get(self.channel.data or "", IntroductionChannel.SELF)
        return Doors(doors, channel, bool(self.agreed.data))


_CHANNELS = {each.value: each for each in IntroductionChannel}


@lru_cache(maxsize=4)
def entry_choices(knowledge: KnowledgeBase) -> list[SelectChoice]:
    """Every entry of the base, by name."""
    listed = sorted(knowledge.entries.values(), key=lambda entry: normalise(entry.name))
    return [SelectChoice(entry.id, f"{entry.name} ({KINDS[entry.kind].lower()})") for entry in listed]


class AnswerForm(DoorsForm):
    """What came of an introduction; for an ending, what is done next and which doors are proposed instead."""

    to = HiddenField()
    reasons = SelectMultipleField("Pourquoi ce refus ?", choices=labels(RefusalReason), validate_choice=False)
    right_entry = SelectField("La bonne porte, d’après la structure", validate_choice=False)
    next_step = RadioField("Que fait-on ensuite ?", choices=labels(NextStep), validate_choice=False)
    next_on = day_field("Quel jour ?")

    def __init__(
        self, suggestions: Sequence[Suggestion], knowledge: KnowledgeBase, *, agreed: bool, **given: Any
    ) -> None:
        """``agreed``: the person already agreed to this introduction."""
        super().__init__(suggestions, knowledge, **given)
        self.already_agreed = agreed
        self.right_entry.choices = [_NOBODY, *entry_choices(knowledge)]

    @property
    def state(self) -> IntroductionState | None:
        """The new state, None when there is no such state."""
        return {each.value: each for each in IntroductionState}.get(self.typed("to"))

    @property
    def ends(self) -> bool:
        """Whether the person needs another door after it."""
        return self.state in ENDINGS

    @property
    def wants_a_door(self) -> bool:
        """Only a re-orientation cannot be done without one."""
        return bool(self.next_step.data == NextStep.REORIENT)

    def validate_agreed(self, field: BooleanField) -> None:
        """Nothing is passed on without the person's agreement."""
        if self.state is IntroductionState.SENT and not self.already_agreed and not field.data:
            raise Wrong("Demandez d’abord à la personne si elle est d’accord, puis cochez la case.")
        super().validate_agreed(field)

    def validate_reasons(self, field: SelectMultipleField) -> None:
        """A refusal has a reason of the list."""
        known = {each.value for each in RefusalReason}
        if self.state is IntroductionState.DECLINED and (not field.data or not set(field.data) <= known):
            raise Wrong("Cochez au moins une raison : elle sert au bilan et aux prochaines orientations.")

    def validate_right_entry(self, field: SelectField) -> None:
        """Whoever says "not us" says who."""
        if field.data and field.data not in self.knowledge.entries:
            raise Wrong("Choisissez une fiche de la liste.")
        if RefusalReason.WRONG_DOOR in (self.reasons.data or ()) and not field.data:
            raise Wrong("Choisissez la bonne porte : demandez-la à la structure.")

    def validate_next_step(self, field: RadioField) -> None:
        """Nobody is left with a no."""
        if field.data and field.data not in {each.value for each in NextStep}:
            raise Wrong("Choisissez ce que l’on fait ensuite.")
        if self.state is IntroductionState.DECLINED and not field.data:
            raise Wrong("Choisissez ce que l’on fait ensuite : un refus ne se note pas sans suite.")

    def validate_next_on(self, field: StringField) -> None:
        """A day, when the next step is on a day."""
        if self.next_step.data in (NextStep.CALL, NextStep.WAIT) and not field.data:
            raise Wrong("Donnez le jour.")
        if field.data:
            read_day(field.data)

    def validate_word(self, field: Any) -> None:
        """A refusal is said with words; elsewhere silence is allowed."""
        written(field) if self.state is IntroductionState.DECLINED or self.chosen.chosen else bounded(field)

    @property
    def answer(self) -> Answer:
        """What is recorded, typed; what does not go with the new state is left aside."""
        state = IntroductionState.of(self.typed("to"))
        declined = state is IntroductionState.DECLINED
        step = NextStep.of(self.typed("next_step")) if self.ends and self.next_step.data else None
        return Answer(
            to=state,
            message=self.typed("word") or None,
            agreed=bool(self.agreed.data),
            reasons=[RefusalReason.of(reason) for reason in self.reasons.data or ()] if declined else (),
            right_entry=self.typed("right_entry") or None if declined else None,
            next_step=step,
            next_on=read_day(self.typed("next_on")) if step and self.typed("next_on") else None,
            instead=self.chosen if self.ends else Doors(),
        )
