"""Score where headlines' events are put, by what the headline names.

    python -m training.headline_places HEADLINES.jsonl [--show 20]

Each line holds `id`, `headline`, `source_date` and the event's `country` (ISO 3166-1 alpha-3),
`lat` and `lon`, coded by people who read the whole report. A headline is read as an article of
that day; the first event that is neither denied nor historical answers for it. Printed are the
share with the right country and the share within 161 km, over four sets, each inside the one
before:

    all         every headline
    english     nine letters of ten are Latin
    telling     and it reports something: it is no address, no handle, no title of a bulletin
    naming      and it names more than the country

A headline names more than the country where one of these stands in it, whatever our recogniser
finds there:

    a part of it     a point of the compass before the country's name or nationality ("east
                     Ukraine", "E. Ukraine", "east Ukrainian town"), behind its possessive
                     ("Ukraine's east"), or alone as a noun ("in separatist east")
    a place in it    capitalised words that the gazetteer has as a place of that country other
                     than the country itself, its capital where it stands for the government,
                     common English words, and the names of people and organisations

Then the errors among the last set are counted by kind, and `--show` prints some of each.
"""

from __future__ import annotations

import argparse
import datetime
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extract.gazetteer import Gazetteer, NameKind
from extract.gazetteer.distances import measure_km
from extract.gazetteer.names import fold
from extract.mentions.toponyms.token_features import (
    LINKS,
    LONGEST_NAME,
    Token,
    is_capitalised,
    load_common_words,
    load_word_lists,
    tokenize,
)
from extract.pipeline import Extraction, Extractor
from extract.records import Article, Event, Precision, Status
from training.resolution import RIGHT_KM

SETS = ("all", "english", "telling", "naming")
LATIN_SHARE = 0.9
# Titles of periodical bulletins, which tell of a week and not of an event.
BULLETIN = re.compile(
    r"\b(?:situation|daily|weekly|monthly|spot|flash|status|human rights) (?:report|update|brief"
    r"|situation|overview|summary)|\blatest from\b|\breport on\b|\bcrisiswatch\b|\bdigest\b",
    re.IGNORECASE,
)
HANDLE = re.compile(r"(?:^|\s)@\w+")
ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
FEWEST_WORDS = 3
# The title of a monthly review: a name or two, a month and a year, no word of what happened.
MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
MONTH = re.compile(rf"^(?:\S+\s+){{1,3}}(?:{MONTHS}) \d{{4}}(?: - \w+)?$", re.IGNORECASE)
SIDE = r"(?:north|south)[ -]?(?:east|west)|north|south|east|west"
COMPASS = rf"(?:(?i:(?:{SIDE})(?:ern)?)|[NS][EW]?\.?|[EW]\.?)"
ALONE = re.compile(
    rf"\b(?i:in|of|across|from)\s+(?:the\s+)?(?:[\w-]+\s+)?(?i:{SIDE})\b(?!\s+(?:of|[A-Z]))"
)
# What a capital's name stands before where the government is meant, and what stands before it.
GOVERNMENT = frozenset(
    """
    's ' forces force troops troop military army authorities government regime aggression sniper
    strike soldiers fire officials official ministry command leader leaders guards
    """.split()
)
SAYING_BEFORE = frozenset({"-", "–", "—", "with", "by", "against", "to"})


@dataclass(frozen=True, slots=True)
class Judgement:
    """What became of one headline; `kind` is "right" or says where the place went."""

    headline: str
    kind: str
    same_country: bool
    near: bool
    answer: str


def list_sets(row: dict[str, Any], gazetteer: Gazetteer) -> list[str]:
    """Return which of `SETS` a headline belongs to."""
    headline = row["headline"]
    letters = [letter for letter in headline if letter.isalpha()]
    found = ["all"]
    if sum(letter < "ɐ" for letter in letters) < LATIN_SHARE * len(letters):
        return found
    found.append("english")
    rest = ADDRESS.sub("", headline)
    if (
        HANDLE.search(headline)
        or BULLETIN.search(headline)
        or MONTH.match(headline)
        or len(rest.split()) < FEWEST_WORDS
    ):
        return found
    found.append("telling")
    if names_more(headline, row["country"], gazetteer):
        found.append("naming")
    return found


def names_more(headline: str, country: str, gazetteer: Gazetteer) -> bool:
    """Say whether a headline names a part of the country or a place in it."""
    return _names_part(headline, country, gazetteer) or any(
        True for _ in find_places(headline, country, gazetteer)
    )


def _names_part(headline: str, country: str, gazetteer: Gazetteer) -> bool:
    if ALONE.search(headline):
        return True
    place = gazetteer.country(country)
    words = {word for word, countries in gazetteer.demonyms.items() if country in countries}
    names = "|".join(re.escape(word) for word in {*words, place.name if place else ""} if word)
    before = rf"(?<![\w.'’]){COMPASS}\s+(?i:{names})\b"
    behind = rf"\b(?i:{names})['’]s?\s+(?:[a-z-]+\s+)?{COMPASS}\b"
    return bool(re.search(f"{before}|{behind}", headline))


