"""Where each event happened: the place of the event, not of the sentence.

In this order, and the event says which: the toponym attached to the trigger in its sentence,
the toponym that governs the sentence, the paragraph's, the article's focus, the country of
the event's actors or of most actors of the article; else none. For words rather than deeds
(a statement, a threat, a promise) a place elsewhere in the text proves nothing, so the
country of its own actors comes first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from extract.language import Document
from extract.linking.attachment import AttachmentModel, load_attachment_model, tokens_of
from extract.linking.elsewhere import (
    find_focus,
    find_nation,
    place_at_home,
    place_from_elsewhere,
    place_with_government,
)
from extract.linking.names import Name
from extract.linking.placement import (
    AT_A_VENUE,
    TRUST,
    VERBAL,
    Placement,
    is_verbal,
    lean_on,
)
from extract.linking.roles import Roles
from extract.linking.scene import FINENESS, Scene
from extract.mentions.triggers import ANNIVERSARIES
from extract.records import (
    ActorMention,
    Place,
    PlaceBasis,
    Precision,
    ResolvedToponym,
    Span,
    Timex,
    Trigger,
)
from extract.syntax import coordinated, find_obliques, find_prepositions

__all__ = ["FINENESS", "VERBAL", "Placement", "find_focus", "place_triggers"]

# Above this a toponym belongs to the trigger; above the second it is the sentence's place.
ATTACHED = 0.35
GOVERNING = 0.3
# Below that it is only the likeliest of what stands there: a place, but no words that say so.
NEARBY = 0.15
# How near to the likeliest name of a sentence another must come, where none is sure.
RIVALLING = 0.75
# Where the trigger has a place that no gazetteer knows, what else is named may hold it.
HOLDING = 0.1
# Deeds that are done at each of several places, one by one.
AT_EACH_PLACE = frozenset({"ASSAULT", "PROTEST", "COERCE", "MOBILIZE", "RETREAT"})
# A name joined to one that belongs to the trigger.
JOINED = 0.3
# "on its own territory", "on their soil": the acting side's own country.
HOME_NOUNS = frozenset({"territory", "soil", "country", "land", "waters", "airspace", "borders"})
POSSESSIVES = frozenset({"its", "their", "his", "her", "own"})


@dataclass(frozen=True, slots=True)
class _Candidate:
    name: Name
    probability: float

    @property
    def resolved(self) -> ResolvedToponym | None:
        return self.name.resolved

    @property
    def place(self) -> Place | None:
        return self.name.resolved.place if self.name.resolved else None


def place_triggers(
    document: Document,
    triggers: Sequence[Trigger],
    roles: Sequence[Roles],
    resolved: Sequence[ResolvedToponym],
    mentions: Sequence[ActorMention],
    times: Sequence[Timex],
    find_country: Callable[[str], Place | None],
    *,
    model: AttachmentModel | None = None,
) -> list[Placement]:
    """Return the placement of each trigger, in the triggers' order.

    `mentions` are the article's actors: where nothing else tells, the country that they are of.
    `model` None is the bundled one.
    """
    model = model or load_attachment_model()
    ranked = _rank_all(model, document, triggers, roles, resolved, mentions, times)
    direct = [
        _place_in_sentence(candidates, joining=trigger.event_type in AT_EACH_PLACE)
        for trigger, candidates in zip(triggers, ranked, strict=True)
    ]
    homes = [place_at_home((*role.actors, *role.recipients), find_country) for role in roles]
    direct = _share_places(triggers, ranked, direct)
    nation = find_nation(mentions)
    somewhere = place_at_home([nation] if nation else [], find_country)
    if somewhere.place is None:
        somewhere = place_with_government(resolved, find_country)
    direct = [
        home if home.place and _is_at_home(document, trigger) else placement
        for trigger, placement, home in zip(triggers, direct, homes, strict=True)
    ]
    acting = [actor.span for role in roles for actor in role.actors]
    focus = find_focus(
        document, triggers, direct, resolved, acting, nation.country if nation else None
    )
    placed = list(direct)
    for number, placement in enumerate(direct):
        if placement.place is None:
            inferred = place_from_elsewhere(
                document, number, triggers, placed, focus, homes[number], somewhere
            )
            placed[number] = _keep_words(placement, inferred)
        else:
            fellows = [_place_beside(placement, f, find_country) for f in placement.fellows]
            placed[number] = replace(placement, fellows=tuple(fellows))
    return placed


def _place_in_sentence(candidates: Sequence[_Candidate], *, joining: bool) -> Placement:
    """Return the place that the sentence gives, `joining` with it those of the names beside it."""
    placement = _place_by_best(candidates)
    if not joining:
        return placement
    proven = next((c for c in candidates if (c.name.span,) == placement.spans[:1]), None)
    if proven is None or proven.probability < ATTACHED:
        return placement
    joined = [
        candidate
        for candidate in candidates
        if candidate.probability >= JOINED
        and candidate is not proven
        and not (candidate.place and candidate.place.precision is Precision.COUNTRY)
        and _are_joined(candidate.name, proven.name)
        and (_fineness(candidate) == _fineness(proven) or not (candidate.place and proven.place))
    ]
    if not joined:
        return placement
    spans = {candidate.name.span for candidate in joined}
    rest = [candidate for candidate in candidates if candidate.name.span not in spans]
    others = [candidate for candidate in rest if candidate is not proven]
    fellows = tuple(
        replace(_place_by_best([candidate, *others]), joined=True) for candidate in joined
    )
    return replace(_place_by_best(rest), fellows=fellows)


def _are_joined(first: Name, second: Name) -> bool:
    """Say whether two names are joined by "and" or a comma: "in Merida and Mexico City"."""
    if "between" in (first.preposition, second.preposition):
        return False
    one, other = sorted((first, second), key=lambda name: name.tokens[0].i)
    members = {token.i for token in coordinated(one.outer)}
    members |= {token.i for token in coordinated(one.head)}
    return one.outer.i != other.outer.i and not members.isdisjoint({other.outer.i, other.head.i})


def _place_by_best(candidates: Sequence[_Candidate]) -> Placement:
    """Return the place that the sentence gives, from its names with their chances, best first."""
    placed = [candidate for candidate in candidates if candidate.place]
    # A village that no gazetteer knows still proves the place, which then is only what holds it.
    unknown = [
        candidate
        for candidate in candidates
        if candidate.place is None and candidate.probability >= ATTACHED
    ]
    least = HOLDING if unknown else NEARBY
    if not placed or placed[0].probability < least:
        return Placement(spans=tuple(candidate.name.span for candidate in unknown))
    attached = placed[0].probability >= ATTACHED
    basis = PlaceBasis.TRIGGER if attached else PlaceBasis.SENTENCE
    # Where no name is sure, only one nearly as likely as the first may be the finer place.
    floor = ATTACHED if attached else max(least, RIVALLING * placed[0].probability)
    likely = [candidate for candidate in placed if candidate.probability >= floor]
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
    proofs = sorted([*unknown, best, *fellows], key=lambda candidate: -candidate.probability)
    assert best.resolved is not None
    placement = Placement(
        place=best.resolved.location,
        basis=basis,
        spans=tuple(candidate.name.span for candidate in proofs),
        probability=best.resolved.confidence * max(best.probability, TRUST[basis]),
        alternatives=best.resolved.alternatives,
    )
    if proofs[0].probability < GOVERNING:
        return lean_on(placement, PlaceBasis.PARAGRAPH)
    return placement


def _share_places(
    triggers: Sequence[Trigger],
    ranked: Sequence[Sequence[_Candidate]],
    direct: Sequence[Placement],
) -> list[Placement]:
    """Return the placements with each name proving the place of one trigger of its sentence.

    The words say where the surest of them happened; the others are told beside it.
    """
    chances = [
        {candidate.name.span: candidate.probability for candidate in candidates}
        for candidates in ranked
    ]
    shared = []
    for number, placement in enumerate(direct):
        rivals = [
            other
            for other, trigger in enumerate(triggers)
            if other != number
            and trigger.sentence == triggers[number].sentence
            and _first_names(direct[other]) & _first_names(placement)
        ]
        span = placement.spans[0] if placement.spans else None
        if span is not None and any(
            (chances[other].get(span, 0.0), -other) > (chances[number][span], -number)
            for other in rivals
        ):
            shared.append(lean_on(placement, PlaceBasis.PARAGRAPH))
        else:
            shared.append(placement)
    return shared


def _first_names(placement: Placement) -> set[Span]:
    return {span for each in (placement, *placement.fellows) for span in each.spans[:1]}


def _place_beside(
    placement: Placement, fellow: Placement, find_country: Callable[[str], Place | None]
) -> Placement:
    """Return the fellow of a placement; one that no gazetteer knows is in the same country."""
    code = placement.place.country if placement.place else None
    country = find_country(code) if code and fellow.place is None else None
    if country is None:
        return fellow
    return replace(
        fellow,
        place=country,
        basis=PlaceBasis.SENTENCE,
        elsewhere=placement.spans,
        probability=placement.probability * TRUST[PlaceBasis.SENTENCE],
        joined=True,
    )


def _keep_words(placement: Placement, inferred: Placement) -> Placement:
    """Return an inferred place with the sentence's own name for it, which no gazetteer knows."""
    fellows = tuple(
        fellow if fellow.place else replace(_keep_words(fellow, inferred), joined=True)
        for fellow in placement.fellows
    )
    if not placement.spans or inferred.place is None:
        return replace(inferred, spans=placement.spans or inferred.spans, fellows=fellows)
    return replace(
        inferred,
        fellows=fellows,
        basis=PlaceBasis.SENTENCE,
        spans=placement.spans,
        elsewhere=inferred.spans + inferred.elsewhere,
    )


