"""How names and role nouns of one sentence join into phrases that name one actor each.

    [country] [modifiers] [named actor] [roles] [person's name] [of country]

`PhraseComposer.compose` walks over the words that the lexicon knows, left to right, and
looks only at what stands between them: no tree is needed, so that it costs a millisecond an
article. A phrase ends at a comma, a verb or any word that cannot qualify a noun.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from extract.mentions.actors.drafts import Draft, is_bracketed, is_counted, is_noun, share_roles
from extract.mentions.actors.lexicon import ActorLexicon, Entry, Role, Word
from extract.mentions.actors.units import (
    BREAKS,
    NOT_NAMES,
    Passage,
    Unit,
    find_units,
    is_part_of_place,
)

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
# Role nouns that more often qualify another noun: "military exercises".
ADJECTIVAL = frozenset({"military", "paramilitary", "intelligence", "communist", "diplomatic"})
MINISTERIAL = frozenset(
    """
    minister ministers ministry ministries department departments secretary secretaries
    undersecretary office commissioner
    """.split()
)
LOCATING = frozenset({"in", "near", "across", "inside", "throughout", "within", "at"})
# Kinds of places whose names are nouns; the others are adjectives.
NOUNS = frozenset({"country", "capital", "region"})
HYPHENS = frozenset({"-", "‑", "–"})
SPACES = frozenset({" ", "\xa0", "-", "‑", "–", " \n", "  "})


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
        passage = Passage(words, find_units(words, self._lexicon), published)
        drafts: list[Draft] = []
        index = 0
        while index < len(passage.units):
            draft, index = self._compose_one(passage, index, loose=loose)
            if draft is not None:
                drafts.append(draft)
        share_roles(words, drafts)
        return drafts

    def _compose_one(
        self, passage: Passage, index: int, *, loose: bool
    ) -> tuple[Draft | None, int]:
        words, units = passage.words, passage.units
        unit = units[index]
        draft = Draft(unit.first, unit.last)
        before = words[unit.first - 1].folded if unit.first else ""
        joined_before = unit.first > 0 and words[unit.first - 1].gap in HYPHENS
        if unit.is_country:
            if joined_before and before in SIDING:
                return self._compose_siding(passage, index, loose=loose)
            if is_part_of_place(words, unit):
                return None, index + 1
            if words[unit.last].gap in HYPHENS and unit.last + 1 < len(words):
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
            draft.named = _choose(unit.entries, None, passage.published)
        elif unit.role is not None:
            draft.roles.append(unit.role)
        index += 1
        index = self._absorb(passage, index, draft)
        index = self._add_portfolio(passage, index, draft)
        if draft.roles and draft.named is None and draft.roles[-1].kind in PERSON_ROLES:
            self._add_person(passage, index, draft)
            index = _skip(units, index, draft)
        draft.former = self._is_former(words, draft)
        draft.hint = self._hint(words, draft)
        if draft.roles and draft.named is None and draft.person is None:
            index = self._attach(passage, index, draft)
        if not self._stands(words, draft, loose):
            return None, index
        return draft, index

    def _compose_siding(
        self, passage: Passage, index: int, *, loose: bool
    ) -> tuple[Draft | None, int]:
        """Read "pro-Russian separatists" or "anti-Israel protesters": whom they side with is told
        in the words, but they are not that country's.
        """
        words, units = passage.words, passage.units
        side = units[index]
        if index + 1 >= len(units) or units[index + 1].role is None:
            return None, index + 1
        if not self._bridges(words, Draft(side.first, side.last), units[index + 1]):
            return None, index + 1
        draft, after = self._compose_one(passage, index + 1, loose=True)
        if draft is not None and draft.roles:
            draft.first = side.first - 1
            draft.sided = words[side.first - 1].folded == "pro"
        return draft, after

    def _absorb(self, passage: Passage, index: int, draft: Draft) -> int:
        """Take in the roles and names that follow in the same noun phrase."""
        words, units = passage.words, passage.units
        while index < len(units):
            unit = units[index]
            if draft.named is not None and is_bracketed(words, draft, unit):
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
                chosen = _choose(fitting, country, passage.published)
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
            heads = draft.roles or draft.named is not None
            if heads and word.folded.endswith("ed") and word.text[0].islower():
                # "troops killed three militants" are two actors.
                return False
            if self._qualifies(words, position) or word.text[0].isdigit():
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
        if words[first].possessive:
            return strange <= 2
        # A strange word behind a country's noun is a verb ("Niger left ECOWAS", "Iran struck
        # militants"), behind its adjective or its initials an adjective ("Turkish leftist rebels").
        place = draft.place
        noun = place is not None and place.kind in NOUNS and not words[first].text.isupper()
        return strange <= (0 if noun else 1)

    def _qualifies(self, words: Sequence[Word], position: int) -> bool:
        """Say whether a word is a modifier, or a part of one that is written with a hyphen."""
        word = words[position]
        if word.folded in self._lexicon.modifiers:
            return True
        before = words[position - 1].gap if position else ""
        joined = not HYPHENS.isdisjoint((before, word.gap))
        return joined and word.folded in self._lexicon.modifier_parts

    def _add_person(self, passage: Passage, index: int, draft: Draft) -> None:
        """Extend a title to the person's name that follows it."""
        words, units = passage.words, passage.units
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
        known = [
            e for e in known if country in (None, e.country) and e.holds_office(passage.published)
        ]
        if end == draft.last + 1 and len({e.country for e in known}) == 1:
            draft.named = known[0]
        draft.person = (draft.last + 1, end)
        draft.last = end

    def _add_portfolio(self, passage: Passage, index: int, draft: Draft) -> int:
        """Take in "of Foreign Affairs and Trade" after a minister or ministry, and who it is."""
        words, units = passage.words, passage.units
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
        return self._absorb(passage, _skip(units, index, draft), draft)

    def _attach(self, passage: Passage, index: int, draft: Draft) -> int:
        """Read what "of", "from" or "in" adds to a role: a country, a body, an organisation.

        "president of Iran", "a team of heavily armed police", "head of the Chadian Human Rights
        League", "rebels in eastern Ukraine". Only "in" leaves the place a mention of its own.
        """
        words, units = passage.words, passage.units
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
        part, ahead = self._compose_one(passage, index, loose=True)
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
            if not self._qualifies(words, position):
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
        if is_counted(words, draft):
            return False
        if len(draft.roles) == 1 and draft.roles[0].noun in ADJECTIVAL and not draft.person:
            return draft.last + 1 >= len(words) or not is_noun(
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
