"""Text -> words, numbers and marks, each with a kind that the grammar can match.

A kind is one character that stands for a set of classes ("second" is of ORDINAL and UNIT),
so that a text of n tokens becomes a string of n characters and the rules of the grammar
run on that string as plain regular expressions.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any

from extract.bundled import bundled_path

# Every alternative either has a bounded length or eats all it looked at, so that a text is
# cut in linear time. The first two take most tokens.
TOKEN = re.compile(
    r"""
      (?P<plain>[^\W\d_]++(?![\d_.]))
    | (?P<stop>[,.;:!?)"”](?=\s))
    | (?P<BREAK>\n[^\S\n]*\n\s*)
    | (?P<money>[$£€¥₹]\s?\d[\d.,]*)
    | (?P<ISODATE>(?<![\d-])[12]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])
        (?:[T ][0-2]\d:[0-5]\d(?::[0-5]\d)?(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?)?(?![\d-]))
    | (?P<NUMERIC>(?<![\d./-])(?:\d{1,2}(?P<mark>[./-])\d{1,2}(?P=mark)(?:\d{4}|\d\d)
        |[12]\d{3}(?P<slash>[./])\d{1,2}(?P=slash)\d{1,2})(?![\d/]|[.-]\d))
    | (?P<CLOCK>(?<![\d:.])(?:[01]?\d|2[0-4])[:.][0-5]\d(?::[0-5]\d)?(?=\s?[aApP]\.?\s?[mM]\b)
        |(?<![\d:.])(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d)?(?![\d:]))
    | (?P<DECADE>(?<!\d)[12]\d{2}0[’'`]?s\b|(?:[’'`‘]|(?<!\w))[2-9]0[’'`]?s\b)
    | (?P<APOSTROPHEYEAR>(?<!\w)[’'`‘]\d\d(?!\w))
    | (?P<ORDINALNUMBER>(?<![\d.,])\d{1,3}(?:st|nd|rd|th|ST|ND|RD|TH)\b)
    | (?P<QUARTERNUMBER>\b[QH][1-4]\b|\b[1-4][QH]\b)
    | (?P<WEEKNUMBER>\bW(?:0[1-9]|[1-4]\d|5[0-3])\b)
    | (?P<FISCAL>\bF[YQ][’']?\d{2}(?:\d\d)?\b)
    | (?P<number>\d+(?:(?:,\d{3})+(?!\d))?(?:\.\d+)?(?P<glued>(?![aApP]\.?[mM]\b)[^\W\d]\w*)?)
    | (?P<MERIDIEM>[aApP]\.\s?[mM]\b\.?|[aApP][mM]\b)
    | (?P<POSSESSIVE>[’']s\b)
    | (?P<short>\b(?i:jan|febr?|mar|apr|jun|jul|aug|sept?|oct|nov|dec|mon|tues?|wed|thu|thurs?|fri
        |sat|sun)\.)
    | (?P<word>[^\W\d_]+(?P<alphanumeric>[\d_]\w*)?)
    | (?P<sign>\S)
    """,
    re.VERBOSE,
)

SIGNS = {
    ",": "COMMA", ".": "DOT", "/": "SLASH", "(": "OPEN", ")": "CLOSE", "-": "HYPHEN",
    "‐": "HYPHEN", "‑": "HYPHEN", "–": "RULE", "—": "RULE", "[": "OPEN", "]": "CLOSE",
    "½": "HALF", "'": "QUOTE", "’": "QUOTE", "‘": "QUOTE",
}  # fmt: skip

# Months and days that are other words in lower case, or short forms that need their capital.
NEEDS_CAPITAL = frozenset(
    """
    may march august jan feb febr mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur
    thurs fri sat sun est
    """.split()
)
CAPITALISED_CLASSES = frozenset({"MONTH", "WEEKDAY", "ZONE", "ISLAMICMONTH", "PERSIANMONTH"})
OTHER = "\x01"
TURN, TO = "T", "t"
# What `tense` looks for beside the tense words of the lexicon and verbs in -ed.
TURNING = frozenset("is are be 's ’s set . ! ? ; …".split())


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of `timexes.toml`: class -> word -> what the word counts for."""

    classes: Mapping[str, Mapping[str, Any]]
    future: frozenset[str]
    past: frozenset[str]
    not_past: frozenset[str]
    nouns: frozenset[str]
    noun_leads: frozenset[str]
    abbreviations: frozenset[str]
    not_counted: frozenset[str]
    holidays: Mapping[str, Any]
    southern: frozenset[str]
    northern: frozenset[str]
    tables: Mapping[str, Any]
    orthodox: frozenset[str]
    western: frozenset[str]


@lru_cache(maxsize=1)
def read_lexicon() -> Lexicon:
    """Return the bundled words; the same object every time."""
    with bundled_path("timexes.toml").open("rb") as file:
        data = tomllib.load(file)
    tense = {name: frozenset(words.split()) for name, words in data["tense"].items()}
    return Lexicon(
        classes=data["classes"],
        holidays=data["holidays"],
        tables=data["tables"],
        orthodox=frozenset(data["easter"]["orthodox"].split()),
        western=frozenset(data["easter"]["western"].split()),
        not_counted=frozenset(data["year"]["not_counted"].split()),
        southern=frozenset(data["seasons"]["southern"].split()),
        northern=frozenset(data["seasons"]["northern"].split()),
        **tense,
    )


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text cut up: the token `i` covers `text[starts[i]:ends[i]]`.

    `lowers` are the words in lower case, `kinds` has one character per token, and so has
    `turns`: TURN where the word may tell a tense or end a sentence, TO for "to", else a space.
    """

    text: str
    starts: list[int]
    ends: list[int]
    lowers: list[str]
    kinds: str
    turns: str

    def __len__(self) -> int:
        return len(self.starts)


class Alphabet:
    """Which classes each word is of, and the character that stands for each set of classes.

    `literals` are words that the grammar's patterns name outright; each is a class of itself.
    """

    def __init__(self, lexicon: Lexicon, literals: Iterable[str]) -> None:
        self._words: dict[str, frozenset[str]] = {}
        for name, words in lexicon.classes.items():
            for word in words:
                self._words[word] = self._words.get(word, frozenset()) | {name}
        for name in lexicon.holidays:
            for part in name.split():
                self._words.setdefault(part, frozenset())
        for word in ("am", "pm"):
            self._words[word] = frozenset({"MERIDIEM"})
        for word in literals:
            self._words[word] = self._words.get(word, frozenset()) | {word}
        self._kinds: dict[frozenset[str], str] = {frozenset(): OTHER}
        for classes in [*self._words.values(), *_number_classes(), *_mark_classes()]:
            self._kind_of(classes)
            self._kind_of(classes - CAPITALISED_CLASSES)
        self._by_class: dict[str, str] = {}
        self._tense = lexicon.future | lexicon.past | TURNING
        self.seen: dict[str, tuple[str, str, str]] = {}

    def _kind_of(self, classes: frozenset[str]) -> str:
        if classes not in self._kinds:
            self._kinds[classes] = chr(0x100 + len(self._kinds))
        return self._kinds[classes]

    def kinds_in(self, name: str) -> str:
        """Return all the characters whose set of classes holds `name`."""
        if name not in self._by_class:
            self._by_class[name] = "".join(
                kind for classes, kind in self._kinds.items() if name in classes
            )
        return self._by_class[name]

    def kinds(self) -> str:
        """Return all the characters."""
        return "".join(self._kinds.values())

    def kinds_only_in(self, names: Iterable[str]) -> str:
        """Return the characters whose classes are all among `names`."""
        allowed = frozenset(names)
        return "".join(kind for classes, kind in self._kinds.items() if classes <= allowed)

    def classify_word(self, word: str) -> str:
        """Return the kind of a word as it is written."""
        lower = word.lower()
        classes = self._words.get(lower)
        if classes is None:
            return OTHER
        if word.islower() and lower in NEEDS_CAPITAL:
            classes = classes - CAPITALISED_CLASSES
        return self._kind_of(classes)

    def turn_of(self, lower: str) -> str:
        """Return TURN for a word that may tell the tense of its clause or end it, TO for "to"."""
        if lower == "to":
            return TO
        turns = lower in self._tense or lower.endswith("ed") or lower[0] == "\n"
        return TURN if turns else " "

    def classify_number(self, digits: str) -> str:
        """Return the kind of a number: what it may count or name depends on its size."""
        return self._kind_of(number_classes(digits))

    def classify(self, name: str) -> str:
        """Return the kind of tokens that are of one class by their form alone."""
        return self._kinds.get(frozenset({name}), OTHER)


def number_classes(digits: str) -> frozenset[str]:
    """Say what a number may be: a day of a month, an hour, a year, a count.

    >>> sorted(number_classes("12"))
    ['COUNT', 'DAY', 'HOUR', 'SHORTYEAR']
    """
    plain = digits.replace(",", "")
    if not plain.isdecimal() or not plain.isascii():
        return frozenset({"COUNT"})
    if len(plain) > 9:
        return frozenset()
    value = int(plain)
    classes = {"COUNT"}
    if len(plain) <= 2:
        if 1 <= value <= 31:
            classes.add("DAY")
        if value <= 24:
            classes.add("HOUR")
        if len(plain) == 2:
            classes.add("SHORTYEAR")
        if 1 <= value <= 53:
            classes.add("WEEKCOUNT")
    if len(digits) == 4:
        if 1000 <= value <= 2199:
            classes.add("YEAR")
        if value // 100 <= 24 and value % 100 < 60:
            classes.add("MILITARY")
    if len(digits) in (3, 4) and 1 <= value <= 1999:
        classes.add("OLDYEAR")
    if len(digits) == 4 and 1300 <= value <= 1500:
        classes.add("HIJRIYEAR")
    return frozenset(classes)


def _number_classes() -> list[frozenset[str]]:
    samples = [str(number) for number in range(10000)] + [
        "0001",
        "0730",
        "00",
        "01",
        "3.5",
        "9" * 12,
    ]
    return list({number_classes(sample) for sample in samples})


def _mark_classes() -> list[frozenset[str]]:
    names = [*SIGNS.values(), *(name for name in TOKEN.groupindex if name.isupper())]
    return [frozenset({name}) for name in names]


def tokenize(text: str, alphabet: Alphabet) -> Tokens:
    """Cut a text into tokens with kinds; white space within a paragraph is no token."""
    starts: list[int] = []
    ends: list[int] = []
    lowers: list[str] = []
    kinds: list[str] = []
    turns: list[str] = []
    seen = alphabet.seen
    matches = TOKEN.finditer(text)
    # In batches: comprehensions are twice as fast as one loop, and all matches of a long text
    # at once would fill the memory.
    while batch := list(islice(matches, BATCH)):
        known = [seen.get(match[0]) or _recall(alphabet, match) for match in batch]
        starts += [match.start() for match in batch]
        ends += [match.end() for match in batch]
        kinds += [kind for kind, _, _ in known]
        lowers += [lower for _, lower, _ in known]
        turns += [turn for _, _, turn in known]
    return Tokens(text, starts, ends, lowers, "".join(kinds), "".join(turns))


BATCH = 4096


def _recall(alphabet: Alphabet, match: re.Match[str]) -> tuple[str, str, str]:
    """Return a token's kind, its word in lower case and its turn, from memory where it is there."""
    raw = match[0]
    known = alphabet.seen.get(raw)
    if known is None:
        kind, lower = _classify(alphabet, match, raw)
        known = (kind, lower, alphabet.turn_of(lower))
        settled = match.lastgroup in SETTLED or (raw.isdecimal() and len(raw) < 5)
        if settled and len(raw) < 40 and len(alphabet.seen) < 50_000:
            alphabet.seen[raw] = known  # a memory of words: it speeds up, and changes nothing
    return known


# What such a token is does not hang on its neighbours.
SETTLED = frozenset({"plain", "sign", "stop"})


def _classify(alphabet: Alphabet, match: re.Match[str], raw: str) -> tuple[str, str]:
    """Return the kind of a token and its word in lower case."""
    name, lower = match.lastgroup or "", raw.lower()
    if name == "plain":
        return alphabet.classify_word(raw), lower
    if name == "word":
        return (OTHER if match["alphanumeric"] else alphabet.classify_word(raw)), lower
    if name == "number":
        return (OTHER if match["glued"] else alphabet.classify_number(raw)), lower
    if name in ("sign", "stop"):
        return alphabet.classify(SIGNS.get(raw, "")), lower
    if name == "short":
        # "sat." and "sun." are words that end a sentence
        kind = OTHER if raw[0].islower() else alphabet.classify_word(raw[:-1])
        return kind, lower[:-1]
    if not raw.isascii() and any(sign.isdecimal() and not sign.isascii() for sign in raw):
        return OTHER, lower  # digits of other scripts
    return alphabet.classify(name), lower
