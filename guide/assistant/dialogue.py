"""The dialogue: one message, one answer, one question at most, and always something that one can do now."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from guide.assistant.models import MOST_ABOUT, Ask, Choice, Context, Match, Paragraph, Reply, ReplyKind
from guide.assistant.profiling import add_to_profile, read_answer
from guide.assistant.ranking import rank
from guide.assistant.wording import Words
from guide.content.base import KnowledgeBase
from guide.content.language import AskedSlot
from guide.content.models import Entry
from guide.profile import Profile
from guide.understanding.meaning import Meaning
from guide.understanding.understand import prepare

_SURELY_OUTSIDE = 1.5  # weight of a subject that is not ours
_SURELY_INSIDE = 1.7  # weight of one thing that is ours, which then wins
_SURELY_ASKING = 2.0  # weight of one thing that is ours, which makes an insult a way of speaking
_WITH_OUR_WORDS = 1.5  # times more is asked of a subject that is not ours, beside words that are
_IN_PASSING = 4.0  # words that may lead somewhere, for each part of a subject that is not ours
_FEW_WORDS = 3  # that may lead somewhere, in a question about what was just shown
_BY_DEFAULT = 0.5  # of the certainty of a human door, when it was not asked for
_HUMAN_DOORS = 3
_NOTHING = 0.55  # weight under which nothing of ours was said
_MOST_CHOICES = 6


def reply(message: str, profile: Profile, context: Context, knowledge: KnowledgeBase, on: date) -> Reply:
    """Answer one message, from what it says, what one knows already and what was just spoken of."""
    meaning = prepare(knowledge).read(message)
    words = Words(knowledge)
    if is_hostile(meaning):
        return Reply("off_topic", (words.say("hostile"),), (), profile, context, meaning)
    answered = read_answer(context, message, knowledge)
    if not answered and is_outside(meaning):
        return Reply(
            "off_topic", tuple(words.outside(meaning)), (), profile, context, meaning, suggestions=_openers(knowledge)
        )
    return _Turn(_Given(message, profile, context, knowledge, on, meaning, bool(answered))).answer()


def is_hostile(meaning: Meaning) -> bool:
    """Whether a message deserves no answer; somebody angry who asks for something deserves one."""
    asks = meaning.inside_weight >= _SURELY_ASKING or any(each.owner.kind == "entry" for each in meaning.named)
    return meaning.attacking or (meaning.insulting and not meaning.feeling and not asks)


def is_outside(meaning: Meaning) -> bool:
    """Whether a message speaks of something else than a project, and not only in passing."""
    if meaning.feeling or any(each.owner.kind == "entry" for each in meaning.named):
        return False
    if meaning.foreign:
        return True
    told = sum(word.content for word in meaning.words)
    least = max(_SURELY_OUTSIDE, told / _IN_PASSING) * (_WITH_OUR_WORDS if meaning.ours else 1)
    return meaning.outside is not None and meaning.outside_weight >= least and meaning.inside_weight < _SURELY_INSIDE


class _Given(NamedTuple):
    """What one turn starts from."""

    message: str
    profile: Profile
    context: Context
    knowledge: KnowledgeBase
    on: date
    meaning: Meaning
    answered: bool


class _Turn:
    """One turn of the conversation."""

    def __init__(self, given: "_Given") -> None:
        self.knowledge, self.meaning, self.context = given.knowledge, given.meaning, given.context
        self.on = given.on
        self.words = Words(self.knowledge)
        self.answered = given.answered
        meaning = self.meaning
        self.distress = meaning.feeling == "self_harm" or meaning.heavy
        self.followed = [] if self.answered else self._followed()
        learnt = add_to_profile(given.profile, meaning, self.context, given.message, self.knowledge)
        self.profile = given.profile if self.followed else learnt
        alone = meaning.heavy and set(meaning.needs) <= {"etre-ecoute"}
        human = alone or meaning.wants_human or meaning.feeling == "self_harm"
        ranked = rank(meaning, self.profile, self.knowledge, given.on, asks_human=human)
        self.matches = tuple(ranked or rank(meaning, self.profile, self.knowledge, given.on, asks_human=True))

    def _followed(self) -> list[Entry]:
        """What one still talks about: "c'est gratuit ?" after an answer names nothing new."""
        meaning, where = self.meaning, self.meaning.where
        if meaning.named or where.communes or where.pays or not self.context.about:
            return []
        short = sum(word.content for word in meaning.words) <= _FEW_WORDS
        asks = meaning.question not in (None, "who") and short
        if not asks and not (meaning.follow_up and not meaning.needs):
            return []
        return [self.knowledge.entries[name] for name in self.context.about if name in self.knowledge.entries]

    def answer(self) -> Reply:
        """Choose the kind of answer, then say it: somebody first, then what is asked of a name, then the path."""
        if self.distress or self.meaning.wants_human:
            return self._handoff()
        if self.meaning.where.elsewhere and not self.meaning.where.communes:
            return self._elsewhere()
        if self.followed:
            return self._about(self.followed[0])
        return self._about_names() or self._about_project()

    def _about_names(self) -> Reply | None:
        """What a message asks of the entries or the terms that it names; None when it asks nothing of them."""
        question = self.meaning.question
        named = [self.knowledge.entries[name] for name in self._named("entry")]
        if question == "compare" and len(named) > 1:
            paragraphs = list(self.words.compare(named[0], named[1]))
            return self._say("answer", paragraphs, named, comparison=(named[0].id, named[1].id))
        if named and (question not in (None, "who") or not self.meaning.needs):
            return self._about(named[0])
        terms = self._named("term")
        if terms and not named and question in ("what", "compare"):
            return self._say("answer", [said for term in terms for said in self.words.term(term)], [])
        return None

    def _about_project(self) -> Reply:
        """The path of a project, as far as one knows it."""
        if self._knows_enough():
            return self._path()
        if terms := self._named("term"):
            return self._say("answer", list(self.words.term(terms[0])), [])
        return self._not_understood()

    def _named(self, kind: str) -> list[str]:
        return list(dict.fromkeys(each.owner.id for each in self.meaning.named if each.owner.kind == kind))

    def _knows_enough(self) -> bool:
        meaning = self.meaning
        said = (
            meaning.needs
            or meaning.where.communes
            or meaning.where.pays
            or meaning.where.doubtful
            or meaning.themes
            or meaning.answers
        )
        return bool(said or self.answered or meaning.inside_weight >= _NOTHING)

    def _about(self, entry: Entry) -> Reply:
        paragraphs = list(self.words.about(entry, self.meaning.question, self.profile))
        return self._say("answer", paragraphs, [entry])

    def _path(self) -> Reply:
        ask = self._ask()
        kind: ReplyKind = "clarify" if ask and ask.slot in ("which_commune", "needs") else "orientation"
        return self._say(kind, list(self.words.path(self.meaning, self.profile, self.matches)), [], ask=ask)

    def _handoff(self) -> Reply:
        paragraphs: list[Paragraph] = []
        numbers: tuple[str, ...] = ()
        if self.meaning.feeling == "self_harm":
            paragraphs.append(self.words.self_harm())
            numbers = ("prevention-suicide", "samu")
        elif self.meaning.feeling:
            paragraphs.append(self.words.say("tired"))
        paragraphs.append(self.words.human())
        return self._say("handoff", paragraphs, [], numbers=numbers)

    def _elsewhere(self) -> Reply:
        said = self.words.say("elsewhere", place=self.meaning.where.elsewhere or "")
        self.matches = tuple(rank(self.meaning, self.profile, self.knowledge, self.on, asks_human=True))[:_HUMAN_DOORS]
        return self._say("handoff", [said, self.words.human()], [])

    def _not_understood(self) -> Reply:
        doors = rank(self.meaning, self.profile, self.knowledge, self.on, asks_human=True)
        self.matches = tuple(match._replace(score=round(match.score * _BY_DEFAULT, 2)) for match in doors)
        if self.meaning.greeting:
            sentence = "thanks" if self.context.about else "greeting"
            return self._say("clarify", [self.words.say(sentence)], [], ask=None if self.context.about else self._ask())
        return self._say("handoff", [self.words.say("not_understood")], [])

    def _say(
        self,
        kind: ReplyKind,
        paragraphs: Sequence[Paragraph],
        about: Sequence[Entry],
        *,
        ask: Ask | None = None,
        comparison: tuple[str, str] | None = None,
        numbers: tuple[str, ...] = (),
    ) -> Reply:
        spoken = [entry.id for entry in about] or [match.id for match in self.matches]
        context = Context(
            asked=(*self.context.asked, *((ask.slot,) if ask else ())),
            about=tuple(spoken[:MOST_ABOUT]),
            denied=tuple(dict.fromkeys((*self.context.denied, *self.meaning.denied))),
        )
        return Reply(
            kind=kind,
            paragraphs=tuple(paragraphs),
            matches=self._lead(about),
            profile=self.profile,
            context=context,
            meaning=self.meaning,
            ask=ask,
            suggestions=self._suggest(spoken),
            comparison=comparison,
            numbers=numbers,
        )

    def _lead(self, about: Sequence[Entry]) -> tuple[Match, ...]:
        """The matches, those that the answer is about first."""
        known = {match.id: match for match in self.matches if match.kind != "term"}
        leading = [known.get(entry.id) or Match(entry.id, entry.kind, 0.9, entry.short_name) for entry in about]
        return (*leading, *[match for match in self.matches if match not in leading])[
            : max(len(self.matches), len(leading))
        ]

    def _ask(self) -> Ask | None:
        """The most useful question not asked yet, one at a time."""
        for slot in self._missing():
            if slot not in self.context.asked:
                return Ask(slot, self.knowledge.language.replies.asks[slot], self._choices(slot))
        return None

    def _missing(self) -> list[AskedSlot]:
        profile = self.profile
        missing: list[AskedSlot] = []
        if self.meaning.where.doubtful:
            missing.append("which_commune")
        if not profile.needs:
            missing.append("needs")
        if not profile.places and not self.meaning.where.pays:
            missing.append("commune")
        if profile.stage is None:
            missing.append("stage")
        if profile.holder is None:
            missing.append("holder")
        return missing

    def _choices(self, slot: AskedSlot) -> tuple[Choice, ...]:
        if slot == "which_commune":
            return tuple(Choice(commune.code, commune.name) for commune in self.meaning.where.doubtful[:_MOST_CHOICES])
        if slot == "needs":
            likely = sorted(self.meaning.evidence.items(), key=lambda pair: -pair[1].weight)
            likely_needs = [owner.id for owner, _ in likely if owner.kind == "need"]
            one_each = [group.items[0] for group in self.knowledge.order.needs]
            chosen = list(dict.fromkeys((*likely_needs[:3], *one_each)))[:_MOST_CHOICES]
            return tuple(Choice(need, self.knowledge.needs[need].name) for need in chosen)
        if slot in self.knowledge.questions:
            options = self.knowledge.questions[slot].options
            return tuple(Choice(value, option.label) for value, option in options.items()) if options else ()
        return ()

    def _suggest(self, spoken: Sequence[str]) -> tuple[str, ...]:
        said = self.knowledge.language.replies.suggestions
        entries = [self.knowledge.entries[name] for name in spoken if name in self.knowledge.entries]
        if not entries or self.distress or self.meaning.greeting:
            return _openers(self.knowledge)
        if self.meaning.question is None or self.meaning.question == "who":
            return (
                said["card"].format(name=entries[0].short_name),
                said["contact"].format(name=entries[0].short_name),
                said["prepare"],
            )
        return (said["contact"].format(name=entries[0].short_name), said["cost"], said["listen"])


def _openers(knowledge: KnowledgeBase) -> tuple[str, ...]:
    said = knowledge.language.replies.suggestions
    return (said["money"], said["place"], said["listen"])
