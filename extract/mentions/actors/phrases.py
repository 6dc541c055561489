"""How names and role nouns of one sentence join into phrases that name one actor each.

    [country] [modifiers] [named actor] [roles] [person's name] [of country]

`PhraseComposer.compose` walks over the words that the lexicon knows, left to right, and
looks only at what stands between them: no tree is needed, so that it costs a millisecond an
article. A phrase ends at a comma, a verb or any word that cannot qualify a noun.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from extract.mentions.actors.lexicon import JOINTS, ActorLexicon, Entry, Role, Word

COUNTRY_KINDS = frozenset({"country", "demonym", "people", "capital", "region", "seat"})
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
    july august september october november december jan feb mar apr jun jul aug sep sept oct nov
    dec yesterday today tomorrow meanwhile however instead later earlier both even only also then
    there here now so since despite because although during under according asked speaking what
    why how who yet still perhaps once again together did does do can should could may might must
    like the a an in on at he she it they we i but and
    this that these those said says told has have had was were is are will would after before when
    while as with from by of for to his her their its new
    """.split()
)
NAME_PARTICLES = frozenset(
    """
    al el bin ibn bint abu abd ul ur de da do dos das del della di la le van von der den ter ten
    af bar y e
    """.split()
)
ATTACHING = frozenset({"of", "from", "for"})
# Heads that take the sector of the body they belong to: "head of the police" is COP.
HEADED_SECTORS = frozenset(
    {"GOV", "MIL", "LEG", "JUD", "PTY", "SPY", "COP", "BUS", "REB", "UAF", "UNK", "ELI"}
)
# Plurals that "both" and "the two" make words for the states named before.
PAIRED_BODIES = frozenset({"army", "military", "navy", "parliament", "air force"})
# Role nouns that more often qualify another noun: "military exercises".
ADJECTIVAL = frozenset({"military", "paramilitary", "intelligence", "communist", "diplomatic"})
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
MINISTERIAL = frozenset(
    """
    minister ministers ministry ministries department departments secretary secretaries
    undersecretary office commissioner
    """.split()
)
LOCATING = frozenset({"in", "near", "across", "inside", "throughout", "within", "at"})
SPACES = frozenset({" ", "\xa0", "-", "‑", "–", " \n", "  "})


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


@dataclass(slots=True)
class Draft:
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
    sided: bool = False
    attached: bool = False


