"""Whether two mentions may be one occurrence: each field that could speak against it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from geopy.distance import great_circle

from extract.linking.places import VERBAL
from extract.plover import EVENT_TYPES
from extract.records import ActorMention, DateBasis, Event, Place, PlaceBasis, Precision, Status

# Bases of a place that the event's own sentence proves; the others yield to them.
PROVEN = (PlaceBasis.TRIGGER, PlaceBasis.SENTENCE)

GUESSED = frozenset({PlaceBasis.FOCUS, PlaceBasis.ACTOR})

# Of places no wider than this it is said that they are far apart, and from this distance on.
NARROW = frozenset({Precision.POINT, Precision.TOWN, Precision.DISTRICT})
FAR_KM = 161.0

HAPPENED = frozenset({Status.OCCURRED, Status.ONGOING})

WORD = re.compile(r"\w+")

# Types that two tellings of one occurrence may take.
KINDRED = {
    frozenset(pair)
    for pair in (
        ("COOPERATE", "MOBILIZE"),
        ("COOPERATE", "AGREE"),
        ("CONSULT", "AGREE"),
        ("CONSULT", "COOPERATE"),
        ("ASSAULT", "COERCE"),
        ("REQUEST", "ACCUSE"),
    )
}


def is_same_occurrence(first: Event, second: Event, *, alike: bool) -> bool:
    """Say whether two mentions of one article are one occurrence.

    `alike` says that their triggers share a word. They must be of one type, or of kindred
    types and alike ("hold exercises", "joint exercises"), and of one sense, and no field may
    speak against it. Where nothing but the type speaks for it, two deeds are taken for one,
    two statements are not: a report quotes many people, but mostly tells of one attack.
    """
    if first.mentions[-1] == second.mentions[0]:
        return False  # told of two places by one word
    same_type = first.event_type == second.event_type
    kindred = alike and are_kindred(first, second)
    return (
        (same_type or kindred)
        and senses_agree(first.status, second.status)
        and (not same_type or first.sentence == second.sentence or _modes_agree(first, second))
        and places_agree(first, second)
        and dates_agree(first, second)
        and actors_agree(first, second)
        and (is_deed(first) or _share_actor(first, second))
    )


def senses_agree(first: Status, second: Status) -> bool:
    """Say whether both have happened, or both are planned, denied and so on."""
    return first is second or {first, second} <= HAPPENED


def places_agree(first: Event, second: Event) -> bool:
    """Say whether the places of two events may be one, as far as they are known."""
    if first.place is None or second.place is None:
        return True
    # A guess speaks against nothing that one actor did.
    if GUESSED & {first.place_basis, second.place_basis} and _share_actor(first, second):
        return True
    guessed = GUESSED & {first.place_basis, second.place_basis}
    if not guessed and _far_apart(first.place, second.place):
        return False
    if first.place_basis not in PROVEN or second.place_basis not in PROVEN:
        return bool(set(first.place.countries) & set(second.place.countries)) or not (
            first.place.countries and second.place.countries
        )
    return _is_within(first.place, second.place) or _is_within(second.place, first.place)


def _far_apart(first: Place, second: Place) -> bool:
    """Say whether two towns or spots are too far from each other for any doubt."""
    if not {first.precision, second.precision} <= NARROW:
        return False
    apart = great_circle((first.latitude, first.longitude), (second.latitude, second.longitude)).km
    return bool(apart > FAR_KM + first.radius_km + second.radius_km)


def _is_within(inner: Place, outer: Place) -> bool:
    if outer.precision is Precision.COUNTRY:
        return outer.country in inner.countries
    apart = great_circle((inner.latitude, inner.longitude), (outer.latitude, outer.longitude)).km
    return bool(apart <= max(outer.radius_km, 5.0))


def dates_agree(first: Event, second: Event) -> bool:
    """Say whether the days of two events may be the same, as far as the text tells them."""
    if DateBasis.TEXT not in (first.date_basis, second.date_basis):
        return True
    if first.date_basis is not second.date_basis:
        return first.status is not Status.HISTORICAL and second.status is not Status.HISTORICAL
    if first.start is None or first.end is None or second.start is None or second.end is None:
        return True
    return first.start <= second.end and second.start <= first.end


def actors_agree(first: Event, second: Event) -> bool:
    """Say whether two events share somebody on each side, where both name anybody there."""
    for ours, theirs in ((first.actors, second.actors), (first.recipients, second.recipients)):
        if ours and theirs and not _codes(ours) & _codes(theirs):
            return False
    return not _are_other_persons(first.recipients, second.recipients)


def _are_other_persons(ours: Sequence[ActorMention], theirs: Sequence[ActorMention]) -> bool:
    """Say whether both are persons by name and nobody is among both: two victims, two deeds."""
    if not ours or not theirs or any(actor.kind != "person" for actor in (*ours, *theirs)):
        return False
    return not _name_words(ours) & _name_words(theirs)


def _name_words(actors: Sequence[ActorMention]) -> set[str]:
    return {word for actor in actors for word in WORD.findall(actor.name.lower())}


def are_kindred(first: Event, second: Event) -> bool:
    """Say whether two tellings of one occurrence may take these two types."""
    return frozenset({first.event_type, second.event_type}) in KINDRED


def _modes_agree(first: Event, second: Event) -> bool:
    return not first.mode or not second.mode or first.mode == second.mode


def is_deed(event: Event) -> bool:
    """Say whether an event is of a type of deeds, not of words."""
    return EVENT_TYPES[event.event_type].quad_class not in VERBAL


def _share_actor(first: Event, second: Event) -> bool:
    return bool(_codes(first.actors) & _codes(second.actors))


def _codes(actors: Sequence[ActorMention]) -> set[str]:
    return {actor.country or actor.code or actor.name for actor in actors}
