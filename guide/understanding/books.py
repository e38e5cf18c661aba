"""Books: the phrases looked for word for word, each read from ``knowledge/``."""

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from guide.content.base import KnowledgeBase
from guide.content.language import Question, Subject
from guide.understanding.lexicon import Owner, Said, list_expressions
from guide.understanding.negation import Denial
from guide.understanding.phrases import Phrasebook
from guide.understanding.words import Reader

Cue = Literal[
    "greeting", "refusing", "follow_up", "human", "insult", "attack", "ours", "self_harm", "idiom", "tired", "heavy"
]
Slot = tuple[str, str]


class Books(NamedTuple):
    """The phrases that are looked for word for word."""

    cues: Phrasebook[Cue]
    insults: Phrasebook[Cue]
    questions: Phrasebook[Question]
    subjects: Phrasebook[Subject]
    slots: Phrasebook[Slot]
    names: Phrasebook[Owner]
    lacks: Phrasebook[str]  # expressions of needs that hold their own negation: "plus un sou"

    @classmethod
    def of(cls, knowledge: KnowledgeBase, said: Sequence[Said], denial: Denial, reader: Reader) -> "Books":
        """Read every list of phrases, as messages are read."""
        asking, outside = knowledge.language.asking, knowledge.language.outside
        names = [(text, owner) for owner, origin, text in list_expressions(knowledge) if origin == "name"]
        return cls(
            cues=Phrasebook(reader, _list_cues(knowledge), pronouns=True),
            insults=Phrasebook(reader, [(text, "insult") for text in outside.hostile], whole_words=True),
            questions=Phrasebook(reader, [(text, kind) for kind, texts in asking.kinds.items() for text in texts]),
            subjects=Phrasebook(reader, [(text, each) for each in outside.subjects for text in each.lexicon]),
            slots=Phrasebook(reader, _list_slots(knowledge)),
            names=Phrasebook(reader, names),
            lacks=Phrasebook(reader, _list_lacks(said, denial)),
        )


def _list_lacks(said: Sequence[Said], denial: Denial) -> list[tuple[str, str]]:
    return [
        (each.text, each.owner.id)
        for each in said
        if each.owner.kind == "need" and each.origin == "lexicon" and denial.denying.intersection(each.stems)
    ]


def _list_cues(knowledge: KnowledgeBase) -> Iterable[tuple[str, Cue]]:
    asking, distress = knowledge.language.asking, knowledge.language.distress
    cues: tuple[tuple[Cue, Iterable[str]], ...] = (
        ("greeting", asking.greeting),
        ("refusing", asking.refusing),
        ("follow_up", asking.follow_up),
        ("human", asking.human),
        ("self_harm", distress.self_harm),
        ("idiom", distress.idioms),
        ("attack", knowledge.language.outside.attacks),
        ("ours", knowledge.language.outside.ours),
        ("tired", distress.tired),
        ("heavy", distress.heavy),
    )
    return [(text, cue) for cue, texts in cues for text in texts]


def _list_slots(knowledge: KnowledgeBase) -> Iterable[tuple[str, Slot]]:
    return [
        (text, (question.id, value))
        for question in knowledge.questions.values()
        for value, option in question.options.items()
        for text in option.lexicon
    ]
