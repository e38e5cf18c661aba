"""Other ways to rank the same base from the same words, measured beside the assistant.

Each gets one document per entry: its names, its words (``lexicon``, ``heard``), what it says of itself (``summary``,
``does``, ``when_to_call``), and the words of the needs for which it is a main door or a relay. Accents are folded.
"""

import re
import sqlite3
from collections.abc import Callable, Sequence

import bm25s
import numpy as np
import snowballstemmer
import tantivy
from rapidfuzz import fuzz, process
from sklearn.feature_extraction.text import TfidfVectorizer

from guide.content.base import KnowledgeBase
from guide.content.models import Entry
from guide.text import normalise

Documents = dict[str, list[str]]  # the expressions of each entry
Ranker = Callable[[str], Sequence[str]]  # a message, and the identifiers of the first five

MOST = 5
_WORD = re.compile(r"\w+")


def list_documents(knowledge: KnowledgeBase) -> Documents:
    """Write the document of each entry, expression by expression."""
    return {entry.id: _list_expressions(entry, knowledge) for entry in knowledge.entries.values()}


def _list_expressions(entry: Entry, knowledge: KnowledgeBase) -> list[str]:
    names = (entry.name, entry.short_name, *entry.also_known_as)
    texts = [*names, *entry.lexicon, *entry.heard, entry.summary, *entry.does, *entry.when_to_call]
    for need, fit in entry.needs.items():
        if fit.door in ("main", "relay"):
            texts += [*knowledge.needs[need].lexicon, *knowledge.needs[need].heard]
    return [normalise(text) for text in texts]


def bm25(documents: Documents) -> Ranker:
    """BM25 (bm25s) on Snowball stems."""
    stemmer, ids = snowballstemmer.stemmer("french"), np.array(list(documents))
    index = bm25s.BM25()
    index.index(_stem([" ".join(texts) for texts in documents.values()], stemmer), show_progress=False)

    def rank(message: str) -> Sequence[str]:
        found, scores = index.retrieve(_stem([message], stemmer), k=min(MOST, len(ids)), show_progress=False)
        return [ids[place] for place, score in zip(found[0], scores[0], strict=True) if score > 0]

    return rank


def _stem(texts: list[str], stemmer: object) -> list[list[str]]:
    return [stemmer.stemWords(_WORD.findall(normalise(text))) for text in texts]  # type: ignore[attr-defined]


def tantivy_french(documents: Documents) -> Ranker:
    """Tantivy with its French stemmer."""
    schema = tantivy.SchemaBuilder()
    schema.add_text_field("id", stored=True, tokenizer_name="raw")
    schema.add_text_field("text", tokenizer_name="fr_stem")
    index = tantivy.Index(schema.build())
    writer = index.writer(num_threads=1)
    for identifier, texts in documents.items():
        writer.add_document(tantivy.Document(id=identifier, text=" ".join(texts)))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def rank(message: str) -> Sequence[str]:
        words = " ".join(_WORD.findall(normalise(message)))
        found = searcher.search(index.parse_query_lenient(words, ["text"])[0], MOST)
        return [searcher.doc(address)["id"][0] for _, address in found.hits]

    return rank


def fts5(documents: Documents) -> Ranker:
    """SQLite FTS5, any word of the message, in the order of its own BM25."""
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE entry USING fts5(id UNINDEXED, text)")
    rows = [(identifier, " ".join(texts)) for identifier, texts in documents.items()]
    connection.executemany("INSERT INTO entry VALUES (?, ?)", rows)

    def rank(message: str) -> Sequence[str]:
        words = " OR ".join(f'"{word}"' for word in dict.fromkeys(_WORD.findall(normalise(message))))
        if not words:
            return []
        asked = "SELECT id FROM entry WHERE entry MATCH ? ORDER BY rank LIMIT ?"
        return [identifier for (identifier,) in connection.execute(asked, (words, MOST))]

    return rank


def character_ngrams(documents: Documents) -> Ranker:
    """TF-IDF of the n-grams of three to five characters (scikit-learn)."""
    ids = np.array(list(documents))
    vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, dtype=np.float32)
    matrix = vectorizer.fit_transform([" ".join(texts) for texts in documents.values()]).T.tocsr()

    def rank(message: str) -> Sequence[str]:
        scores = (vectorizer.transform([normalise(message)]) @ matrix).toarray()[0]
        return [ids[place] for place in np.argsort(-scores, kind="stable")[:MOST] if scores[place] > 0]

    return rank


def rapidfuzz_alone(scorer: Callable[..., float]) -> Callable[[Documents], Ranker]:
    """RapidFuzz on whole messages: the best of the expressions of each entry."""

    def build(documents: Documents) -> Ranker:
        ids = np.array(list(documents))
        expressions = sorted({text for texts in documents.values() for text in texts})
        places = {text: place for place, text in enumerate(expressions)}
        owned = [np.array([places[text] for text in texts]) for texts in documents.values()]

        def rank(message: str) -> Sequence[str]:
            scores = process.cdist([normalise(message)], expressions, scorer=scorer, dtype=np.float32)[0]
            best = np.array([scores[own].max() for own in owned])
            return list(ids[np.argsort(-best, kind="stable")[:MOST]])

        return rank

    return build


PEERS: dict[str, Callable[[Documents], Ranker]] = {
    "BM25 (bm25s, Snowball)": bm25,
    "Tantivy (fr_stem)": tantivy_french,
    "SQLite FTS5": fts5,
    "RapidFuzz WRatio": rapidfuzz_alone(fuzz.WRatio),
    "RapidFuzz token_set_ratio": rapidfuzz_alone(fuzz.token_set_ratio),
    "TF-IDF, n-grammes de lettres": character_ngrams,
}
