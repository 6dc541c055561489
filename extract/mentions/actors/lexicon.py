"""What the finder of actors knows by heart: countries, named actors and role nouns.

Four bundled tables are read into plain dictionaries keyed by folded words:

    countries.csv   names, abbreviations, demonyms and capitals of countries
    actors.csv      office-holders, bodies, armed groups, organisations, seats of power
    roles.csv       role nouns ("foreign minister", "warship") and the sector each stands for
    name_spellings.csv  one spelling for the many of a word ("Mohamed", "defense")

A key is the words of a name in lower case without accents, dots, hyphens, apostrophes and
possessive endings, joined by blanks, so that "Hay'at Tahrir al-Sham", "U.N." and "Cote
d'Ivoire" match however an agency spells them.
"""

from __future__ import annotations

import csv
import datetime
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from extract.bundled import bundled_path

WORD = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_]+")
APOSTROPHES = "'’ʼ‘`"
# Most names of the tables: their words need no look at what stands between them.
PLAIN_NAME = re.compile(r"[A-Za-z0-9]+(?:[ -][A-Za-z0-9]+)*")

# Articles and demonyms are in no key of more than one word that begins with them.
ARTICLES = frozenset({"the", "a", "an"})

# What may stand between two words of one name. A line break, comma or bracket may not.
JOINTS = frozenset({" ", "-", "'", "’", "ʼ", "‘", "`", ". ", "\xa0", "‑", "–", "/", " & ", "", "."})


@dataclass(frozen=True, slots=True)
class Entry:
    """A named actor: a row of actors.csv or a country under one of its names.

    `kind` is country, demonym (adjective), people (plural demonym or an ethnic group),
    capital, region, seat (of power), person, body (of a state), group or organisation. `start` and
    `end` are the days of an office, None where open. `country` is ISO alpha-3 or None.
    """

    name: str
    code: str | None
    country: str | None
    sector: str | None
    kind: str
    start: datetime.date | None = None
    end: datetime.date | None = None

    def holds_office(self, day: datetime.date | None) -> bool:
        """Say whether the office is held on `day`; True where the day or the office is open."""
        if day is None:
            return True
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)


@dataclass(frozen=True, slots=True)
class Role:
    """A role noun and its sector.

    `kind` is title (one person or several), weaktitle, rank, body, thing, bound (counts only
    beside a country, a name or another role) or portfolio. Where several roles stand
    together the highest `strength` decides the sector, and of equals the last.
    """

    noun: str
    sector: str
    kind: str
    strength: int
    plural: bool


class Word(NamedTuple):
    """A word of a text: folded form, offsets into the text, and how it is joined to the next.

    `gap` is the text between this word and the next, with a possessive ending cut off and
    told in `possessive`.
    """

    text: str
    folded: str
    start: int
    end: int
    gap: str
    possessive: bool

    @property
    def capital(self) -> bool:
        """Whether the word begins with a capital letter."""
        return self.text[0].isupper()


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """Return a word in lower case without accents and dots, in its commonest spelling."""
    if word.isascii():
        plain = word.replace(".", "").lower()
    else:
        marked = unicodedata.normalize("NFKD", word.replace(".", ""))
        bare = "".join(mark for mark in marked if not unicodedata.combining(mark))
        plain = bare.lower().translate(LETTERS)
    return spellings().get(plain, plain)


LETTERS = str.maketrans(
    {"ı": "i", "ø": "o", "đ": "d", "ł": "l", "ß": "ss", "æ": "ae", "ə": "a", "ð": "d"}
)


@lru_cache(maxsize=1)
def spellings() -> dict[str, str]:
    """Return the common spelling of each variant: transliterations, American and British."""
    return {
        variant: row["spelling"]
        for row in _read(bundled_path("name_spellings.csv"))
        for variant in row["variants"].split("|")
    }


def read_words(text: str, *, start: int = 0) -> list[Word]:
    """Return the words of a text in order, with offsets counted from `start`."""
    found = list(WORD.finditer(text))
    words: list[Word] = []
    index, count = 0, len(found)
    while index < count:
        match = found[index]
        begin, end = match.span()
        after = found[index + 1].start() if index + 1 < count else len(text)
        gap = text[end:after]
        possessive = False
        # Most words are joined by one blank: only the others are looked at closely.
        tail = "" if gap == " " else gap.lstrip(" ")
        if tail and tail[0] in APOSTROPHES:
            if len(tail) == 1 and index + 1 < count and found[index + 1].group() in ("s", "S"):
                index += 1
                rest = found[index].end()
                after = found[index + 1].start() if index + 1 < count else len(text)
                gap, possessive = text[rest:after], True
            elif gap is tail and text[end - 1] in "sS" and (len(gap) == 1 or gap[1] in " ,."):
                gap, possessive = gap[1:], True
        elif gap == "." and end - begin == 1:
            gap = ""
        word = match.group()
        words.append(Word(word, fold(word), start + begin, start + end, gap, possessive))
        index += 1
    return words


