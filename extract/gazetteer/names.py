"""Names of places, folded so that spellings meet.

"Saint-Étienne", "St. Etienne" and "SAINT ETIENNE" are one name, and so are "Sana'a" and
"Sanaa". Folding is for matching only: every row of the gazetteer keeps its spelling.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Letters that Unicode does not decompose, as English agencies write them.
LETTERS = str.maketrans(
    {
        "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D",
        "þ": "th", "Þ": "Th", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ß": "ss",
        "ı": "i", "ə": "a", "Ə": "A", "ħ": "h", "Ħ": "H", "ŋ": "ng", "ɓ": "b", "ɗ": "d",
        "’": None, "‘": None, "ʻ": None, "ʼ": None, "ʿ": None, "ʾ": None, "`": None,
        "´": None, "ʹ": None, "′": None, "'": None, "‐": "-", "‑": "-", "–": "-", "—": "-",
    }
)  # fmt: skip

# Words that news writes in two ways.
WORDS = {
    "saint": "st",
    "sainte": "ste",
    "mount": "mt",
    "fort": "ft",
    "and": "and",
    "isles": "islands",
    "intl": "international",
}

# "U.S." and "D.C." lose their dots, "St.Petersburg" and "D.R.Congo" are cut at them.
CUTTING_DOT = re.compile(r"(?<=\w\w)\.(?=\w)|\.(?=\w\w)")
SEPARATORS = re.compile(r"[\W_]+")


@lru_cache(maxsize=1 << 16)
def fold(name: str) -> str:
    """Return the name in lower case without marks, dots, hyphens and apostrophes.

    Words are separated by single spaces; "Saint", "Mount" and "Fort" become "st", "mt" and
    "ft", "&" becomes "and". Scripts other than Latin keep their letters. A name without any
    letter or digit folds to the empty string.
    """
    return fold_afresh(name)


def fold_afresh(name: str) -> str:
    """Fold without remembering the answer, for millions of names that come once."""
    name = name.translate(LETTERS)
    if not name.isascii():
        decomposed = unicodedata.normalize("NFKD", name)
        name = "".join(
            letter for letter in decomposed if unicodedata.category(letter) not in ("Mn", "Lm")
        )
    if "." in name:
        name = CUTTING_DOT.sub(" ", name).replace(".", "")
    if "&" in name:
        name = name.replace("&", " and ")
    words = SEPARATORS.sub(" ", name.lower()).split()
    return " ".join([WORDS.get(word, word) for word in words])


def split_list(cell: str) -> list[str]:
    """Return the parts of a cell of the bundled tables, which separate by a bar."""
    return [part for part in (piece.strip() for piece in cell.split("|")) if part]
