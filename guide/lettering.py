"""How wide a text is once written, so that a drawing can hold it: no browser is there to measure it.

Advances of Atkinson Hyperlegible 400, in thousandths of the size of the letters, read in its font file.
"""

_ADVANCES: dict[int, str] = {
    205: ",.:;",
    235: "·‘’",
    239: "l",
    254: "j",
    278: "iîï",
    280: " \u00a0\u202f",
    300: "()",
    311: "f",
    324: "t",
    340: "r",
    368: "-",
    377: "/",
    402: "1",
    414: "IÎÏ",
    429: "yÿ",
    441: "v",
    461: "xz",
    471: "s",
    490: "k",
    500: "cç",
    510: "7J",
    526: "aàâ",
    537: "uùûüLeèéêë",
    548: "hnF2oô",
    558: "Tg",
    565: "dbpEÈÉÊË",
    576: "q35",
    596: "VYS69P",
    614: "48RZ",
    626: "BKXAÀÂ",
    654: "w0CÇ",
    673: "D",
    690: "NHUÙÛÜ",
    710: "G&…",
    727: "OÔ",
    753: "Q",
    841: "mMW",
    930: "œæ%",
}
_WIDTHS = {sign: advance / 1000 for advance, signs in _ADVANCES.items() for sign in signs}
_OTHER = 0.7  # a sign that is not listed: rather too wide than out of its box


def width_of(text: str, size: float) -> float:
    """How wide a text is, in the unit of its size."""
    return sum(_WIDTHS.get(sign, _OTHER) for sign in text) * size


def cut_lines(text: str, size: float, widest: float) -> tuple[str, ...]:
    """Cut a text between words, into lines that are not wider than asked; one word is never cut."""
    lines: list[str] = []
    for word in text.split(" "):  # a no-break space holds its words together
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, size) <= widest:
            lines[-1] = longer
        else:
            lines.append(word)
    return tuple(lines)
