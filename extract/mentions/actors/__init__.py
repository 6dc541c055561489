"""FIND the actors: who an article's words name, with country and sector.

Names and role nouns are looked up (`extract.mentions.actors.lexicon`), then joined into
phrases from left to right:

    [country] [modifiers] [named actor] [roles] [person's name] [of country]

so that "Azerbaijani Defence Ministry" is AZE GOV, "Lebanon's Hezbollah" is HEZBOLLAH, and
"Iranian Foreign Minister Javad Zarif" is one mention. A bare country, capital or nationality
is a mention too, with no sector: whether it acts or is only a place is for the linker to
judge by syntax. Surnames that an article introduced once are found again, and descriptions
without a country ("the foreign minister") get theirs from what stands around them.

Sectors are PLOVER's. The strongest role of a phrase decides ("police officer" is COP,
"rebel commander" REB, "army spokesman" MIL), of equals the last. Somebody who held an office
before the article's day is ELI.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from extract.gazetteer import Gazetteer
from extract.language import Document
from extract.mentions.actors.descriptions import resolve_descriptions
from extract.mentions.actors.drafts import Draft
from extract.mentions.actors.lexicon import ActorLexicon, Word, fold, load_lexicon, read_words
from extract.mentions.actors.phrases import (
    ATTACHING,
    LOCATING,
    NAME_PARTICLES,
    PERSON_ROLES,
    PhraseComposer,
)
from extract.mentions.actors.units import NOT_NAMES
from extract.records import ActorMention, ResolvedToponym, Span

PLACE_KINDS = frozenset({"country", "capital", "region", "demonym"})


class ActorFinder:
    """Finds and codes actors; holds only the bundled tables, so one serves all articles."""

    def __init__(self) -> None:
        self._lexicon = load_lexicon()
        self._composer = PhraseComposer(self._lexicon)

    def find(
        self, document: Document, *, resolved: Sequence[ResolvedToponym] = ()
    ) -> list[ActorMention]:
        """Return the actors that a document names, in text order and not overlapping.

        Page furniture is read like the rest, so that every span can be shown; the linker
        knows which sentences hold events. `document.article.published` tells whose term of
        office counts; without it anyone who ever held the office does. `resolved` are the
        document's resolved toponyms where the caller has them: they give actors without a
        country theirs ("Ohio police", "villagers near Gao") and show that the Sudan of "Port
        Sudan" is none.
        """
        published = document.article.published
        text = document.article.text
        phrases: list[tuple[list[Word], list[Draft]]] = []
        for sentence in document.sentences:
            words = read_words(sentence.span.of(text), start=sentence.span.start)
            phrases.append((words, self._composer.compose(words, published=published, loose=False)))
        self._drop_foreign_bodies(phrases)
        introduced: dict[str, ActorMention] = {}
        found: list[ActorMention] = []
        for words, drafts in phrases:
            for draft in drafts:
                mention = self._code(words, draft, text, published)
                found.append(mention)
                if mention.kind == "title" and mention.span.end - mention.span.start < 80:
                    found += _apposed_names(words, draft, mention, drafts, text, self._lexicon)
        for mention in found:
            if mention.kind == "person":
                surname = fold(mention.text.rsplit(" ", 1)[-1])
                if len(surname) > 2 and mention.text.rsplit(" ", 1)[-1][0].isupper():
                    introduced.setdefault(surname, mention)
        if introduced:
            found += _repeated_names(text, phrases, introduced, {m.span for m in found})
        if any((mention.code or "").startswith("EU") for mention in found):
            found = [_read_brussels(mention) for mention in found]
        places = [(one.span, one.place.country) for one in resolved if one.place is not None]
        found = [m for m in found if m.kind not in PLACE_KINDS or not _is_inside(m, resolved)]
        found = [_join_place(mention, places, text) for mention in found]
        found.sort(key=lambda mention: mention.span)
        located = [(span, country) for span, country in places if country is not None]
        return resolve_descriptions(document, _without_overlaps(found), located=located)

    def _drop_foreign_bodies(self, phrases: Sequence[tuple[list[Word], list[Draft]]]) -> None:
        """Read "the Senate" as a role where the body's country is not what the article is about.

        It must be named in the same sentence or be among the countries named most.
        """
        named: Counter[str | None] = Counter()
        here: list[set[str | None]] = []
        for words, drafts in phrases:
            countries = [
                entry.country
                for draft in drafts
                for entry in (draft.place, None if self._is_generic(words, draft) else draft.named)
                if entry is not None and entry.kind != "organisation"
            ]
            named.update(countries)
            here.append(set(countries))
        most = max(named.values(), default=0)
        for (words, drafts), countries_here in zip(phrases, here, strict=True):
            for draft in drafts:
                if draft.named is None or not self._is_generic(words, draft):
                    continue
                country = draft.named.country
                if country in countries_here or (most and 2 * named[country] >= most):
                    continue
                key = " ".join(word.folded for word in words[draft.first : draft.last + 1])
                draft.roles, draft.named = [self._lexicon.roles[key]], None

    def _is_generic(self, words: Sequence[Word], draft: Draft) -> bool:
        if draft.named is None or draft.named.kind != "body" or draft.roles or draft.place:
            return False
        key = " ".join(word.folded for word in words[draft.first : draft.last + 1])
        return key in self._lexicon.roles

    def code(
        self,
        phrase: str,
        *,
        published: datetime.date | None = None,
        gazetteer: Gazetteer | None = None,
    ) -> ActorMention | None:
        """Code one bare noun phrase; None where it names no actor.

        The first actor of the phrase counts; what it lacks is taken from those after it
        ("rebels in eastern Ukraine" is UKR REB). With a `gazetteer` the towns and provinces of
        the phrase lend their country ("Kaduna State government"), and a town alone stands for
        its people (CVL). Spans count from the phrase's first character.
        """
        words = read_words(phrase)
        drafts = self._composer.compose(words, published=published, loose=True)
        if not drafts:
            return _code_town(words, phrase, gazetteer) if gazetteer else None
        best = self._code_first(words, drafts, phrase, published)
        if gazetteer and best.country is None and best.code == best.sector:
            taken = {position for d in drafts for position in range(d.first, d.last + 1)}
            if country := _country_of_places(words, taken, gazetteer):
                best = replace(best, country=country, code=_join(country, best.sector))
        return best

    def _code_first(
        self,
        words: Sequence[Word],
        drafts: Sequence[Draft],
        phrase: str,
        published: datetime.date | None,
    ) -> ActorMention:
        coded = [self._code(words, draft, phrase, published) for draft in drafts]
        best = coded[0]
        if best.kind == "capital" and len(drafts) == 1:
            # As an actor a capital is its government; as a place nobody asks for its code.
            return replace(best, sector="GOV", code=_join(best.country, "GOV"))
        for other in coded[1:]:
            if best.kind in ("person", "organisation", "group"):
                break
            if best.country is None and other.country and best.code in (None, best.sector):
                best = replace(best, country=other.country, code=_join(other.country, best.sector))
            elif best.sector is None and other.sector and other.country in (None, best.country):
                best = replace(best, sector=other.sector, code=_join(best.country, other.sector))
        return best

    def _code(
        self,
        words: Sequence[Word],
        draft: Draft,
        text: str,
        published: datetime.date | None,
    ) -> ActorMention:
        start = words[draft.first].start
        end = words[draft.last].end
        span = Span(start, end)
        sector = _sector(draft)
        if draft.named is not None:
            entry = draft.named
            chosen = entry.sector
            if entry.kind == "person" and not entry.holds_office(published) and chosen == "GOV":
                chosen = "ELI"
            if draft.former and entry.kind == "person":
                chosen = "ELI"
            code = entry.code if chosen == entry.sector else _join(entry.country, chosen)
            return ActorMention(
                span, text[start:end], entry.name, entry.country, chosen, code, entry.kind
            )
        kind = "person" if draft.person else _kind(draft)
        role = " ".join(role.noun for role in draft.roles)
        if draft.place is not None:
            place = draft.place
            sector = sector or place.sector
            name = f"{place.name} {role}".strip()
            code = _join(place.country or place.code, sector) if sector else place.code
            country = place.country
        else:
            name, code, country = role, _join(draft.located, sector), draft.located
        if draft.person:
            name = text[words[draft.person[0]].start : words[draft.person[1]].end]
        return ActorMention(span, text[start:end], name, country, sector, code, kind)


def code_actor(
    phrase: str,
    *,
    published: datetime.date | None = None,
    gazetteer: Gazetteer | None = None,
) -> ActorMention | None:
    """Code one bare noun phrase, as `ActorFinder.code` does."""
    return ActorFinder().code(phrase, published=published, gazetteer=gazetteer)


def _code_town(words: Sequence[Word], phrase: str, gazetteer: Gazetteer) -> ActorMention | None:
    named = [word for word in words if word.folded != "the"]
    if any(word.text.isupper() for word in named):
        return None
    if not 0 < len(named) <= 4 or not all(word.capital for word in named):
        return None
    span = Span(named[0].start, named[-1].end)
    country = _country_of(span.of(phrase), gazetteer)
    if country is None:
        return None
    return ActorMention(
        span, span.of(phrase), span.of(phrase), country, "CVL", f"{country} CVL", "region"
    )


def _country_of(name: str, gazetteer: Gazetteer) -> str | None:
    places = gazetteer.candidates(name)
    return places[0].country if places else None


def _country_of_places(words: Sequence[Word], taken: set[int], gazetteer: Gazetteer) -> str | None:
    """Return the country of a capitalised name before an actor or after a preposition."""
    for first, word in enumerate(words):
        if first in taken or not word.capital or len(word.text) < 3 or word.folded in NOT_NAMES:
            continue
        before = words[first - 1].folded if first else ""
        for last in range(min(first + 2, len(words) - 1), first - 1, -1):
            run = words[first : last + 1]
            if any(not w.capital for w in run) or set(range(first, last + 1)) & taken:
                continue
            if last + 1 not in taken and before not in LOCATING | ATTACHING:
                continue
            if country := _country_of(" ".join(w.text for w in run), gazetteer):
                return country
    return None


def _read_brussels(mention: ActorMention) -> ActorMention:
    """Read Brussels as the European Union, in an article that speaks of it."""
    if mention.kind != "capital" or mention.text.lower() != "brussels":
        return mention
    return replace(mention, name="European Union", country=None, sector="EUR", code="EU")


def _is_inside(mention: ActorMention, resolved: Sequence[ResolvedToponym]) -> bool:
    """Say whether a country's name is but a part of a longer toponym."""
    return any(
        one.span.covers(mention.span) and one.span != mention.span and one.place is not None
        for one in resolved
    )


