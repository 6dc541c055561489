"""One event of two mentions: the first's identity, the surest values, all the words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extract.linking.places import FINENESS
from extract.linking.sameness import PROVEN
from extract.records import ActorMention, Casualties, DateBasis, Event


def join(first: Event, second: Event, *, titled: bool = False) -> Event:
    """Return one event of two mentions: the first's identity, the surest values, all the words.

    `titled` says that the first is the article's title, which yields to a sentence as rich.
    """
    place_source = second if _places_better(second, first) else first
    date_source = second if _dates_better(second, first) else first
    spans = {
        name: tuple(dict.fromkeys((*first.spans.get(name, ()), *second.spans.get(name, ()))))
        for name in (*first.spans, *(key for key in second.spans if key not in first.spans))
    }
    for name, source in (("where", place_source), ("when", date_source)):
        if name in source.spans:
            spans[name] = tuple(dict.fromkeys((*source.spans[name], *spans[name])))
    # The sentence that tells most is the one to show: the body's rather than the headline's.
    gain = _richness(second) - _richness(first)
    teller = second if gain > 0 or (titled and gain == 0) else first
    spans["what"] = tuple(dict.fromkeys((*teller.spans["what"], *spans["what"])))
    return replace(
        first,
        sentence=teller.sentence,
        spans=spans,
        mode=first.mode or second.mode,
        status=teller.status,
        actors=_choose_fuller(first.actors, second.actors),
        recipients=_choose_fuller(first.recipients, second.recipients),
        place=place_source.place,
        place_basis=place_source.place_basis,
        alternatives=place_source.alternatives,
        start=date_source.start,
        end=date_source.end,
        granularity=date_source.granularity,
        date_basis=date_source.date_basis,
        confidence=max(first.confidence, second.confidence),
        salience=max(first.salience, second.salience),
        casualties=_join_casualties((*first.casualties, *second.casualties)),
        mentions=(*first.mentions, *second.mentions),
    )


def _places_better(first: Event, second: Event) -> bool:
    if first.place is None or second.place is None:
        return first.place is not None
    proven = (first.place_basis in PROVEN) - (second.place_basis in PROVEN)
    return (proven, FINENESS[second.place.precision]) > (0, FINENESS[first.place.precision])


def _dates_better(first: Event, second: Event) -> bool:
    if first.date_basis is not second.date_basis:
        return first.date_basis is DateBasis.TEXT
    if first.start and first.end and second.start and second.end:
        return first.end - first.start < second.end - second.start
    return False


def _choose_fuller(
    first: tuple[ActorMention, ...], second: tuple[ActorMention, ...]
) -> tuple[ActorMention, ...]:
    """Return the longer list of actors; of the same countries the one that says more of them."""
    countries = [[actor.country for actor in actors] for actors in (first, second)]
    if countries[0] == countries[1]:
        return max(first, second, key=lambda actors: sum(bool(actor.sector) for actor in actors))
    return max(first, second, key=len)


def _join_casualties(told: Sequence[Casualties]) -> tuple[Casualties, ...]:
    """Return the surest count of each kind: a plain number, else the highest of the least."""
    surest: dict[str, Casualties] = {}
    for casualties in told:
        known = surest.get(casualties.kind)
        if known is None or _sureness(casualties) > _sureness(known):
            surest[casualties.kind] = casualties
    return tuple(surest.values())


def _sureness(casualties: Casualties) -> tuple[bool, int]:
    exact = casualties.low == casualties.high
    return exact, 0 if exact else casualties.low


def _richness(event: Event) -> int:
    return sum(name in event.spans for name in ("who", "whom", "where", "when"))