def _may_refine(best: _Candidate, other: _Candidate) -> bool:
    """Say whether a doubtful name stands for a part of the area that the best one names."""
    area, part = best.place, other.place
    return (
        area is not None
        and part is not None
        and other.probability >= GOVERNING
        and _fineness(other) < _fineness(best)
        and bool(set(area.countries) & set(part.countries))
    )


def _rank_all(
    model: AttachmentModel,
    document: Document,
    triggers: Sequence[Trigger],
    roles: Sequence[Roles],
    resolved: Sequence[ResolvedToponym],
    mentions: Sequence[ActorMention],
    times: Sequence[Timex],
) -> list[list[_Candidate]]:
    """Return the names of each trigger's sentence with their chances to place it, best first."""
    days = [timex.span for timex in times]
    # "Japan blamed Israel for the blast": no place of what they speak of.
    acting: dict[int, set[Span]] = defaultdict(set)
    for trigger, role in zip(triggers, roles, strict=True):
        accused = role.recipients if trigger.event_type == "ACCUSE" else ()
        acting[trigger.sentence].update(actor.span for actor in (*role.actors, *accused))
    scenes: dict[int, Scene] = {}
    ranked = []
    for trigger, role in zip(triggers, roles, strict=True):
        if trigger.sentence not in scenes:
            scenes[trigger.sentence] = Scene(
                document.sentences[trigger.sentence],
                triggers=[other.span for other in triggers if other.sentence == trigger.sentence],
                resolved=resolved,
                actors=mentions,
                times=days,
            )
        ranked.append(
            _rank(model, scenes[trigger.sentence], trigger, role, acting[trigger.sentence])
        )
    return ranked