def find_places(headline: str, country: str, gazetteer: Gazetteer) -> Iterator[str]:
    """Yield the names in a headline that the gazetteer has as places in a country."""
    tokens = tokenize(headline)
    loud = headline.upper() == headline
    first = 0
    while first < len(tokens):
        last = _longest_place(tokens, first, headline, country, gazetteer)
        if last is None:
            first += 1
            continue
        if not _is_other_name(tokens, first, last, loud=loud):
            yield headline[tokens[first].start : tokens[last].end]
        first = last + 1


def _longest_place(
    tokens: Sequence[Token], first: int, text: str, country: str, gazetteer: Gazetteer
) -> int | None:
    """Return the last token of the longest name of a place in the country, None without one."""
    if not is_capitalised(tokens[first].text):
        return None
    ends = []
    for last in range(first, min(first + LONGEST_NAME, len(tokens))):
        if is_capitalised(tokens[last].text):
            ends.append(last)
        elif tokens[last].text not in LINKS:
            break
    for last in reversed(ends):
        name = text[tokens[first].start : tokens[last].end]
        places = [
            candidate.place
            for candidate in gazetteer.look_up(fold(name))
            if candidate.kind < NameKind.CODE
        ]
        if any(place.precision is Precision.COUNTRY for place in places):
            return None
        if any(country in place.countries for place in places) and not (
            any(place.feature_code == "PPLC" for place in places)
            and _is_government(tokens, first, last)
        ):
            return last
    return None


def _is_government(tokens: Sequence[Token], first: int, last: int) -> bool:
    before = tokens[first - 1].text.lower() if first else ""
    after = tokens[last + 1].text.lower() if last + 1 < len(tokens) else ""
    lists = load_word_lists()
    return (
        before in SAYING_BEFORE
        or after in GOVERNMENT
        or after in lists["acting_verbs"]
        or after in lists["reporting_verbs"]
    )


def _is_other_name(tokens: Sequence[Token], first: int, last: int, *, loud: bool) -> bool:
    """Say whether the words are a common word's, a person's or an organisation's name."""
    lists = load_word_lists()
    word = tokens[first].text.lower()
    if first == last and (
        word in lists["given_names"] or (word in load_common_words() and (loud or first == 0))
    ):
        return True
    before = tokens[first - 1].text.lower() if first else ""
    after = tokens[last + 1].text.lower() if last + 1 < len(tokens) else ""
    capital = last + 1 < len(tokens) and is_capitalised(tokens[last + 1].text) and not loud
    return (
        before.rstrip(".") in lists["titles"]
        or before in lists["given_names"]
        or (capital and after in lists["organisation_heads"])
    )


def answer_of(extraction: Extraction) -> Event | None:
    """Return the event that answers for a headline: the first that is not denied or historical."""
    return next(
        (
            event
            for event in extraction.events
            if event.status not in (Status.HISTORICAL, Status.DENIED)
        ),
        None,
    )


def judge_headline(row: dict[str, Any], extraction: Extraction) -> Judgement:
    """Compare the answer for a headline with the coded event."""
    event = answer_of(extraction)
    place = event.place if event else None
    named = ", ".join(f"{each.toponym.text}" for each in extraction.resolved) or "-"
    if place is None or event is None:
        kind = "no event" if event is None else "an event without a place"
        return Judgement(row["headline"], kind, False, False, f"names {named}")
    same = place.countries[:1] == (row["country"],)
    far = measure_km(place.latitude, place.longitude, row["lat"], row["lon"])
    kind = "right"
    if far > RIGHT_KM:
        if row["country"] not in place.countries:
            kind = "another country"
        elif place.precision is Precision.COUNTRY:
            kind = "the country alone"
        else:
            kind = "elsewhere in the country"
    basis = event.place_basis.value if event.place_basis else "-"
    answer = f"{place.name} by {basis}, {far:.0f} km from {row.get('where', 'it')}; names {named}"
    return Judgement(row["headline"], kind, same, far <= RIGHT_KM, answer)


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the headlines, score the sets and print the errors by kind."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("headlines", type=Path)
    parser.add_argument("--show", type=int, default=0, help="how many errors of a kind to print")
    options = parser.parse_args(arguments)
    extractor = Extractor()
    judged: dict[str, list[Judgement]] = defaultdict(list)
    for line in options.headlines.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        day = datetime.date.fromisoformat(row["source_date"])
        extraction = extractor.extract(Article(row["id"], row["headline"], published=day))
        judgement = judge_headline(row, extraction)
        for name in list_sets(row, extractor.gazetteer):
            judged[name].append(judgement)
    print(f"{'headlines':10s} {'number':>7s} {'country':>8s} {'161 km':>7s}")
    for name in SETS:
        those = judged[name]
        same = sum(each.same_country for each in those) / max(1, len(those))
        near = sum(each.near for each in those) / max(1, len(those))
        print(f"{name:10s} {len(those):7d} {same:8.3f} {near:7.3f}")
    kinds = Counter(each.kind for each in judged["naming"])
    for kind, count in kinds.most_common():
        print(f"\n{kind}: {count}")
        wrong = [each for each in judged["naming"] if each.kind == kind and kind != "right"]
        for each in wrong[: options.show]:
            print(f"   {each.headline}\n      {each.answer}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
