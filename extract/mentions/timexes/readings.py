"""What rules make of matches, and what they may know while they do."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field, replace
from fractions import Fraction

from extract.mentions.timexes.anchors import Anchor
from extract.mentions.timexes.grammar import Match
from extract.mentions.timexes.tense import Tense, tense_around
from extract.mentions.timexes.tokens import Lexicon, Tokens, read_lexicon
from extract.mentions.timexes.values import Days, days_of, granularity_of
from extract.records import Granularity

# Kinds of reading that can be joined to their neighbours.
DATE, CLOCK, PART, DURATION, SET, REFERENCE, PORTION, ABOUT = (
    "date", "clock", "part", "duration", "set", "reference", "portion", "about",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reading:
    """One time expression understood; `timexes` joins neighbours and turns it into a Timex.

    `value` is TIMEX3's. `days` are set where they are not those of the value. `first` and
    `end` are the half-open range of tokens. `phrase` keeps the words of a portion. A
    `digression` looks back from the story ("a year earlier"), which goes on from where it was.
    `zone` is the offset of a clock's time zone.
    """

    type: str
    value: str
    kind: str
    rule: str
    first: int
    end: int
    modifier: str | None = None
    days: Days | None = None
    granularity: Granularity | None = None
    basis: str = ""
    phrase: str = ""
    digression: bool = False
    zone: str = ""

    @property
    def is_day(self) -> bool:
        """Whether it is a date of one day without a time yet."""
        return self.kind == DATE and granularity_of(self.value) is Granularity.DAY


# Words between a bare date and the full one that places it, where there is no anchor.
NEAR = 40


@dataclass(slots=True)
class Context:
    """All that a rule may look at: the text, its anchor, and what was read before.

    `history` is true where the text tells of another time than its publication, `narrated`
    where the caller said so.
    """

    tokens: Tokens
    anchor: Anchor
    history: bool = False
    narrated: bool = False
    day_first: bool | None = None
    southern: bool = False
    readings: list[Reading] = field(default_factory=list)
    position: int = 0

    @property
    def lexicon(self) -> Lexicon:
        """The bundled words."""
        return read_lexicon()

    @property
    def day(self) -> datetime.date | None:
        """The day that "today" means, or None."""
        return self.anchor.day

    def number_of(self, name: str, word: str) -> int:
        """Return what a word counts for in a class of the lexicon."""
        return int(self.lexicon.classes[name][word])

    def code_of(self, name: str, word: str) -> str:
        """Return the code of a word in a class of the lexicon."""
        return str(self.lexicon.classes[name][word])

    def unit_of(self, word: str) -> str:
        """Return the code of a unit in the singular or plural."""
        classes = self.lexicon.classes
        return str(classes["UNIT"].get(word) or classes["UNITS"][word])

    def tense_of(self, match: Match) -> Tense | None:
        """Return the tense of the clause that the match stands in."""
        return tense_around(self.tokens, match.first, match.end)

    def days_of(self, reading: Reading) -> Days | None:
        """Return the interval of a reading: its own, or that of its value."""
        return reading.days or days_of(reading.value, southern=self.southern)

    def latest(
        self, *granularities: Granularity, within: int = 100_000, named: bool = False
    ) -> Reading | None:
        """Return the last calendar date read before, of one of the units, or None.

        `within` limits how many tokens back it may stand; `named` leaves out those that were
        reckoned from the anchor.
        """
        for reading in reversed(self.readings[-60:]):
            if self.tokens_since(reading) > within:
                return None
            if reading.type not in ("DATE", "TIME") or reading.digression or reading.kind == PART:
                continue
            if days_of(reading.value) is None or (named and reading.basis == self.anchor.basis):
                continue
            unit = granularity_of(reading.value)
            if unit is Granularity.TIME:
                unit = Granularity.DAY
            if unit in granularities:
                return reading
        return None

    @property
    def reach(self) -> int:
        """How many words back a told date may stand that gives a bare one its year.

        In a story of another time any; in a text without an anchor only a near one, since
        anything further would be a guess.
        """
        return 100_000 if self.history else NEAR

    def in_quotation(self, place: int) -> bool:
        """Say whether a token stands in quotation marks, by the marks of its paragraph."""
        words = self.tokens.lowers
        opened = False
        for word in words[max(0, place - 400) : place]:
            if word[0] == "\n":
                opened = False
            elif word in '"“”„':
                opened = not opened if word == '"' else word != "”"
        return opened

    def tokens_since(self, reading: Reading) -> int:
        """Return how many tokens lie between a reading and where the reader stands."""
        return self.position - reading.end


def make_reading(
    match: Match,
    kind: str,
    value: str,
    *,
    type: str = "DATE",
    rule: str | None = None,
    modifier: str | None = None,
    days: Days | None = None,
    granularity: Granularity | None = None,
    basis: str = "",
    skip: int = 0,
    digression: bool = False,
    zone: str = "",
) -> Reading:
    """Return a reading of the match, without its first `skip` tokens."""
    return Reading(
        type=type,
        value=value,
        kind=kind,
        rule=rule or match.rule.name,
        first=match.first + skip,
        end=match.end,
        modifier=modifier,
        days=days,
        granularity=granularity,
        basis=basis,
        phrase=match.phrase(),
        digression=digression,
        zone=zone,
    )


def with_modifier(reading: Reading, modifier: str | None) -> Reading:
    """Return the reading with a modifier, keeping one it has already."""
    return replace(reading, modifier=reading.modifier or modifier)


def read_number(words: list[str]) -> Fraction | None:
    """Return the number that words tell, None where they tell none or a vague one.

    >>> read_number(["twenty", "-", "four"])
    Fraction(24, 1)
    >>> read_number(["2", "1", "/", "2"])
    Fraction(5, 2)
    """
    cardinals = read_lexicon().classes["CARDINAL"]
    total, current, seen = Fraction(0), Fraction(0), False
    for place, word in enumerate(words):
        plain = word.replace(",", "")
        if word == "/" and 0 < place < len(words) - 1 and words[place + 1].isdecimal():
            if int(words[place + 1][:9]) == 0 or not words[place - 1].isdecimal():
                return None
            over = Fraction(int(words[place - 1][:9]), int(words[place + 1][:9]))
            return total + current - int(words[place - 1][:9]) + over
        if plain[:1].isdigit():
            if len(plain) > 12 or not plain.isascii():
                return None
            current += Fraction(plain)
            seen = True
        elif word in cardinals:
            seen = True
            number = int(cardinals[word])
            if number < 100:
                current += number
            elif number == 100:
                current = (current or Fraction(1)) * 100
            else:
                total, current = total + (current or Fraction(1)) * number, Fraction(0)
    return total + current if seen else None


def read_amount(match: Match) -> Fraction | None:
    """Return the number of a match's group "amount"; None for few, several and none.

    "a" and "another" are 1, a couple 2, a dozen 12; "two to three" is its first. A group
    "half" adds a half.
    """
    words = [word for word in match.words("amount") if word not in ("of", "(", ")", "[", "]")]
    if not words:
        return None
    fixed = {"couple": 2, "dozen": 12, "a": 1, "an": 1, "another": 1, "the": 1}
    if words[0] == "half":
        return Fraction(1, 2)
    if words[-1] in fixed:
        number: Fraction | None = Fraction(fixed[words[-1]])
    else:
        for link in ("to", "or", "–", "—"):
            if link in words[1:]:
                words = words[: words.index(link)]
        if "-" in words and words[0].isdecimal() and words[-1].isdecimal():
            words = words[: words.index("-")]
        number = read_number(words)
    if number is not None and "half" in match:
        number += Fraction(1, 2)
    return number


def read_ordinal(words: list[str]) -> int | None:
    """Return the number of an ordinal: 12th, twelfth, twenty-first; None if it is none."""
    lexicon = read_lexicon().classes
    total = 0
    for word in words:
        if word[:1].isdigit():
            digits = word.rstrip("sthndr")
            return int(digits) if digits.isdecimal() and len(digits) < 4 else None
        if word in lexicon["ORDINAL"]:
            return total + int(lexicon["ORDINAL"][word])
        if word in lexicon["TENS"]:
            total += int(lexicon["TENS"][word])
    return None
