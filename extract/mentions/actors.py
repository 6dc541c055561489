"""FIND the actors: who an article's words name, with country and sector.

Names and role nouns are looked up (`extract.mentions.actor_lexicon`), then joined into
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
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from extract.language import Document
from extract.mentions.actor_lexicon import (
    JOINTS,
    ActorLexicon,
    Entry,
    Role,
    Word,
    fold,
    load_lexicon,
    read_words,
)
from extract.mentions.coreference import resolve_descriptions
from extract.records import ActorMention, Span

COUNTRY_KINDS = frozenset({"country", "demonym", "people", "capital", "seat"})
PERSON_ROLES = frozenset({"title", "weaktitle", "rank"})

# "Iran-backed militias": who backs does not act. "Saudi-led forces", "Somalia-based group":
# the country is theirs. "Russia-brokered ceasefire": the broker acts too.
BACKING = frozenset(
    """
    backed supported sponsored funded trained armed linked aligned allied born occupied held
    controlled administered speaking made built friendly
    """.split()
)
LEADING = frozenset({"led", "based", "dominated", "commanded", "run", "owned"})
BROKERING = frozenset({"brokered", "mediated", "drafted"})
SIDING = frozenset({"pro", "anti", "counter", "non"})
FORMER = frozenset({"former", "ex", "retired", "ousted", "deposed", "onetime", "late", "disgraced"})
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
    july august september october november december the a an in on at he she it they we i but and
    this that these those said says told has have had was were is are will would after before when
    while as with from by of for to his her their its new
    """.split()
)
NAME_PARTICLES = frozenset(
    "al el bin ibn bint abu abd ul ur de da do dos das del della di la le van von der den ter ten af bar y e".split()
)
ATTACHING = frozenset({"of", "from", "for"})
# Heads that take the sector of the body they belong to: "head of the police" is COP.
HEADED_SECTORS = frozenset(
    {"GOV", "MIL", "LEG", "JUD", "PTY", "SPY", "COP", "BUS", "REB", "UAF", "UNK"}
)
MINISTERIAL = frozenset(
    """
    minister ministers ministry ministries department departments secretary secretaries
    undersecretary office commissioner
    """.split()
)
LOCATING = frozenset({"in", "near", "across", "inside", "throughout", "within", "at"})
SPACES = frozenset({" ", "\xa0", "-", "‑", "–", " \n", "  "})


@dataclass(slots=True)
class _Unit:
    """Words that the lexicon knows: named actors, a role noun, or both at once."""

    first: int
    last: int
    entries: list[Entry]
    role: Role | None

    @property
    def is_country(self) -> bool:
        return bool(self.entries) and self.entries[0].kind in COUNTRY_KINDS


@dataclass(slots=True)
class _Draft:
    """A phrase under construction, over word indexes of one sentence."""

    first: int
    last: int
    place: Entry | None = None
    named: Entry | None = None
    roles: list[Role] = field(default_factory=list)
    person: tuple[int, int] | None = None
    former: bool = False
    located: str | None = None
    hint: str | None = None