def key_of(text: str) -> str:
    """Return the key under which a name is kept."""
    if PLAIN_NAME.fullmatch(text):
        return " ".join(map(fold, text.replace("-", " ").split(" ")))
    return " ".join(word.folded for word in read_words(text))


class ActorLexicon:
    """All names and role nouns, with the longest key that begins with each word."""

    def __init__(self) -> None:
        self.names: dict[str, list[tuple[Entry, str]]] = {}
        self.roles: dict[str, Role] = {}
        self.portfolios: set[str] = set()
        self.portfolio_words: set[str] = set()
        self.modifiers: set[str] = set()
        # Words of modifiers with a hyphen, which qualify nothing by themselves: "left-wing".
        self.modifier_parts: set[str] = set()
        self.modifier_sectors: dict[str, str] = {}
        self.qualifiers: set[str] = set(TITLES_BEFORE_NAMES)
        self.surnames: dict[str, list[Entry]] = {}
        self.longest: dict[str, int] = {}
        self.country_names: dict[str, str] = {}
        self._add_countries()
        for key, code in USUAL_MEANINGS.items():
            self.names[key].sort(key=lambda known: known[0].country != code)
        self._add_actors()
        self._add_roles()
        self.qualifiers |= self.modifiers | self.modifier_parts
        for key in self.roles:
            self.qualifiers.update(key.split(" "))
        for key, known in self.names.items():
            if known[0][0].kind in (
                "country",
                "demonym",
                "people",
                "capital",
                "seat",
                "organisation",
            ):
                self.qualifiers.update(key.split(" "))

    def entries(self, key: str) -> list[tuple[Entry, str]]:
        """Return the actors of that name, best known first, each with the shape of the name.

        The shape has a letter per word: A must begin with a capital, U must be all capitals,
        a may be either.
        """
        return self.names.get(key, [])

    def _add_name(self, alias: str, entry: Entry) -> str:
        """Keep an actor under one of its names and return the key."""
        if PLAIN_NAME.fullmatch(alias):
            words = alias.replace("-", " ").split(" ")
        else:
            words = [word.text for word in read_words(alias)]
        if not words:
            raise ValueError(f"actors: {entry.name!r} has an alias without a word: {alias!r}")
        key = " ".join(map(fold, words))
        # A short name in capitals is matched in capitals only: "us" and "who" are words.
        if len(words) == 1 and words[0].isupper() and len(words[0]) <= 8:
            shape = "U"
        else:
            shape = "".join(["A" if word[0].isupper() else "a" for word in words])
        known = self.names.get(key)
        if known is None:
            self.names[key] = [(entry, shape)]
            self._note_length(key)
            return key
        if (entry, "U") in known and shape != "U":
            known.remove((entry, "U"))
        if all(one != entry for one, _ in known):
            known.append((entry, shape))
        return key

    def _note_length(self, key: str) -> None:
        first, count = key.split(" ", 1)[0], key.count(" ") + 1
        if self.longest.get(first, 0) < count:
            self.longest[first] = count

    def _add_countries(self) -> None:
        for row in _read(bundled_path("countries.csv")):
            successors = row["successors"].split("|")
            code = row["alpha3"] if row["kind"] != "historical" else successors[0]
            if not row["alpha3"] or not code:
                continue
            self.country_names.setdefault(code, row["name"])
            state = Entry(row["name"], code, code, None, "country")
            names = [row["name"], row["official_name"]]
            for column in ("alternative_names", "abbreviations", "old_names"):
                names += row[column].split("|")
            for name in names:
                if name:
                    self._add_name(name, state)
            adjective = Entry(row["name"], code, code, None, "demonym")
            people = Entry(row["name"], code, code, None, "people")
            demonyms = [name for name in row["demonyms"].split("|") if name]
            for name in demonyms:
                plural = name.endswith("men") or (name.endswith("s") and name[:-1] in demonyms)
                self._add_name(name, people if plural else adjective)
            if row["kind"] == "country":
                for name in row["capitals"].split("|"):
                    if name:
                        self._add_name(name, Entry(row["name"], code, code, None, "capital"))

    def _add_actors(self) -> None:
        for row in _read(bundled_path("actors.csv")):
            country, sector = row["country"] or None, row["sector"] or None
            code = row["code"] or " ".join(part for part in (country, sector) if part) or None
            entry = Entry(
                row["name"], code, country, sector, row["kind"],
                _day(row["start"], last=False), _day(row["end"], last=True),
            )  # fmt: skip
            for alias in (row["name"], *row["aliases"].split("|")):
                if not alias:
                    continue
                key = self._add_name(alias, entry)
                if entry.kind == "person":
                    known = self.surnames.setdefault(key.rsplit(" ", 1)[-1], [])
                    if entry not in known:
                        known.append(entry)

    def _add_roles(self) -> None:
        plain: list[Role] = []
        for row in _read(bundled_path("roles.csv")):
            if row["kind"] == "portfolio":
                self.portfolios.add(key_of(row["noun"]))
            elif row["kind"] == "modifier":
                words = key_of(row["noun"]).split(" ")
                apart = "-" in row["noun"]
                (self.modifier_parts if apart else self.modifiers).update(words)
                if row["sector"] and len(words) == 1:
                    self.modifier_sectors[words[0]] = row["sector"]
            else:
                strength = int(row["strength"])
                plain.append(Role(row["noun"], row["sector"], row["kind"], strength, False))
        for portfolio in sorted(self.portfolios):
            self.portfolio_words.update(portfolio.split(" "))
            for person in PORTFOLIO_PERSONS:
                plain.append(Role(f"{portfolio} {person}", "GOV", "title", 1, False))
            for body in PORTFOLIO_BODIES:
                plain.append(Role(f"{portfolio} {body}", "GOV", "body", 1, False))
        for role in plain:
            self._add_role(role, role.noun)
        # Plurals come after all rows, so that a plural with a row of its own keeps it.
        for role in plain:
            for form in _plurals(role.noun):
                self._add_role(replace(role, plural=True), form)

    def _add_role(self, role: Role, form: str) -> None:
        key = key_of(form)
        if key not in self.roles:
            self.roles[key] = role
            self._note_length(key)


