"""Where an event was that its own sentence does not place.

Where the event told before or beside it was, else what the article is about, else the country of
the actors.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace

from extract.language import Document
from extract.linking.continuation import goes_on
from extract.linking.placement import (
    GUESSED,
    JOINT_ACTS,
    TRUST,
    Placement,
    is_of_words,
    is_part,
    is_verbal,
    lean_on,
)
from extract.records import (
    ActorMention,
    BlockKind,
    Place,
    PlaceBasis,
    Precision,
    ResolvedToponym,
    Span,
    Trigger,
)

# A dateline says where the report was written; by itself it places nothing told.
DATELINE_WEIGHT = 0.4
# Places within a country.
FINER = frozenset({Precision.POINT, Precision.TOWN, Precision.DISTRICT, Precision.PROVINCE})
# A country's name says less of where than a town's.
COUNTRY_WEIGHT = 0.5


def place_from_elsewhere(
    document: Document,
    number: int,
    triggers: Sequence[Trigger],
    direct: Sequence[Placement],
    focus: ResolvedToponym | None,
    home: Placement,
    somewhere: Placement,
) -> Placement:
    """Return the place of a trigger that its sentence does not place; none where nothing tells.

    `home` is the country of its actors, `somewhere` that of most actors of the article.
    """
    trigger = triggers[number]
    verbal = is_of_words(trigger)
    told = _find_told_place(document, number, triggers, direct)
    # Its sentence names a place that we do not know: another place of the text is not it.
    if home.place and (verbal or direct[number].spans):
        at_home = told is not None and is_part(home.place, told[0].place)
        if told is None or direct[number].spans or not (at_home or told[1]):
            return home
    if told is not None:
        return lean_on(told[0], PlaceBasis.PARAGRAPH)
    # What the article is about is another country than that of those who meet or agree.
    elsewhere = (
        home.place is not None
        and trigger.event_type in JOINT_ACTS
        and focus is not None
        and focus.place is not None
        and focus.place.precision in (Precision.COUNTRY, Precision.REGION)
        and not is_part(home.place, focus.place)
    )
    if focus is not None and focus.place is not None and not elsewhere:
        return Placement(
            place=focus.location,
            basis=PlaceBasis.FOCUS,
            elsewhere=(focus.span,),
            probability=focus.confidence * TRUST[PlaceBasis.FOCUS],
            alternatives=focus.alternatives,
        )
    return home if home.place else somewhere


def _find_told_place(
    document: Document,
    number: int,
    triggers: Sequence[Trigger],
    direct: Sequence[Placement],
) -> tuple[Placement, bool] | None:
    """Return where the event told before happened, and whether the trigger goes on from it.

    The latest placed one of the same paragraph, or of the sentence before where that is what
    this one goes on from; None where there is none.
    """
    trigger = triggers[number]
    paragraph = document.sentences[trigger.sentence].paragraph
    said: tuple[Placement, bool] | None = None
    for earlier in reversed(range(number)):
        onward = goes_on(document, trigger, triggers[earlier])
        same = document.sentences[triggers[earlier].sentence].paragraph == paragraph
        if not same and not onward:
            break
        if direct[earlier].place and direct[earlier].basis not in GUESSED:
            found = (direct[earlier], onward)
            # A deed was not done where something was said, if another deed is told before that.
            if onward or is_verbal(trigger) or not is_verbal(triggers[earlier]):
                return found
            said = said or found
    return said or _find_told_beside(number, triggers, direct)


def _find_told_beside(
    number: int, triggers: Sequence[Trigger], direct: Sequence[Placement]
) -> tuple[Placement, bool] | None:
    """Return where later talks of the same sentence were: "signed it after talks in Geneva".

    None where there is none, or the event is of another kind.
    """
    trigger = triggers[number]
    for later in range(number + 1, len(triggers)):
        if triggers[later].sentence != trigger.sentence:
            return None
        joint = {trigger.event_type, triggers[later].event_type} <= JOINT_ACTS
        if joint and direct[later].basis is PlaceBasis.TRIGGER:
            return direct[later], True
    return None


def find_focus(
    document: Document,
    triggers: Sequence[Trigger],
    placements: Sequence[Placement],
    resolved: Sequence[ResolvedToponym],
    acting: Sequence[Span],
    nation: str | None,
) -> ResolvedToponym | None:
    """Return the toponym that the article is about, or None where it names no place.

    The place of the first event of title and lead, else the place that is named most often;
    a name in the title or the lead's first sentence counts for more, and a country for less;
    in the body for nothing where it acts (`acting` are the words of those who do) and is not
    `nation`, the one that most of the article's actors are of.
    """
    bodies = [s.span.end for s in document.sentences if s.kind is BlockKind.PARAGRAPH]
    limit = bodies[0] if bodies else 0
    openings = {s.span.start for s in document.sentences if s.kind is BlockKind.PARAGRAPH}
    known = [item for item in resolved if item.place]
    for trigger, placement in zip(triggers, placements, strict=True):
        if trigger.span.start >= limit:
            continue
        for span in placement.spans:
            if named := next((item for item in known if span.covers(item.span)), None):
                return named
    weights: dict[str, float] = defaultdict(float)
    first: dict[str, ResolvedToponym] = {}
    for item in resolved:
        if item.place is None or item.toponym.acts:
            continue
        is_country = item.place.precision is Precision.COUNTRY
        foreign = is_country and nation not in item.place.countries
        if foreign and item.span.start >= limit and any(span.covers(item.span) for span in acting):
            # "France's foreign ministry rejected": who acts is not where the rest happened.
            continue
        first.setdefault(item.place.name, item)
        weight = 3.0 if item.span.start < limit else 1.0
        if item.span.start in openings and item.toponym.text.isupper():
            weight = DATELINE_WEIGHT
        weights[item.place.name] += weight * (COUNTRY_WEIGHT if is_country else 1.0)
    return first[max(weights, key=weights.__getitem__)] if weights else None


def find_nation(mentions: Sequence[ActorMention]) -> ActorMention | None:
    """Return the first actor of the country that most of an article's actors are of, or None."""
    countries = Counter(mention.country for mention in mentions if mention.country)
    if not countries:
        return None
    most = countries.most_common(1)[0][0]
    return next(mention for mention in mentions if mention.country == most)


