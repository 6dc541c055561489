"""A phrase under construction, and what its neighbours in the sentence say about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from extract.mentions.actors.lexicon import Entry, Role, Word
from extract.mentions.actors.units import BREAKS, NOT_NAMES, Unit

# Plurals that "both" and "the two" make words for the states named before.
PAIRED_BODIES = frozenset({"army", "military", "navy", "parliament", "air force"})


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


def is_bracketed(words: Sequence[Word], draft: Draft, unit: Unit) -> bool:
    """Say whether the unit is the draft's own abbreviation: "Kurdistan Workers' Party (PKK)"."""
    return (
        words[draft.last].gap == " ("
        and unit.first == draft.last + 1
        and words[unit.last].gap.startswith(")")
        and any(
            draft.named is not None and entry.name == draft.named.name for entry in unit.entries
        )
    )


def is_counted(words: Sequence[Word], draft: Draft) -> bool:
    """Say whether "both" or "the two" stands before: then others are meant, named earlier."""
    last = draft.roles[-1]
    if not last.plural or not (last.sector == "GOV" or last.noun in PAIRED_BODIES):
        return False
    before = [word.folded for word in words[max(0, draft.first - 3) : draft.first]]
    return bool({"both", "two", "three"} & set(before[-2:])) and (
        "both" in before or "the" in before or "these" in before
    )


def is_noun(word: Word, after: Word) -> bool:
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