TITLES_BEFORE_NAMES = frozenset("mr mrs ms miss sir lord lady dr dame baroness comrade the".split())
# Which of several countries of one name news means by the bare name.
USUAL_MEANINGS = {"congo": "COD", "congolese": "COD", "korea": "KOR"}
PORTFOLIO_PERSONS = ("minister", "minister designate", "secretary", "chief", "spokesman")
PORTFOLIO_BODIES = ("ministry", "department", "committee")
IRREGULAR_PLURALS = {"man": "men", "woman": "women", "person": "people", "child": "children"}


def _plurals(noun: str) -> Iterator[str]:
    """Yield a noun's regular plurals, built on the last word (or the one before "of")."""
    head, of, tail = noun.partition(" of ")
    last = head.rsplit(" ", 1)[-1]
    for singular, plural in IRREGULAR_PLURALS.items():
        if last.endswith(singular) and not last.endswith("german"):
            yield head[: len(head) - len(singular)] + plural + of + tail
            return
    if last.endswith("y") and last[-2:-1] not in "aeou":
        plural = head[:-1] + "ies"
    elif last.endswith(("s", "x", "ch", "sh")):
        plural = head + "es"
    elif last == "thief":
        plural = head[:-1] + "ves"
    else:
        plural = head + "s"
    yield plural + of + tail
    words = head.split(" ")
    if (len(words) == 2 and words[1] in ("general", "elect", "major")) or (
        len(words) == 3 and words[1] == "in"
    ):
        yield " ".join([words[0] + "s", *words[1:]]) + of + tail


def _read(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _day(text: str, *, last: bool) -> datetime.date | None:
    """Read YYYY or YYYY-MM-DD; a bare year is its last day, or its first."""
    if not text:
        return None
    if len(text) == 4:
        return datetime.date(int(text), 12, 31) if last else datetime.date(int(text), 1, 1)
    return datetime.date.fromisoformat(text)


@lru_cache(maxsize=1)
def load_lexicon() -> ActorLexicon:
    """Read the bundled tables once per process."""
    return ActorLexicon()