def place_with_government(
    resolved: Sequence[ResolvedToponym], find_country: Callable[[str], Place | None]
) -> Placement:
    """Return the country of the first name that stands for a government: "Kyiv says two died"."""
    for item in resolved:
        code = item.place.country if item.toponym.acts and item.place else None
        place = find_country(code) if code else None
        if place is not None:
            return _place_by_actor(place, item.span)
    return Placement()


def place_at_home(
    actors: Sequence[ActorMention], find_country: Callable[[str], Place | None]
) -> Placement:
    """Return the country of the acting side, else of the other, with the words that name it."""
    for mention in actors:
        place = find_country(mention.country) if mention.country else None
        if place is not None:
            return _place_by_actor(place, mention.span)
    return Placement()


def _place_by_actor(country: Place, words: Span) -> Placement:
    return Placement(
        place=country,
        basis=PlaceBasis.ACTOR,
        elsewhere=(words,),
        probability=TRUST[PlaceBasis.ACTOR],
    )


def place_background(
    placement: Placement,
    actors: Sequence[ActorMention],
    find_country: Callable[[str], Place | None],
) -> Placement:
    """Return the placement of what happened long ago and that only the article's focus places.

    The town that the news is about is seldom where its background was: the country is that of
    the focus where a side of the event is of it or none is known, else that of its `actors`.
    """
    place = placement.place
    if place is None or placement.basis is not PlaceBasis.FOCUS:
        return placement
    sides = {actor.country for actor in actors if actor.country}
    if sides.isdisjoint(place.countries) and (home := place_at_home(actors, find_country)).place:
        return home
    country = find_country(place.country) if place.country else None
    if country is None or place.precision not in FINER:
        return placement
    return replace(placement, place=country, alternatives=())
