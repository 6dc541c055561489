"""The place of one event as the rules found it, and what its kind says of where it may be."""

from __future__ import annotations

from dataclasses import dataclass

from extract.plover import EVENT_TYPES, QuadClass
from extract.records import Place, PlaceBasis, RankedPlace, Span, Trigger

# How often a place found by each rule is right, relative to one attached to the trigger.
TRUST = {
    PlaceBasis.TRIGGER: 1.0,
    PlaceBasis.SENTENCE: 0.8,
    PlaceBasis.PARAGRAPH: 0.7,
    PlaceBasis.FOCUS: 0.6,
    PlaceBasis.ACTOR: 0.6,
}
# Places that nothing said of the event itself gives.
GUESSED = (PlaceBasis.FOCUS, PlaceBasis.ACTOR)
VERBAL = frozenset({QuadClass.VERBAL_COOPERATION, QuadClass.VERBAL_CONFLICT})
# Words that are said face to face, where the report plays.
AT_A_VENUE = frozenset({"CONSULT"})
# Acts of two sides at one table.
JOINT_ACTS = frozenset({"AGREE", "CONSULT", "COOPERATE"})
# Acts that a state does by a decree, at its own seat.
DECREED = frozenset({"SANCTION"})


@dataclass(frozen=True, slots=True)
class Placement:
    """The place of one trigger and how it was found.

    `spans` are the words in the trigger's own sentence that say so, empty for a place inferred
    from elsewhere; `elsewhere` are those other words. `probability` is that the place is right.
    `fellows` are the placements by names joined to this one ("shelled Balad and Samarra"): at
    each of them the like happened; they are `joined`.
    """

    place: Place | None = None
    basis: PlaceBasis | None = None
    spans: tuple[Span, ...] = ()
    elsewhere: tuple[Span, ...] = ()
    probability: float = 1.0
    alternatives: tuple[RankedPlace, ...] = ()
    fellows: tuple[Placement, ...] = ()
    joined: bool = False


def lean_on(placement: Placement, basis: PlaceBasis) -> Placement:
    """Return a placement as that of another event, which leans on it by the rule of `basis`."""
    return Placement(
        place=placement.place,
        basis=basis,
        elsewhere=placement.spans,
        probability=placement.probability * TRUST[basis],
        alternatives=placement.alternatives,
    )


def is_part(area: Place, part: Place | None) -> bool:
    """Say whether a place lies in a country that the area touches."""
    return part is not None and bool(set(area.countries) & set(part.countries))


def is_verbal(trigger: Trigger) -> bool:
    """Say whether the event is of words that are not said face to face."""
    quad_class = EVENT_TYPES[trigger.event_type].quad_class
    return quad_class in VERBAL and trigger.event_type not in AT_A_VENUE


def is_of_words(trigger: Trigger) -> bool:
    """Say whether an act is done where its side sits: said, or decreed."""
    return is_verbal(trigger) or trigger.event_type in DECREED
