"""Which words of a sentence the lexicon knows, and which of them are but parts of other names."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from extract.mentions.actors.lexicon import JOINTS, ActorLexicon, Entry, Role, Word

COUNTRY_KINDS = frozenset({"country", "demonym", "people", "capital", "region", "seat"})
# Words that cannot stand between a country and the role it qualifies.
BREAKS = frozenset(
    """
    and or but of in on at to by for from with without as than that which who whose when where while
    is are was were be been has have had will would can could may might shall should must do does
    did not no the a an this that these those it its he she they his her their over under after
    before against between into onto about said says told also if against through during until
    """.split()
)
NOT_NAMES = frozenset(
    """
    monday tuesday wednesday thursday friday saturday sunday january february march april may june
    july august september october november december jan feb mar apr jun jul aug sep sept oct nov
    dec yesterday today tomorrow meanwhile however instead later earlier both even only also then
    there here now so since despite because although during under according asked speaking what
    why how who yet still perhaps once again together did does do can should could may might must
    like the a an in on at he she it they we i but and
    this that these those said says told has have had was were is are will would after before when
    while as with from by of for to his her their its new
    """.split()
)
# "Port Sudan", "Gulf of Oman", "Jordan Valley" are no countries.
PLACE_HEADS = frozenset(
    "gulf sea bay strait lake port mount cape gulfs straits isle island lac".split()
)
PLACE_TAILS = frozenset(
    """
    sea river valley delta basin gulf strait straits lake desert peninsula airport street avenue
    road square canal island islands mountains highlands plateau bay dam bridge stadium hotel
    """.split()
)

# Killed, wounded and missing in action are counted: "one KIA" is not Kachin's army.
CASUALTIES = frozenset({"kia", "wia", "mia"})
COUNTS = frozenset("no one two three four five six seven eight nine ten eleven twelve".split())


@dataclass(slots=True)
class Unit:
    """Words that the lexicon knows: named actors, a role noun, or both at once."""

    first: int
    last: int
    entries: list[Entry]
    role: Role | None

    @property
    def is_country(self) -> bool:
        """Whether the words name a country, its people, its capital or a seat of power."""
        return bool(self.entries) and self.entries[0].kind in COUNTRY_KINDS


@dataclass(frozen=True, slots=True)
class Passage:
    """One sentence as its phrases are read: all words, the known ones in order, and the day.

    `published` is None where the day of publication is unknown.
    """

    words: Sequence[Word]
    units: Sequence[Unit]
    published: datetime.date | None


def find_units(words: Sequence[Word], lexicon: ActorLexicon) -> list[Unit]:
    """Return the known words of one sentence from left to right, the longest names first."""
    units: list[Unit] = []
    longest, count, index = lexicon.longest, len(words), 0
    while index < count:
        limit = longest.get(words[index].folded, 0)
        unit = None
        if limit:
            reach = 1
            while (
                reach < limit and index + reach < count and words[index + reach - 1].gap in JOINTS
            ):
                reach += 1
            while reach and unit is None:
                unit = _match(words, index, index + reach - 1, lexicon)
                reach -= 1
        if unit is None:
            index += 1
        else:
            units.append(unit)
            index = unit.last + 1
    return units


def _match(words: Sequence[Word], first: int, last: int, lexicon: ActorLexicon) -> Unit | None:
    span = words[first : last + 1]
    key = span[0].folded if first == last else " ".join(word.folded for word in span)
    entries = [
        entry
        for entry, shape in lexicon.entries(key)
        if all(
            word.text[0].isupper() if form == "A" else word.text.isupper()
            for word, form in zip(span, shape, strict=True)
            if form != "a"
        )
    ]
    role = lexicon.roles.get(key)
    if entries and key in CASUALTIES and first:
        before = words[first - 1]
        if before.text[0].isdigit() or before.folded in COUNTS:
            entries = []
    if entries and _is_part_of_name(words, first, last, entries, lexicon):
        entries = []
    if not entries and role is None:
        return None
    return Unit(first, last, entries, role)


def _is_part_of_name(
    words: Sequence[Word], first: int, last: int, entries: Sequence[Entry], lexicon: ActorLexicon
) -> bool:
    """Say whether a known surname or body is only a part of a longer, unknown name.

    "Ahmed Abbas" is not Mahmoud Abbas, nor are the "Santa Marta Self-Defense Forces" Japan's.
    """
    kinds = {entry.kind for entry in entries}
    if not kinds <= {"person", "body"} or (first == last and kinds == {"body"}):
        return False
    if kinds == {"person"} and first != last:
        return False
    if first and words[first - 1].gap in (" ", "-"):
        before = words[first - 1]
        if before.capital and len(before.text) > 2 and not is_ordinary(before, lexicon):
            return True
    if kinds == {"person"} and last + 1 < len(words) and words[last].gap in (" ", "-"):
        after = words[last + 1]
        return not words[last].possessive and after.capital and not is_ordinary(after, lexicon)
    return False


def is_ordinary(word: Word, lexicon: ActorLexicon) -> bool:
    """Say whether a capitalised word beside a name is no part of it."""
    return word.folded in lexicon.qualifiers or word.folded in NOT_NAMES or word.folded in BREAKS


def is_part_of_place(words: Sequence[Word], unit: Unit) -> bool:
    """Say whether a country's name is only a part of the name of another place."""
    if unit.entries[0].kind not in ("country", "capital", "region"):
        return False
    first, last = unit.first, unit.last
    after = words[last + 1] if last + 1 < len(words) and words[last].gap == " " else None
    if after is not None and after.capital and after.folded in PLACE_TAILS:
        return True
    if first and words[first - 1].gap == " " and words[first - 1].folded in PLACE_HEADS:
        return words[first - 1].capital
    return (
        first > 1
        and words[first - 1].folded == "of"
        and words[first - 2].capital
        and words[first - 2].folded in PLACE_HEADS
    )