class PhraseComposer:
    """Joins known words into drafts of actors; holds only the lexicon."""

    def __init__(self, lexicon: ActorLexicon) -> None:
        self._lexicon = lexicon

    def compose(
        self, words: Sequence[Word], *, published: datetime.date | None, loose: bool
    ) -> list[Draft]:
        """Join the known words of one sentence into phrases, left to right.

        With `loose`, role nouns that need company in running text ("people", "missile") count
        alone too.
        """
        units = self._find_units(words)
        drafts: list[Draft] = []
        index = 0
        while index < len(units):
            draft, index = self._compose_one(words, units, index, published, loose)
            if draft is not None:
                drafts.append(draft)
        share_roles(words, drafts)
        return drafts

    def _find_units(self, words: Sequence[Word]) -> list[Unit]:
        units: list[Unit] = []
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

    def _match(self, words: Sequence[Word], first: int, last: int) -> Unit | None:
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
        return Unit(first, last, entries, role)

    def _compose_one(
        self,
        words: Sequence[Word],
        units: Sequence[Unit],
        index: int,
        published: datetime.date | None,
        loose: bool,
    ) -> tuple[Draft | None, int]:
        unit = units[index]
        draft = Draft(unit.first, unit.last)
        before = words[unit.first - 1].folded if unit.first else ""
        joined_before = unit.first > 0 and words[unit.first - 1].gap in ("-", "‑", "–")
        if unit.is_country:
            if joined_before and before in SIDING:
                return self._compose_siding(words, units, index, published, loose)
            if _is_part_of_place(words, unit):
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

    def _compose_siding(
        self,
        words: Sequence[Word],
        units: Sequence[Unit],
        index: int,
        published: datetime.date | None,
        loose: bool,
    ) -> tuple[Draft | None, int]:
        """Read "pro-Russian separatists" or "anti-Israel protesters": whom they side with is told
        in the words, but they are not that country's.
        """
        side = units[index]
        if index + 1 >= len(units) or units[index + 1].role is None:
            return None, index + 1
        if not self._bridges(words, Draft(side.first, side.last), units[index + 1]):
            return None, index + 1
        draft, after = self._compose_one(words, units, index + 1, published, loose=True)
        if draft is not None and draft.roles:
            draft.first = side.first - 1
            draft.sided = words[side.first - 1].folded == "pro"
        return draft, after

    def _absorb(
        self,
        words: Sequence[Word],
        units: Sequence[Unit],
        index: int,
        draft: Draft,
        published: datetime.date | None,
    ) -> int:
        """Take in the roles and names that follow in the same noun phrase."""
        while index < len(units):
            unit = units[index]
            if draft.named is not None and _is_bracketed(words, draft, unit):
                draft.last = unit.last
                index += 1
                continue
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
                if draft.roles and draft.place and draft.named is None and chosen.kind != "person":
                    # "group Hamas" is one actor; "Turkish police ISIS" are two.
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

    def _bridges(self, words: Sequence[Word], draft: Draft, unit: Unit) -> bool:
        """Say whether only modifiers stand between the draft and the next unit."""
        first, last = draft.last, unit.first
        if last - first > 4:
            return False
        strange = 0
        for position in range(first, last):
            word = words[position]
            closed = position == first and word.gap == ") " and draft.named is not None
            abbreviated = word.gap == ". " and word.capital and len(word.text) <= 4
            if word.gap not in SPACES and not abbreviated and not closed:
                return False
            if position == first:
                continue
            if word.folded in BREAKS:
                return False
            if word.folded in self._lexicon.modifiers or word.text[0].isdigit():
                continue
            if word.text[0].isupper():
                if word.folded in NOT_NAMES or draft.roles:
                    return False
                continue
            if word.folded.endswith(("ed", "s")) and not words[first].possessive:
                return False
            strange += 1
        if last - first > 1 and draft.place is None:
            return strange == 0 and draft.named is not None and not draft.roles
        if draft.roles or draft.named is not None:
            return strange == 0
        return strange <= (2 if words[first].possessive else 1)

    def _add_person(
        self,
        words: Sequence[Word],
        units: Sequence[Unit],
        index: int,
        draft: Draft,
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
        units: Sequence[Unit],
        index: int,
        draft: Draft,
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
        units: Sequence[Unit],
        index: int,
        draft: Draft,
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
            draft.attached = True
        else:
            return index
        draft.last = part.last
        return ahead

    def _hint(self, words: Sequence[Word], draft: Draft) -> str | None:
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

    def _is_former(self, words: Sequence[Word], draft: Draft) -> bool:
        start = max(0, draft.first - 2)
        near = {word.folded for word in words[start : draft.first]}
        inside = {word.folded for word in words[draft.first : draft.last]}
        return bool(draft.roles) and bool(FORMER & (near | inside))

    def _stands(self, words: Sequence[Word], draft: Draft, loose: bool) -> bool:
        """Say whether a phrase of role nouns only is an actor and not a common word."""
        if loose or draft.place or draft.named or not draft.roles:
            return True
        if _is_counted(words, draft):
            return False
        if len(draft.roles) == 1 and draft.roles[0].noun in ADJECTIVAL and not draft.person:
            return draft.last + 1 >= len(words) or not _is_noun(
                words[draft.last], words[draft.last + 1]
            )
        kinds = {role.kind for role in draft.roles}
        if "rank" in kinds and len(kinds) == 1:
            before = words[draft.first - 1].folded if draft.first else ""
            return draft.person is not None or before in ("the", "a", "an")
        if draft.person is not None:
            return True
        return not kinds <= {"bound", "thing", "rank"} or (
            len(draft.roles) > 1 and not kinds <= {"thing"}
        )


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


def _skip(units: Sequence[Unit], index: int, draft: Draft) -> int:
    """Return the index of the first unit that the draft does not cover."""
    while index < len(units) and units[index].first <= draft.last:
        index += 1
    return index


def _belongs(role: Role) -> bool:
    """Say whether a role after a possessive is the owner's: "the company's board"."""
    return role.kind == "weaktitle" or (role.kind == "bound" and role.sector == "GOV")


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


def _is_part_of_place(words: Sequence[Word], unit: Unit) -> bool:
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


def _is_bracketed(words: Sequence[Word], draft: Draft, unit: Unit) -> bool:
    """Say whether the unit is the draft's own abbreviation: "Kurdistan Workers' Party (PKK)"."""
    return (
        words[draft.last].gap == " ("
        and unit.first == draft.last + 1
        and words[unit.last].gap.startswith(")")
        and any(
            draft.named is not None and entry.name == draft.named.name for entry in unit.entries
        )
    )


def _is_counted(words: Sequence[Word], draft: Draft) -> bool:
    """Say whether "both" or "the two" stands before: then others are meant, named earlier."""
    last = draft.roles[-1]
    if not last.plural or not (last.sector == "GOV" or last.noun in PAIRED_BODIES):
        return False
    before = [word.folded for word in words[max(0, draft.first - 3) : draft.first]]
    return bool({"both", "two", "three"} & set(before[-2:])) and (
        "both" in before or "the" in before or "these" in before
    )


def _is_noun(word: Word, after: Word) -> bool:
    """Guess whether the next word is a noun that this one qualifies."""
    if word.gap != " " or after.capital or after.folded in BREAKS or after.folded in NOT_NAMES:
        return False
    return not after.folded.endswith("ed")


def share_roles(words: Sequence[Word], drafts: list[Draft]) -> None:
    """Give a role to each country of "Armenian and Azerbaijani forces", "envoys of X and Y"."""
    for index in range(len(drafts) - 2, -1, -1):
        here, there = drafts[index], drafts[index + 1]
        if _is_bare(here) and there.place and there.roles and not there.named:
            same = here.place is not None and here.place.kind == there.place.kind
            if same and there.first != there.last and _are_joined(words, here, there):
                here.roles = list(there.roles)
    for here, there in pairwise(drafts):
        if here.attached and here.roles and _is_bare(there) and _are_joined(words, here, there):
            there.roles, there.attached = list(here.roles), True


def _is_bare(draft: Draft) -> bool:
    return draft.place is not None and not draft.roles and draft.named is None


def _are_joined(words: Sequence[Word], here: Draft, there: Draft) -> bool:
    between = [word.folded for word in words[here.last + 1 : there.first]]
    gap = words[here.last].gap
    if not between:
        return gap in (", ", "-", "/")
    return between == ["and"] and gap in (" ", ", ")