def _join_place(
    mention: ActorMention, places: Sequence[tuple[Span, str | None]], text: str
) -> ActorMention:
    """Take the toponym right before a role into it: "Ohio police" are USA COP."""
    if mention.country is not None or mention.code != mention.sector or mention.sector is None:
        return mention
    for span, country in places:
        if (
            country
            and span.end < mention.span.start
            and not text[span.end : mention.span.start].strip()
        ):
            joined = Span(span.start, mention.span.end)
            if "\n" in joined.of(text):
                continue
            return replace(
                mention,
                span=joined,
                text=joined.of(text),
                country=country,
                code=_join(country, mention.sector),
            )
    return mention


def _join(country: str | None, sector: str | None) -> str | None:
    return " ".join(part for part in (country, sector) if part) or None


def _sector(draft: Draft) -> str | None:
    if not draft.roles:
        return None
    strongest = max(role.strength for role in draft.roles)
    sector = [role for role in draft.roles if role.strength == strongest][-1].sector
    sector = draft.hint or sector
    if draft.sided and sector == "MIL":
        return "REB"
    if draft.former and sector in ("GOV", "LEG", "MIL", "SPY", "JUD", "COP"):
        return "ELI"
    return sector


def _kind(draft: Draft) -> str:
    if draft.roles:
        kinds = [role.kind for role in draft.roles]
        if kinds[-1] in PERSON_ROLES:
            return "title"
        return "thing" if kinds[-1] == "thing" else "body"
    return draft.place.kind if draft.place else "body"