class ActorFinder:
    """Finds and codes actors; holds only the bundled tables, so one serves all articles."""

    def __init__(self) -> None:
        self._lexicon = load_lexicon()

    def find(self, document: Document) -> list[ActorMention]:
        """Return the actors that a document names, in text order and not overlapping.

        Page furniture is read like the rest, so that every span can be shown; the linker
        knows which sentences hold events. `document.article.published` tells whose term of
        office counts; without it anyone who ever held the office does.
        """
        published = document.article.published
        text = document.article.text
        phrases: list[tuple[list[Word], list[_Draft]]] = []
        for sentence in document.sentences:
            words = read_words(sentence.text, start=sentence.span.start)
            phrases.append((words, self.compose(words, published=published, loose=False)))
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
        found.sort(key=lambda mention: mention.span)
        return resolve_descriptions(document, _without_overlaps(found))

    def _drop_foreign_bodies(self, phrases: Sequence[tuple[list[Word], list[_Draft]]]) -> None:
        """Read "the Senate" as a role where the article never names the body's country."""
        countries = {
            entry.country
            for words, drafts in phrases
            for draft in drafts
            for entry in (draft.place, None if self._is_generic(words, draft) else draft.named)
            if entry is not None and entry.kind != "organisation"
        }
        for words, drafts in phrases:
            for draft in drafts:
                if draft.named is None or draft.named.country in countries:
                    continue
                if self._is_generic(words, draft):
                    key = " ".join(word.folded for word in words[draft.first : draft.last + 1])
                    draft.roles, draft.named = [self._lexicon.roles[key]], None

    def _is_generic(self, words: Sequence[Word], draft: _Draft) -> bool:
        if draft.named is None or draft.named.kind != "body" or draft.roles or draft.place:
            return False
        key = " ".join(word.folded for word in words[draft.first : draft.last + 1])
        return key in self._lexicon.roles

    def code(self, phrase: str, *, published: datetime.date | None = None) -> ActorMention | None:
        """Code one bare noun phrase; None where it names no actor.

        The first actor of the phrase counts; what it lacks is taken from those after it
        ("rebels in eastern Ukraine" is UKR REB). Spans count from the phrase's first character.
        """
        words = read_words(phrase)
        drafts = self.compose(words, published=published, loose=True)
        if not drafts:
            return None
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

    def compose(
        self, words: Sequence[Word], *, published: datetime.date | None, loose: bool
    ) -> list[_Draft]:
        """Join the known words of one sentence into phrases, left to right.

        With `loose`, role nouns that need company in running text ("people", "missile") count
        alone too.
        """
        units = self._find_units(words)
        drafts: list[_Draft] = []
        index = 0
        while index < len(units):
            draft, index = self._compose_one(words, units, index, published, loose)
            if draft is not None:
                drafts.append(draft)
        _share_roles(words, drafts)
        return drafts

    def _find_units(self, words: Sequence[Word]) -> list[_Unit]:
        units: list[_Unit] = []
        longest, count, index = self._lexicon.longest, len(words), 0
        while index < count:
            limit = longest.get(words[index].folded, 0)
            unit = None
            if limit:
                reach = 1
                while (
                    reach < limit
                    and index + reach < count
                    and words[index + reach - 1].gap in JOINTS
                ):
                    reach += 1
                while reach and unit is None:
                    unit = self._match(words, index, index + reach - 1)
                    reach -= 1
            if unit is None:
                index += 1
            else:
                units.append(unit)
                index = unit.last + 1
        return units

    def _match(self, words: Sequence[Word], first: int, last: int) -> _Unit | None:
        span = words[first : last + 1]
        key = span[0].folded if first == last else " ".join(word.folded for word in span)
        entries = [
            entry
            for entry, shape in self._lexicon.entries(key)
            if all(
                word.text[0].isupper() if form == "A" else word.text.isupper()
                for word, form in zip(span, shape, strict=True)
                if form != "a"
            )
        ]
        role = self._lexicon.roles.get(key)
        if entries and _is_part_of_name(words, first, last, entries, self._lexicon):
            entries = []
        if not entries and role is None:
            return None
        return _Unit(first, last, entries, role)

    def _compose_one(
        self,
        words: Sequence[Word],
        units: Sequence[_Unit],
        index: int,
        published: datetime.date | None,
        loose: bool,
    ) -> tuple[_Draft | None, int]:
        unit = units[index]
        draft = _Draft(unit.first, unit.last)
        before = words[unit.first - 1].folded if unit.first else ""
        joined_before = unit.first > 0 and words[unit.first - 1].gap in ("-", "‑", "–")
        if unit.is_country:
            if joined_before and before in SIDING:
                # "pro-Russian separatists" are not Russia's; the phrase begins after it.
                if index + 1 < len(units) and units[index + 1].role is not None:
                    return self._compose_one(words, units, index + 1, published, loose)
                return None, index + 1
            if words[unit.last].gap in ("-", "‑", "–") and unit.last + 1 < len(words):
                after = words[unit.last + 1].folded
                following = units[index + 1] if index + 1 < len(units) else None
                if after in BROKERING:
                    draft.place = unit.entries[0]
                    return draft, index + 1
                if after in BACKING or (after in LEADING and following and following.entries):
                    return None, index + 1
                if after in LEADING and following is not None and following.role is not None:
                    draft.last = unit.last + 1
            draft.place = unit.entries[0]
        elif unit.entries:
            draft.named = _choose(unit.entries, None, published)
        elif unit.role is not None:
            draft.roles.append(unit.role)
        index += 1
        index = self._absorb(words, units, index, draft, published)
        index = self._add_portfolio(words, units, index, draft, published)
        if draft.roles and draft.named is None and draft.roles[-1].kind in PERSON_ROLES:
            self._add_person(words, units, index, draft, published)
            index = _skip(units, index, draft)
        draft.former = self._is_former(words, draft)
        draft.hint = self._hint(words, draft)
        if draft.roles and draft.named is None and draft.person is None:
            index = self._attach(words, units, index, draft, published)
        if not self._stands(words, draft, loose):
            return None, index
        return draft, index

    def _absorb(
        self,
        words: Sequence[Word],
        units: Sequence[_Unit],
        index: int,
        draft: _Draft,
        published: datetime.date | None,
    ) -> int:
        """Take in the roles and names that follow in the same noun phrase."""
        while index < len(units):
            unit = units[index]
            if not self._bridges(words, draft, unit):
                break
            country = draft.place.country if draft.place else None
            if unit.role is not None and (
                not unit.entries or (country and all(e.country != country for e in unit.entries))
            ):
                if draft.named is not None and draft.named.kind == "person":
                    if draft.roles or (
                        unit.role.kind in PERSON_ROLES and not words[draft.last].possessive
                    ):
                        break
                    draft.place, draft.named = draft.named, None
                if draft.person is not None:
                    break
                if words[draft.last].possessive and not _belongs(unit.role):
                    # "the soldiers' families" are families, "the army's spokesman" is the army's.
                    draft.roles.clear()
                draft.roles.append(unit.role)
            elif unit.is_country:
                if draft.place is None or draft.named is not None or draft.roles:
                    break
                if unit.entries[0].country not in (None, country) or unit.entries[0].kind in (
                    "country",
                    "capital",
                ):
                    break
                draft.place = unit.entries[0] if unit.entries[0].country else draft.place
            elif unit.entries:
                fitting = [
                    e for e in unit.entries if country is None or e.country in (None, country)
                ]
                if not fitting or (draft.named is not None and draft.named.kind == "person"):
                    break
                chosen = _choose(fitting, country, published)
                if draft.named is not None and chosen.kind != "person":
                    break
                if draft.named is None and draft.roles and chosen.kind != "person":
                    # "group Hamas", "rebel movement M23" are one; "police ISIS" is not.
                    if draft.roles[-1].kind not in ("bound", "title", "body") or draft.place:
                        break
                if draft.named is None or chosen.country in (None, draft.named.country):
                    draft.named = chosen
                else:
                    draft.person = (unit.first, unit.last)
            else:
                break
            draft.last = unit.last
            index += 1
            if (
                draft.named is not None
                and draft.named.kind == "person"
                and not words[draft.last].possessive
            ):
                break
        return index

    def _bridges(self, words: Sequence[Word], draft: _Draft, unit: _Unit) -> bool:
        """Say whether only modifiers stand between the draft and the next unit."""
        first, last = draft.last, unit.first
        if last - first > 4:
            return False
        strange = 0
        for position in range(first, last):
            word = words[position]
            abbreviated = word.gap == ". " and word.capital and len(word.text) <= 4
            if word.gap not in SPACES and not abbreviated:
                return False
            if position == first:
                continue
            if word.folded in BREAKS:
                return False
            if word.folded in self._lexicon.modifiers or word.text[0].isdigit():
                continue
            if word.text[0].isupper():
                if word.folded in NOT_NAMES:
                    return False
                continue
            if word.folded.endswith(("ed", "s")) and not words[first].possessive:
                return False
            strange += 1
        if last - first > 1 and draft.place is None:
            return strange == 0 and draft.named is not None and not draft.roles
        return strange <= (2 if words[first].possessive else 1)

    def _add_person(
        self,
        words: Sequence[Word],
        units: Sequence[_Unit],
        index: int,
        draft: _Draft,
        published: datetime.date | None,
    ) -> None:
        """Extend a title to the person's name that follows it."""
        if draft.roles[-1].plural or words[draft.last].possessive:
            return
        stop = units[index].first if index < len(units) and units[index].entries else len(words)
        position, end = draft.last, draft.last
        while position + 1 < len(words) and position - draft.last < 5:
            word, following = words[position], words[position + 1]
            if word.gap not in (" ", "-", "'", "’", "\xa0", ". ", "") or position + 1 >= stop:
                break
            if following.text[0].isupper() and following.folded not in NOT_NAMES:
                end = position + 1
            elif following.folded not in NAME_PARTICLES:
                break
            position += 1
            if words[end].possessive:
                break
        if end == draft.last:
            return
        country = draft.place.country if draft.place else None
        known = self._lexicon.surnames.get(words[end].folded, [])
        known = [e for e in known if country in (None, e.country) and e.holds_office(published)]
        if end == draft.last + 1 and len({e.country for e in known}) == 1:
            draft.named = known[0]
        draft.person = (draft.last + 1, end)
        draft.last = end

    def _add_portfolio(
        self,
        words: Sequence[Word],
        units: Sequence[_Unit],
        index: int,
        draft: _Draft,
        published: datetime.date | None,
    ) -> int:
        """Take in "of Foreign Affairs and Trade" after a minister or ministry, and who it is."""
        if draft.named is not None or not draft.roles or draft.last + 2 >= len(words):
            return index
        head = words[draft.last]
        if head.folded not in MINISTERIAL or words[draft.last + 1].folded not in ("of", "for"):
            return index
        countries = {u.first for u in units[index : index + 4] if u.is_country or u.entries}
        end, position = draft.last, draft.last + 2
        while position < len(words) and position - draft.last < 9:
            word = words[position]
            if words[position - 1].gap not in (" ", "\xa0", ", ", "-") or position in countries:
                break
            if word.folded in self._lexicon.portfolio_words:
                end = position
            elif word.folded not in ("and", "the", "of") or words[position - 1].gap == ", ":
                break
            position += 1
        if end == draft.last:
            return index
        draft.last = end
        return self._absorb(words, units, _skip(units, index, draft), draft, published)

    def _attach(
        self,
        words: Sequence[Word],
        units: Sequence[_Unit],
        index: int,
        draft: _Draft,
        published: datetime.date | None,
    ) -> int:
        """Read what "of", "from" or "in" adds to a role: a country, a body, an organisation.

        "president of Iran", "a team of heavily armed police", "head of the Chadian Human Rights
        League", "rebels in eastern Ukraine". Only "in" leaves the place a mention of its own.
        """
        last = draft.last
        if index >= len(units) or last + 1 >= len(words) or words[last].gap not in SPACES:
            return index
        link = words[last + 1].folded
        if link not in ATTACHING and link not in LOCATING:
            return index
        unit = units[index]
        between = words[last + 1 : unit.first]
        if not 0 < len(between) <= 5 or any(word.gap not in SPACES for word in between):
            return index
        if any(word.folded in BREAKS - {"the", "a", "an", "this", link} for word in between):
            return index
        part, ahead = self._compose_one(words, units, index, published, loose=True)
        if part is None:
            return index
        country = part.named.country if part.named else part.place.country if part.place else None
        if link in LOCATING or (part.named is not None and part.named.kind == "person"):
            draft.located = country
            return index
        head = draft.roles[-1]
        if part.named is not None:
            if head.sector not in HEADED_SECTORS:
                draft.located = country
                return index
            draft.named = part.named
        elif part.roles:
            if head.sector not in HEADED_SECTORS:
                draft.located = draft.located or country or part.located
                return index
            draft.roles += part.roles
            draft.hint = part.hint
            draft.place = draft.place or part.place
            draft.located = part.located
        elif draft.place is None:
            draft.place = part.place
        else:
            return index
        draft.last = part.last
        return ahead

    def _hint(self, words: Sequence[Word], draft: _Draft) -> str | None:
        """Return the sector that an adjective tells of a colourless head: "legislative body"."""
        if not draft.roles or any(role.strength for role in draft.roles):
            return None
        sectors = self._lexicon.modifier_sectors
        for word in reversed(words[draft.first : draft.last]):
            if word.folded in sectors:
                return sectors[word.folded]
        position = draft.first - 1
        while position >= 0 and words[position].gap in SPACES:
            if words[position].folded not in self._lexicon.modifiers:
                break
            if words[position].folded in sectors:
                return sectors[words[position].folded]
            position -= 1
        return None

    def _is_former(self, words: Sequence[Word], draft: _Draft) -> bool:
        start = max(0, draft.first - 2)
        near = {word.folded for word in words[start : draft.first]}
        inside = {word.folded for word in words[draft.first : draft.last]}
        return bool(draft.roles) and bool(FORMER & (near | inside))

    def _stands(self, words: Sequence[Word], draft: _Draft, loose: bool) -> bool:
        """Say whether a phrase of role nouns only is an actor and not a common word."""
        if draft.place or draft.named or not draft.roles:
            return True
        if loose:
            return True
        kinds = {role.kind for role in draft.roles}
        if "rank" in kinds and len(kinds) == 1:
            return draft.person is not None
        if draft.person is not None:
            return True
        return not kinds <= {"bound", "thing", "rank"} or (
            len(draft.roles) > 1 and not kinds <= {"thing"}
        )

    def _code(
        self,
        words: Sequence[Word],
        draft: _Draft,
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


def code_actor(phrase: str, *, published: datetime.date | None = None) -> ActorMention | None:
    """Code one bare noun phrase, as `ActorFinder.code` does."""
    return ActorFinder().code(phrase, published=published)


def _join(country: str | None, sector: str | None) -> str | None:
    return " ".join(part for part in (country, sector) if part) or None


def _choose(entries: Sequence[Entry], country: str | None, day: datetime.date | None) -> Entry:
    """Return the best of several actors of one name: of that country, in office, best known."""
    return min(
        entries,
        key=lambda entry: (
            country is not None and entry.country != country,
            not entry.holds_office(day),
            entry.end is not None if day is None else False,
        ),
    )


def _sector(draft: _Draft) -> str | None:
    if not draft.roles:
        return None
    strongest = max(role.strength for role in draft.roles)
    sector = [role for role in draft.roles if role.strength == strongest][-1].sector
    sector = draft.hint or sector
    if draft.former and sector in ("GOV", "LEG", "MIL", "SPY", "JUD", "COP"):
        return "ELI"
    return sector


def _kind(draft: _Draft) -> str:
    if draft.roles:
        kinds = [role.kind for role in draft.roles]
        if kinds[-1] in PERSON_ROLES:
            return "title"
        return "thing" if kinds[-1] == "thing" else "body"
    return draft.place.kind if draft.place else "body"


def _belongs(role: Role) -> bool:
    """Say whether a role after a possessive is the owner's: "the company's board"."""
    return role.kind == "weaktitle" or (role.kind == "bound" and role.sector == "GOV")


def _skip(units: Sequence[_Unit], index: int, draft: _Draft) -> int:
    """Return the index of the first unit that the draft does not cover."""
    while index < len(units) and units[index].first <= draft.last:
        index += 1
    return index


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
        if before.capital and len(before.text) > 2 and not _is_ordinary(before, lexicon):
            return True
    if kinds == {"person"} and last + 1 < len(words) and words[last].gap in (" ", "-"):
        after = words[last + 1]
        return not words[last].possessive and after.capital and not _is_ordinary(after, lexicon)
    return False


def _is_ordinary(word: Word, lexicon: ActorLexicon) -> bool:
    """Say whether a capitalised word beside a name is no part of it."""
    return word.folded in lexicon.qualifiers or word.folded in NOT_NAMES or word.folded in BREAKS


def _apposed_names(
    words: Sequence[Word],
    draft: _Draft,
    mention: ActorMention,
    drafts: Sequence[_Draft],
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
    phrases: Sequence[tuple[list[Word], list[_Draft]]],
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


def _share_roles(words: Sequence[Word], drafts: list[_Draft]) -> None:
    """Give the role to each country of "Armenian and Azerbaijani forces"."""
    for index in range(len(drafts) - 2, -1, -1):
        here, there = drafts[index], drafts[index + 1]
        if here.roles or here.named or here.place is None or not there.roles or there.named:
            continue
        if here.place.kind not in ("demonym", "country", "capital", "people"):
            continue
        if there.place is None or there.first == there.last or here.place.kind != there.place.kind:
            continue
        between = words[here.last + 1 : there.first]
        gap = words[here.last].gap
        if (not between and gap in (", ", "-", "/")) or (
            [w.folded for w in between] == ["and"] and gap in (" ", ", ")
        ):
            here.roles = list(there.roles)


__all__ = ["ActorFinder", "ActorLexicon", "code_actor"]
