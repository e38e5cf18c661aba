"""Understand a message: its words, then the expressions they hold, then what they ask, refuse and tell. Pure."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter

from guide.content.base import KnowledgeBase
from guide.content.language import Question, Subject
from guide.text import normalise
from guide.understanding.books import Books, Cue, Slot
from guide.understanding.evidence import Evidence, gather
from guide.understanding.lexicon import Lexicon, Owner, Said, lighten_common, read_expressions
from guide.understanding.meaning import Answer, Meaning, Mentioned, Where
from guide.understanding.needs import NeedScale, Weighed, choose
from guide.understanding.negation import Denial
from guide.understanding.phrases import Found, longest
from guide.understanding.places import Gazetteer, Mention, same_word
from guide.understanding.spelling import Speller
from guide.understanding.vocabulary import gather_vocabulary
from guide.understanding.words import Reader, Word

LONGEST = 1_000  # characters read of a message (contract)
_CERTAIN = 6.0  # weight of a need that leaves no doubt
_FOREIGN = 0.6  # how much a message says of the guide's matters, under which it speaks of something else
_FEWEST_WORDS = 2  # that may lead somewhere, to say that they lead elsewhere
_STORY = 3  # clauses from which a message tells a story
_ACRONYM = 4  # letters at most: « MAS », « AMI » and « CA » are also words


@dataclass(frozen=True)
class Understanding:
    """Everything that understanding needs of a base, prepared once."""

    knowledge: KnowledgeBase
    reader: Reader
    speller: Speller
    lexicon: Lexicon
    gazetteer: Gazetteer
    scale: NeedScale
    denial: Denial
    books: Books

    @classmethod
    def of(cls, knowledge: KnowledgeBase) -> "Understanding":
        """Prepare a base: its vocabulary first, which spelling then serves."""
        language = knowledge.language
        cut = Reader.of(language.spellings)
        gazetteer = Gazetteer.of(knowledge)
        said = read_expressions(knowledge, cut)
        vocabulary = set(gazetteer.words) | gather_vocabulary(knowledge, said, cut)
        speller = Speller.of(vocabulary, language.words, cut.abbreviations)
        reader = Reader.of(language.spellings, speller)
        said = [_mended(each, reader, speller) for each in said]
        denial = Denial.of(language.negation, cut)
        books = Books.of(knowledge, said, denial, cut)
        lexicon = Lexicon.of(said, lighten_common(knowledge, cut))
        everywhere = frozenset(stem for text in language.outside.everywhere for stem in cut.stems(text))
        return cls(knowledge, reader, speller, lexicon, gazetteer, NeedScale.of(said, everywhere), denial, books)

    def read(self, message: str) -> Meaning:
        """Read one message, its first thousand characters."""
        words = self.reader.read(message[:LONGEST])
        cues = self._cues(words)
        denied = self.denial.find(words) - {place for each in self.books.lacks.find(words) for place in each.places}
        mentions = self.gazetteer.find(words)
        placed = {place for mention in mentions for place in mention.places}
        asked = self.books.questions.find(words)
        named = self._named(words, placed, bool(asked))
        called = {place for each in named if each.owner.kind == "entry" for place in each.places}
        spoken = [(place, word) for place, word in enumerate(words) if place not in denied and place not in placed]
        meant = [word for _, word in spoken]
        evidence = gather(meant, self.lexicon)
        weighed = self.scale.weigh([word for place, word in spoken if place not in called], evidence)
        needs = choose(weighed, meant)
        said_no = [words[place] for place in sorted(denied)]
        refused = choose(self.scale.weigh(said_no, gather(said_no, self.lexicon)), said_no) if said_no else {}
        slots = self._slots(words)
        subject, outside = self._outside(words)
        told = [field for field, _ in slots if field != "themes"]
        inside = _inside(weighed, evidence)
        return Meaning(
            words=tuple(words),
            question=self._question(asked, words, named),
            named=named,
            needs={
                need: strength
                for need, strength in needs.items()
                if need not in refused or strength.sure > refused[need].sure
            },
            denied=tuple(
                need for need, strength in refused.items() if need not in needs or needs[need].sure < strength.sure
            ),
            answers={field: answer for field, answer in slots if field != "themes"},
            themes=tuple(dict.fromkeys(answer for field, answer in slots if field == "themes")),
            where=_where(mentions),
            evidence=evidence,
            feeling="self_harm" if "self_harm" in cues else "tired" if "tired" in cues or "heavy" in cues else None,
            heavy="heavy" in cues,
            ours="ours" in cues,
            insulting="insult" in cues,
            attacking="attack" in cues or self._is_code(message),
            outside=subject,
            outside_weight=outside,
            inside_weight=inside,
            foreign=self._is_foreign(meant, cues, inside, bool(named or denied or told)),
            greeting="greeting" in cues,
            refusing="refusing" in cues,
            follow_up="follow_up" in cues,
            wants_human="human" in cues,
            unknown=tuple(dict.fromkeys(word.word for word in words if self._is_unknown(word))),
        )

    def _cues(self, words: Sequence[Word]) -> set[Cue]:
        """Cues said, an idiom taking its words with it."""
        found = [*self.books.cues.find(words), *self.books.insults.find(words)]
        idioms = [set(each.places) for each in found if each.label == "idiom"]

        def is_idiom(each: Found[Cue]) -> bool:
            """Whether an idiom takes the words: of self-harm always, of exhaustion when it says more than them."""
            said = set(each.places)
            if each.label == "self_harm":
                return any(said & idiom for idiom in idioms)
            return each.label in ("tired", "heavy") and any(said < idiom for idiom in idioms)

        return {each.label for each in found if not is_idiom(each)}

    def _named(self, words: Sequence[Word], placed: set[int], asked: bool) -> tuple[Mentioned, ...]:
        """Names called, the longest first; a short name that is also a word must look like a name."""
        found = self.books.names.find(words)
        spans = {
            each.places
            for each in longest(found)
            if not placed.issuperset(each.places) and (len(each.places) > 1 or self._is_name(words, each, asked))
        }
        named = [Mentioned(each.label, each.text, each.places) for each in found if each.places in spans]
        return tuple(sorted(dict.fromkeys(named), key=lambda mentioned: mentioned.places))

    def _is_name(self, words: Sequence[Word], found: Found[Owner], asked: bool) -> bool:
        word = words[found.places[0]]
        if not same_word(word.word, normalise(found.text).replace(" ", "")):
            return False  # « animateur » is not Anima
        if word.word not in self.speller.french:
            return True
        if len(word.word) <= _ACRONYM:
            return word.capitals
        return (word.typed[:1].isupper() and found.places[0] > 0) or asked

    def _question(
        self, asked: Sequence[Found[Question]], words: Sequence[Word], named: Sequence[Mentioned]
    ) -> Question | None:
        """The kind of question: in a long message, only what is asked near a name is asked of it."""
        order = list(self.knowledge.language.asking.kinds)
        if words and words[-1].clause - words[0].clause >= _STORY:
            near = {words[place].clause + step for name in named for place in name.places for step in (-1, 0, 1)}
            asked = [each for each in asked if not named or words[each.places[0]].clause in near]
        return min({each.label for each in asked}, key=order.index, default=None)

    def _slots(self, words: Sequence[Word]) -> list[tuple[str, Answer]]:
        found = self.books.slots.find(words)
        kept: dict[str, list[Found[Slot]]] = {}
        for each in found:
            kept.setdefault(each.label[0], []).append(each)
        return [
            (field, Answer(each.label[1], each.text))
            for field, many in kept.items()
            for each in (longest(many) if field == "themes" else many[:1])
        ]

    def _outside(self, words: Sequence[Word]) -> tuple[Subject | None, float]:
        weights: dict[str, float] = defaultdict(float)
        by_id = {subject.id: subject for subject in self.knowledge.language.outside.subjects}
        for each in longest(self.books.subjects.find(words)):
            weights[each.label.id] += 1 + len(each.places) / 2
        if not weights:
            return None, 0.0
        identifier, weight = max(weights.items(), key=itemgetter(1))
        return by_id[identifier], weight

    def _is_code(self, message: str) -> bool:
        typed = message.lower()
        return any(sign in typed for sign in self.knowledge.language.outside.code)

    def _is_foreign(self, words: Sequence[Word], cues: set[Cue], inside: float, known: bool) -> bool:
        """Whether a message, written in good French, says nothing of what the guide knows."""
        content = [word for word in words if word.content and word.word.isalpha()]
        if known or inside >= _FOREIGN or "ours" in cues or len(content) < _FEWEST_WORDS:
            return False
        return sum(not self._is_unknown(word) for word in content) > len(content) / 2

    def _is_unknown(self, word: Word) -> bool:
        return (
            word.content
            and word.word.isalpha()
            and not self.speller.knows(word.word)
            and word.stem not in self.speller.stems
        )


def _mended(said: Said, reader: Reader, speller: Speller) -> Said:
    """Read an expression of the base again when one of its words is misspelt."""
    if all(speller.knows(word.word) for word in said.words):
        return said
    return said._replace(words=tuple(reader.read(said.text)))


def _inside(weighed: Sequence[Weighed], evidence: dict[Owner, Evidence]) -> float:
    """How much a message speaks of what the guide knows: 1 when one need is half certain."""
    entries = [each.weight for owner, each in evidence.items() if owner.kind != "need"]
    return max(weighed[0].weight / _CERTAIN if weighed else 0.0, *entries, 0.0)


def _where(mentions: Sequence[Mention]) -> Where:
    sure = {each.named.communes[0].code: each.named.communes[0] for each in mentions if len(each.named.communes) == 1}
    doubtful = next((each.named.communes for each in mentions if len(each.named.communes) > 1), ())
    return Where(
        communes=tuple(sure.values()),
        doubtful=() if sure else doubtful,
        pays=tuple(dict.fromkeys(each.named.pays for each in mentions if each.named.pays)),
        elsewhere=next((each.text for each in mentions if each.named.elsewhere), None),
    )


@lru_cache(maxsize=4)
def prepare(knowledge: KnowledgeBase) -> Understanding:
    """Prepare the understanding of a base, once."""
    return Understanding.of(knowledge)