def _apposed_names(
    words: Sequence[Word],
    draft: Draft,
    mention: ActorMention,
    drafts: Sequence[Draft],
    text: str,
    lexicon: ActorLexicon,
) -> list[ActorMention]:
    """Return who a title stands beside: "Ali Ahmadi, Iran's deputy oil minister" or after it."""
    taken = {position for other in drafts for position in range(other.first, other.last + 1)}
    start = draft.first
    if start and words[start - 1].folded in ("the", "a", "an"):
        start -= 1
    names: list[tuple[int, int]] = []
    if start and words[start - 1].gap == ", ":
        first = start
        while first and start - first < 4 and _is_name_part(words[first - 1], lexicon):
            if first - 1 in taken or (first < start and words[first - 1].gap not in (" ", "-")):
                break
            first -= 1
        names.append((first, start - 1))
    if words[draft.last].gap == ", " and not draft.roles[-1].plural:
        last = draft.last
        while last + 1 < len(words) and last - draft.last < 4 and last + 1 not in taken:
            if not _is_name_part(words[last + 1], lexicon):
                break
            last += 1
            if words[last].gap not in (" ", "-"):
                break
        names.append((draft.last + 1, last))
    return [
        ActorMention(
            Span(words[first].start, words[last].end),
            text[words[first].start : words[last].end],
            text[words[first].start : words[last].end],
            mention.country,
            mention.sector,
            mention.code,
            "person",
        )
        for first, last in names
        if 1 <= last - first <= 3
    ]


def _is_name_part(word: Word, lexicon: ActorLexicon) -> bool:
    if word.folded in NAME_PARTICLES:
        return True
    return word.capital and word.folded not in NOT_NAMES and word.folded not in lexicon.qualifiers


def _without_overlaps(mentions: Sequence[ActorMention]) -> list[ActorMention]:
    """Keep the first of mentions that share words; they come in text order."""
    kept: list[ActorMention] = []
    for mention in mentions:
        if not kept or mention.span.start >= kept[-1].span.end:
            kept.append(mention)
    return kept


def _repeated_names(
    text: str,
    phrases: Sequence[tuple[list[Word], list[Draft]]],
    introduced: dict[str, ActorMention],
    known: set[Span],
) -> list[ActorMention]:
    """Find surnames again that the article introduced with a title or in full."""
    again: list[ActorMention] = []
    starts = {span.start for span in known}
    for words, drafts in phrases:
        covered = {position for draft in drafts for position in range(draft.first, draft.last + 1)}
        for position, word in enumerate(words):
            if word.folded not in introduced or not word.capital or position in covered:
                continue
            if word.start in starts:
                continue
            who = introduced[word.folded]
            span = Span(word.start, word.end)
            again.append(replace(who, span=span, text=text[word.start : word.end]))
    return again
