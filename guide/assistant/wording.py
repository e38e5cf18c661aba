"""Wording: the answer in sentences, each made of what the base says and of ``knowledge/language/replies.yaml``."""

from collections.abc import Iterator, Sequence

from guide.assistant.models import Match, Paragraph
from guide.content.base import KnowledgeBase
from guide.content.language import Question
from guide.content.models import Entry
from guide.days import full_date
from guide.profile import Profile
from guide.text import capitalise, join_words, typeset
from guide.understanding.meaning import Meaning

_MOST_NEEDS_SAID = 3
_MOST_NAMES = 3


class Words:
    """Says things from the base."""

    def __init__(self, knowledge: KnowledgeBase) -> None:
        """Take the base."""
        self.knowledge = knowledge

    def say(self, sentence: str, link: str | None = None, **values: str) -> Paragraph:
        """Fill one sentence of the assistant with what the base says."""
        filled = self.knowledge.language.replies.sentences[sentence].format(**values)
        return Paragraph(typeset(capitalise(filled.strip())), link)

    def checked(self, entry: Entry) -> Paragraph:
        """When the entry was last checked, and how sure it is."""
        sentence = {"confirmed": "checked", "to_check": "to_check", "mention": "mention"}[entry.confidence]
        return self.say(sentence, date=full_date(entry.verified_on))

    def about(self, entry: Entry, question: Question | None, profile: Profile) -> Iterator[Paragraph]:
        """Answer one question about one entry, then say when it was checked."""
        answers = {
            "what": self._what,
            "contact": self._contact,
            "where": self._where,
            "cost": self._cost,
            "when": self._when,
            "join": self._join,
            "conditions": self._conditions,
            "prepare": self._prepare,
        }
        yield from answers.get(question or "what", self._what)(entry, profile)
        yield self.checked(entry)

    def _what(self, entry: Entry, profile: Profile) -> Iterator[Paragraph]:
        yield self.say("summary", entry.id, name=entry.name, summary=entry.summary)
        yield Paragraph(" ".join(entry.does[:2]))
        yield Paragraph(entry.does_not[0])
        yield from self._closed(entry, profile)

    def _contact(self, entry: Entry, _: Profile) -> Iterator[Paragraph]:
        if details := contact_details(entry):
            yield self.say("contact", entry.id, name=entry.short_name, details=details)
        elif (through := self.knowledge.entries.get(entry.contact.through or "")) and (
            details := contact_details(through)
        ):
            yield self.say(
                "contact_through", through.id, name=entry.short_name, through=through.short_name, details=details
            )
        else:
            yield self.say("no_contact", entry.id, name=entry.short_name, how_to_enter=entry.how_to_enter)
            return
        yield Paragraph(entry.how_to_enter)

    def _where(self, entry: Entry, _: Profile) -> Iterator[Paragraph]:
        if entry.territory.everywhere:
            yield self.say("where_all", entry.id, name=entry.short_name)
        else:
            places = join_words([self.knowledge.territory.epcis[epci].name for epci in entry.territory.epcis])
            yield self.say("where", entry.id, name=entry.short_name, places=places)
        if entry.territory.note:
            yield Paragraph(entry.territory.note)
        if entry.contact.address:
            yield Paragraph(entry.contact.address)

    def _cost(self, entry: Entry, _: Profile) -> Iterator[Paragraph]:
        if entry.cost:
            yield self.say("cost", entry.id, name=entry.short_name, cost=entry.cost)
        else:
            yield self.say("no_cost", entry.id, name=entry.short_name)

    def _when(self, entry: Entry, _: Profile) -> Iterator[Paragraph]:
        if entry.calendar:
            yield self.say("calendar", entry.id, name=entry.short_name, calendar=entry.calendar)
        else:
            yield self.say("no_calendar", entry.id, name=entry.short_name)
        if entry.availability.note:
            yield Paragraph(entry.availability.note)
        yield Paragraph(entry.how_to_enter)

    def _join(self, entry: Entry, profile: Profile) -> Iterator[Paragraph]:
        yield Paragraph(f"{capitalise(entry.short_name)}{chr(0xA0)}: {entry.how_to_enter}", entry.id)
        yield from (Paragraph(f"{step.title}. {step.text}") for step in entry.steps[:3])
        yield self.say("prepare", prepare=" ".join(entry.prepare[:2]))
        yield from self._closed(entry, profile)

    def _prepare(self, entry: Entry, _: Profile) -> Iterator[Paragraph]:
        yield self.say("prepare_for", entry.id, name=entry.short_name, prepare=" ".join(entry.prepare))
        yield Paragraph(entry.how_to_enter)

    def _conditions(self, entry: Entry, profile: Profile) -> Iterator[Paragraph]:
        yield self.say("audience", entry.id, name=entry.short_name, audience=entry.audience)
        for criterion, rule in entry.requires.items():
            answer = profile.answer(criterion)
            if answer is None:
                yield Paragraph(rule.check)
            elif answer not in rule.values:
                yield Paragraph(" ".join(filter(None, (rule.otherwise, rule.unlock))))

    def _closed(self, entry: Entry, profile: Profile) -> Iterator[Paragraph]:
        """Say first what a known answer rules out: nobody should call for nothing."""
        for criterion, rule in entry.requires.items():
            answer = profile.answer(criterion)
            if answer is not None and answer not in rule.values:
                yield Paragraph(" ".join(filter(None, (rule.otherwise, rule.unlock))))
                return

    def term(self, identifier: str) -> Iterator[Paragraph]:
        """Define one word of the glossary."""
        term = self.knowledge.terms[identifier]
        yield self.say("term", identifier, name=term.name, definition=term.definition)
        if term.example:
            yield self.say("term_example", example=term.example)

    def path(self, meaning: Meaning, profile: Profile, matches: Sequence[Match]) -> Iterator[Paragraph]:
        """Say what was understood, whom to call first and why, and who comes next."""
        entries = [self.knowledge.entries[match.id] for match in matches if match.kind != "term"]
        if profile.needs:
            said = [self.knowledge.needs[need].said for need in profile.needs[:_MOST_NEEDS_SAID]]
            sentence = "understood_need" if len(said) == 1 else "understood_needs"
            yield self.say(sentence, said=join_words(said))
        elif place := self._place(meaning, profile):
            yield self.say("here", place=place)
        if not entries:
            return
        first = entries[0]
        yield self.say("first", first.id, name=first.short_name, because=self.because(first, profile))
        yield Paragraph(first.how_to_enter)
        if len(entries) > 1:
            names = join_words([entry.short_name for entry in entries[1 : 1 + _MOST_NAMES]])
            yield self.say("then", names=names)
        yield self.checked(first)

    def _place(self, meaning: Meaning, profile: Profile) -> str | None:
        if profile.commune:
            return self.knowledge.territory.communes[profile.commune].at
        return meaning.where.pays[0].name if meaning.where.pays else None

    def because(self, entry: Entry, profile: Profile) -> str:
        """Why this entry, for the first need that it meets; else what it is for."""
        for need in profile.needs:
            if need in entry.needs:
                return entry.needs[need].because
        for theme in profile.themes:
            if theme in entry.themes:
                return entry.themes[theme]
        return entry.summary.rstrip(".")

    def compare(self, first: Entry, second: Entry) -> Iterator[Paragraph]:
        """Tell two entries apart."""
        yield self.say("summary", first.id, name=first.name, summary=first.summary)
        yield self.say("summary", second.id, name=second.name, summary=second.summary)
        for entry in (first, second):
            yield self.say("does_not", entry.id, name=entry.short_name, does_not=entry.does_not[0])
        yield self.checked(first)

    def human(self) -> Paragraph:
        """The human way in."""
        contact = self.knowledge.contact
        phone = f", {contact.phone} ({contact.phone_label})" if contact.phone and contact.phone_label else ""
        return self.say("human", "mission-ess", name=contact.name, phone=phone)

    def self_harm(self) -> Paragraph:
        """The national number, before anything else."""
        numbers = {number.id: number for number in self.knowledge.numbers}
        number, emergency = numbers["prevention-suicide"], numbers["samu"]
        return self.say(
            "self_harm", number=number.number, name=number.name, note=number.note or "", emergency=emergency.number
        )

    def outside(self, meaning: Meaning) -> Iterator[Paragraph]:
        """Say that a subject is not treated here, and whom to turn to when the base knows."""
        subject = meaning.outside
        if subject is None:
            yield self.say("off_topic_plain")
            return
        yield self.say("off_topic", said=subject.said)
        if subject.turn_to:
            yield Paragraph(subject.turn_to)
        for number in self.knowledge.numbers:
            if number.id == subject.number:
                yield Paragraph(f"{number.name}{chr(0xA0)}: {number.number}. {number.when}")


def contact_details(entry: Entry) -> str:
    """The ways to reach an entry, on one line; empty when there is none."""
    contact = entry.contact
    return join_words([part for part in (contact.phone, contact.email, contact.website, contact.address) if part], "ou")
