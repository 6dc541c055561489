"""Where each event happened: the place of the event, not of the sentence.

In this order, and the event says which: the toponym attached to the trigger in its sentence,
the toponym that governs the sentence, the paragraph's, the article's focus, the country of
the event's actors or of most actors of the article; else none. For words rather than deeds
(a statement, a threat, a promise) a place elsewhere in the text proves nothing, so the
country of its own actors comes first.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from extract.language import Document, Sentence
from extract.linking.attachment import (
    AttachmentModel,
    describe_attachment,
    head_of,
    load_attachment_model,
    tokens_of,
)
from extract.linking.roles import Roles
from extract.plover import EVENT_TYPES, QuadClass
from extract.records import (
    ActorMention,
    BlockKind,
    Place,
    PlaceBasis,
    Precision,
    RankedPlace,
    ResolvedToponym,
    Span,
    Trigger,
)
from extract.syntax import find_obliques, find_prepositions

# Above this a toponym belongs to the trigger; above the second it is the sentence's place.
ATTACHED = 0.5
GOVERNING = 0.25
# How often a place found by each rule is right, relative to one attached to the trigger.
TRUST = {
    PlaceBasis.TRIGGER: 1.0,
    PlaceBasis.SENTENCE: 0.8,
    PlaceBasis.PARAGRAPH: 0.7,
    PlaceBasis.FOCUS: 0.6,
    PlaceBasis.ACTOR: 0.6,
}
# "on its own territory", "on their soil": the acting side's own country.
HOME_NOUNS = frozenset({"territory", "soil", "country", "land", "waters", "airspace", "borders"})
POSSESSIVES = frozenset({"its", "their", "his", "her", "own"})
# A country's name says less of where than a town's.
COUNTRY_WEIGHT = 0.5
VERBAL = frozenset({QuadClass.VERBAL_COOPERATION, QuadClass.VERBAL_CONFLICT})
# Words that are said face to face, where the report plays.
AT_A_VENUE = frozenset({"CONSULT"})
# From the most to the least telling.
FINENESS = {
    Precision.POINT: 0, Precision.TOWN: 1, Precision.DISTRICT: 2, Precision.SEA: 3,
    Precision.PROVINCE: 3, Precision.REGION: 4, Precision.COUNTRY: 5,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Placement:
    """The place of one trigger and how it was found.

    `spans` are the words in the trigger's own sentence that say so, empty for a place inferred
    from elsewhere; `elsewhere` are those other words. `probability` is that the place is right.
    """

    place: Place | None = None
    basis: PlaceBasis | None = None
    spans: tuple[Span, ...] = ()
    elsewhere: tuple[Span, ...] = ()
    probability: float = 1.0
    alternatives: tuple[RankedPlace, ...] = ()


@dataclass(frozen=True, slots=True)
class _Candidate:
    resolved: ResolvedToponym
    probability: float


def place_triggers(
    document: Document,
    triggers: Sequence[Trigger],
    roles: Sequence[Roles],
    resolved: Sequence[ResolvedToponym],
    mentions: Sequence[ActorMention],
    find_country: Callable[[str], Place | None],
) -> list[Placement]:
    """Return the placement of each trigger, in the triggers' order.

    `mentions` are the article's actors: where nothing else tells, the country that they are of.
    """
    model = load_attachment_model()
    direct = [
        _place_in_sentence(model, document, trigger, role, resolved)
        for trigger, role in zip(triggers, roles, strict=True)
    ]
    homes = [_place_at_home((*role.actors, *role.recipients), find_country) for role in roles]
    nation = _find_nation(mentions)
    somewhere = _place_at_home([nation] if nation else [], find_country)
    direct = [
        home if home.place and _is_at_home(document, trigger) else placement
        for trigger, placement, home in zip(triggers, direct, homes, strict=True)
    ]
    focus = find_focus(document, triggers, direct, resolved)
    return [
        placement
        if placement.place
        else _place_from_elsewhere(
            document, number, triggers, direct, focus, homes[number], somewhere
        )
        for number, placement in enumerate(direct)
    ]


def _place_in_sentence(
    model: AttachmentModel,
    document: Document,
    trigger: Trigger,
    roles: Roles,
    resolved: Sequence[ResolvedToponym],
) -> Placement:
    sentence = document.sentences[trigger.sentence]
    candidates = _rank(model, sentence, trigger, roles, resolved)
    placed = [candidate for candidate in candidates if candidate.resolved.place]
    # A village that no gazetteer knows still proves the place, which then is only what holds it.
    unknown = [
        candidate
        for candidate in candidates
        if candidate.resolved.place is None and candidate.probability >= ATTACHED
    ]
    if not placed or placed[0].probability < GOVERNING:
        return Placement(spans=tuple(candidate.resolved.span for candidate in unknown))
    basis = PlaceBasis.TRIGGER if placed[0].probability >= ATTACHED else PlaceBasis.SENTENCE
    likely = [candidate for candidate in placed if candidate.probability >= _threshold_of(basis)]
    best = min(likely, key=lambda candidate: (_fineness(candidate), -candidate.probability))
    # "near Timbuktu in Mali": the town within the country is meant, even where the tree doubts.
    best = min(
        (candidate for candidate in placed if _may_refine(best, candidate)),
        key=lambda candidate: (_fineness(candidate), -candidate.probability),
        default=best,
    )
    # "Balad and Samarra" are both the place; "Jenin, West Bank" is Jenin.
    fellows = [
        candidate
        for candidate in likely
        if candidate is not best and _fineness(candidate) == _fineness(best)
    ]
    proofs = [*unknown, best, *fellows]
    return Placement(
        place=best.resolved.location,
        basis=basis,
        spans=tuple(candidate.resolved.span for candidate in proofs),
        probability=best.resolved.confidence * max(best.probability, TRUST[basis]),
        alternatives=best.resolved.alternatives,
    )


def _threshold_of(basis: PlaceBasis) -> float:
    """Return the least probability at which a toponym counts for a rule."""
    return ATTACHED if basis is PlaceBasis.TRIGGER else GOVERNING


def _may_refine(best: _Candidate, other: _Candidate) -> bool:
    """Say whether a doubtful name stands for a part of the area that the best one names."""
    area, part = best.resolved.place, other.resolved.place
    return (
        area is not None
        and part is not None
        and other.probability >= GOVERNING
        and _fineness(other) < _fineness(best)
        and bool(set(area.countries) & set(part.countries))
    )


def _rank(
    model: AttachmentModel,
    sentence: Sentence,
    trigger: Trigger,
    roles: Roles,
    resolved: Sequence[ResolvedToponym],
) -> list[_Candidate]:
    """Return the sentence's toponyms with their chances to place the event, best first.

    A name that acts in the event ("Ankara agreed") is no place of it unless a preposition
    says so.
    """
    acting = {actor.span for actor in roles.actors}
    bodies = {actor.span for actor in (*roles.actors, *roles.recipients) if actor.sector}
    inside = [item for item in resolved if sentence.span.covers(item.span)]
    words = tokens_of(sentence, trigger.span)
    candidates = []
    for item in inside:
        name = tokens_of(sentence, item.span)
        if not name or item.span.covers(trigger.span) or item.span in bodies:
            continue
        if item.span in acting and not find_prepositions(head_of(name)):
            continue
        rivals = [other.span for other in inside if other is not item]
        features = describe_attachment(sentence, words, name, rivals)
        candidates.append(_Candidate(item, model.probability(set(features))))
    return sorted(candidates, key=lambda candidate: -candidate.probability)


def _fineness(candidate: _Candidate) -> int:
    place = candidate.resolved.place
    return FINENESS[place.precision] if place else 9


def find_focus(
    document: Document,
    triggers: Sequence[Trigger],
    placements: Sequence[Placement],
    resolved: Sequence[ResolvedToponym],
) -> ResolvedToponym | None:
    """Return the toponym that the article is about, or None where it names no place.

    The place of the first event of title and lead, else the place that is named most often;
    a name in the title or the lead's first sentence counts for more, and a country for less.
    """
    bodies = [s.span.end for s in document.sentences if s.kind is BlockKind.PARAGRAPH]
    limit = bodies[0] if bodies else 0
    by_span = {item.span: item for item in resolved}
    for trigger, placement in zip(triggers, placements, strict=True):
        known = [span for span in placement.spans if span in by_span and by_span[span].place]
        if known and trigger.span.start < limit:
            return by_span[known[0]]
    weights: dict[str, float] = defaultdict(float)
    first: dict[str, ResolvedToponym] = {}
    for item in resolved:
        if item.place is None or item.toponym.acts:
            continue
        first.setdefault(item.place.name, item)
        weight = 3.0 if item.span.start < limit else 1.0
        is_country = item.place.precision is Precision.COUNTRY
        weights[item.place.name] += weight * (COUNTRY_WEIGHT if is_country else 1.0)
    return first[max(weights, key=weights.__getitem__)] if weights else None


def _place_from_elsewhere(
    document: Document,
    number: int,
    triggers: Sequence[Trigger],
    direct: Sequence[Placement],
    focus: ResolvedToponym | None,
    home: Placement,
    somewhere: Placement,
) -> Placement:
    trigger = triggers[number]
    verbal = (
        EVENT_TYPES[trigger.event_type].quad_class in VERBAL
        and trigger.event_type not in AT_A_VENUE
    )
    # Its sentence names a place that we do not know: another place of the text is not it.
    if home.place and (verbal or direct[number].spans):
        return home
    paragraph = document.sentences[trigger.sentence].paragraph
    for earlier in reversed(range(number)):
        if document.sentences[triggers[earlier].sentence].paragraph != paragraph:
            break
        if direct[earlier].place:
            return _lean_on(direct[earlier], PlaceBasis.PARAGRAPH)
    if focus is not None and focus.place is not None:
        return Placement(
            place=focus.location,
            basis=PlaceBasis.FOCUS,
            elsewhere=(focus.span,),
            probability=focus.confidence * TRUST[PlaceBasis.FOCUS],
            alternatives=focus.alternatives,
        )
    return home if home.place else somewhere


def _lean_on(placement: Placement, basis: PlaceBasis) -> Placement:
    return Placement(
        place=placement.place,
        basis=basis,
        elsewhere=placement.spans,
        probability=placement.probability * TRUST[basis],
        alternatives=placement.alternatives,
    )


def _is_at_home(document: Document, trigger: Trigger) -> bool:
    """Say whether the trigger's words go on with "on its own territory" or the like."""
    sentence = document.sentences[trigger.sentence]
    words = tokens_of(sentence, trigger.span)
    return any(
        noun.lower_ in HOME_NOUNS and any(child.lower_ in POSSESSIVES for child in noun.children)
        for word in words
        for noun in find_obliques(word, "on", "in", "inside", "within")
    )


def _find_nation(mentions: Sequence[ActorMention]) -> ActorMention | None:
    """Return the first actor of the country that most of an article's actors are of, or None."""
    countries = Counter(mention.country for mention in mentions if mention.country)
    if not countries:
        return None
    most = countries.most_common(1)[0][0]
    return next(mention for mention in mentions if mention.country == most)


def _place_at_home(
    actors: Sequence[ActorMention], find_country: Callable[[str], Place | None]
) -> Placement:
    """Return the country of the acting side, else of the other, with the words that name it."""
    for mention in actors:
        place = find_country(mention.country) if mention.country else None
        if place is not None:
            return Placement(
                place=place,
                basis=PlaceBasis.ACTOR,
                elsewhere=(mention.span,),
                probability=TRUST[PlaceBasis.ACTOR],
            )
    return Placement()