def _rank(
    model: AttachmentModel, scene: Scene, trigger: Trigger, roles: Roles, acting: AbstractSet[Span]
) -> list[_Candidate]:
    candidates = [
        _Candidate(name, model.probability(scene.describe(trigger.span, name)))
        for name in scene.names
        if not name.span.covers(trigger.span)
        and not _plays_a_part(name, roles, acting)
        and not _is_told_of(name, trigger, roles)
        and not _is_home_town(name)
        and not _is_government(name)
        and not _is_commemorated(name)
    ]
    return sorted(candidates, key=lambda candidate: -candidate.probability)


def _plays_a_part(name: Name, roles: Roles, acting: AbstractSet[Span]) -> bool:
    """Say whether a name acts in the event, or is acted upon, and so is no place of it.

    A country that acts ("Ankara agreed") may be the place where a preposition says so. `acting`
    are the names of all who act in the sentence, or are accused.
    """
    parts = (*roles.actors, *roles.recipients)
    if name.resolved is None:
        return any(actor.span.overlaps(name.span) for actor in parts)
    if any(actor.span == name.span and actor.sector for actor in parts):
        return True
    return name.span in acting and not find_prepositions(name.head)


def _is_government(name: Name) -> bool:
    """Say whether a capital or a seat of power stands for the government: "Kyiv troops"."""
    resolved = name.resolved
    return (
        resolved is not None
        and resolved.toponym.acts
        and resolved.place is not None
        and resolved.place.precision in (Precision.TOWN, Precision.POINT)
    )


def _is_told_of(name: Name, trigger: Trigger, roles: Roles) -> bool:
    """Say whether words are only said to, or about, a place: "called on Ankara", "Kosovo talks".

    A town before a meeting is where it is held ("Geneva talks").
    """
    place = name.resolved.place if name.resolved else None
    if trigger.event_type in AT_A_VENUE:
        wide = place is not None and place.precision in (Precision.COUNTRY, Precision.REGION)
        return wide and name.head.dep_ == "compound" and not find_prepositions(name.head)
    return is_verbal(trigger) and any(actor.span == name.span for actor in roles.recipients)


def _is_home_town(name: Name) -> bool:
    """Say whether a name tells where somebody is from: "Scott Dayton, 42, of Woodbridge"."""
    first = name.tokens[0]
    before = [token.lower_ for token in first.doc[max(0, first.i - 2) : first.i]]
    return before in ([",", "of"], [",", "from"])


def _is_commemorated(name: Name) -> bool:
    """Say whether a name only tells whose anniversary it is."""
    for token in name.outer.ancestors:
        if token.lower_ in ANNIVERSARIES:
            return True
        if token.tag_.startswith("VB"):
            return False
    return False


def _fineness(candidate: _Candidate) -> int:
    return FINENESS[candidate.place.precision] if candidate.place else len(FINENESS)


def _is_at_home(document: Document, trigger: Trigger) -> bool:
    """Say whether the trigger's words go on with "on its own territory" or the like."""
    sentence = document.sentences[trigger.sentence]
    words = tokens_of(sentence, trigger.span)
    return any(
        noun.lower_ in HOME_NOUNS and any(child.lower_ in POSSESSIVES for child in noun.children)
        for word in words
        for noun in find_obliques(word, "on", "in", "inside", "within")
    )
