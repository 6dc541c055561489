"""One event once: the mentions of one occurrence within an article become one event.

Title, lead and body tell the same thing again ("the attack"). Two mentions are one occurrence
when they are of one type and sense, and neither place, date nor actors speak against it;
their words are all kept and the surest value of each field wins.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from geopy.distance import great_circle
from spacy.tokens import Token

from extract.language import Document
from extract.linking.attachment import head_of, tokens_of
from extract.linking.dates import Dating, is_history
from extract.linking.places import FINENESS, VERBAL, Placement
from extract.linking.roles import Roles
from extract.mentions.triggers.casualties import find_casualties
from extract.plover import EVENT_TYPES, QuadClass
from extract.records import (
    ActorMention,
    BlockKind,
    Casualties,
    DateBasis,
    Event,
    Place,
    PlaceBasis,
    Precision,
    Span,
    Status,
    Trigger,
    hash_id,
)
from extract.syntax import LIGHT_VERBS

# Bases of a place that the event's own sentence proves; the others yield to them.
PROVEN = (PlaceBasis.TRIGGER, PlaceBasis.SENTENCE)
GUESSED = frozenset({PlaceBasis.FOCUS, PlaceBasis.ACTOR})
LEAD_SENTENCES = 3
WORD = re.compile(r"\w+")
HAPPENED = frozenset({Status.OCCURRED, Status.ONGOING})
# Words that open a sentence about another occurrence of the same kind.
APART = frozenset(
    """
    also another separately simultaneously meanwhile elsewhere second similar earlier later
    """.split()
)
# Blocks that repeat what the body tells.
REPEATING = frozenset({BlockKind.TITLE, BlockKind.CAPTION})
# Of type, word (2 each), actors and lead (1 each): a type and one more.
LEAST_RESEMBLANCE = 3
DEFINITE = frozenset({"the", "this", "that", "these", "those"})
# Nouns that may stand for any deed of force told before.
GENERAL_DEEDS = frozenset(
    """
    attack blast explosion bombing shooting raid strike assault incident clash fighting violence
    killing death operation offensive battle bloodshed massacre shelling
    """.split()
)
CIRCUMSTANCES = frozenset({"in", "by", "during", "with", "amid", "when"})
VENUES = frozenset({"at", "during", "in", "on"})
# Who does this to a deed speaks of one that has been told.
REACTIONS = frozenset(
    """
    condemn denounce deplore criticise criticize welcome praise hail mourn investigate probe
    protest blame claim accuse discuss describe follow avenge regret
    """.split()
)
# What each type of event can do to people; killed and wounded by force of any kind.
DEEDS_OF_FORCE = frozenset({"ASSAULT", "PROTEST", "COERCE", "MOBILIZE"})
HARMING = {
    "killed": DEEDS_OF_FORCE,
    "wounded": DEEDS_OF_FORCE,
    "arrested": frozenset({"COERCE", "PROTEST", "SANCTION"}),
    "abducted": frozenset({"ASSAULT", "COERCE"}),
    "displaced": DEEDS_OF_FORCE,
    "missing": DEEDS_OF_FORCE,
}
# What is agreed and told with the agreement; what goes with agreeing to terms.
AGREED = frozenset({"CONSULT", "COOPERATE"})
YIELDING = frozenset({"RETREAT", "CONCEDE"})
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


def assemble_event(
    document: Document, trigger: Trigger, roles: Roles, placement: Placement, dating: Dating
) -> Event:
    """Return the event that one trigger reports, from its roles, place and date."""
    article = document.article
    status = trigger.status
    # A picture's caption dates its picture; it tells no background, however old.
    told = document.sentences[trigger.sentence].kind is not BlockKind.CAPTION
    if told and status in HAPPENED and is_history(dating, article.published):
        status = Status.HISTORICAL
    proofs: dict[str, tuple[Span, ...]] = {
        "what": (trigger.span,),
        "who": tuple(actor.span for actor in roles.actors),
        "whom": tuple(actor.span for actor in roles.recipients),
        "where": placement.spans + placement.elsewhere,
        "when": tuple(span for span in (dating.span, dating.elsewhere) if span),
    }
    located = placement.probability if placement.place else 1.0
    # One verb may tell of several places; the first keeps the trigger's own identity.
    first = placement.spans[:1] if placement.joined else ()
    key = (trigger.span, *first)
    return Event(
        id=hash_id(article.id, *(str(edge) for span in key for edge in (span.start, span.end))),
        article_id=article.id,
        event_type=trigger.event_type,
        mode=trigger.mode,
        status=status,
        sentence=document.sentences[trigger.sentence].span,
        spans={name: found for name, found in proofs.items() if found},
        actors=roles.actors,
        recipients=roles.recipients,
        place=placement.place,
        place_basis=placement.basis,
        alternatives=placement.alternatives,
        start=dating.start,
        end=dating.end,
        granularity=dating.granularity,
        date_basis=dating.basis,
        confidence=trigger.probability * located * dating.probability,
        salience=_salience(document, trigger, status),
        contexts=trigger.contexts,
        mentions=(trigger.span,),
    )


def count_casualties(document: Document, events: Sequence[Event]) -> list[Event]:
    """Return the events with the casualties that their sentences tell, each told of one event.

    A count goes to the nearest trigger of its sentence whose type can harm people that way.
    """
    by_sentence: dict[Span, list[int]] = {}
    for number, event in enumerate(events):
        if any(event.event_type in types for types in HARMING.values()):
            by_sentence.setdefault(event.sentence, []).append(number)
    harmed: dict[int, list[Casualties]] = {}
    for sentence, numbers in by_sentence.items():
        for casualties in find_casualties(document.article.text, within=sentence):
            able = [
                number
                for number in numbers
                if events[number].event_type in HARMING.get(casualties.kind, DEEDS_OF_FORCE)
            ]
            if able:
                nearest = min(
                    able,
                    key=lambda number: abs(
                        events[number].mentions[0].start - casualties.span.start
                    ),
                )
                harmed.setdefault(nearest, []).append(casualties)
    return [
        replace(event, casualties=tuple(harmed[number])) if number in harmed else event
        for number, event in enumerate(events)
    ]


def merge_events(document: Document, events: Sequence[Event]) -> list[Event]:
    """Return the events with the mentions of one occurrence joined, in the order of the first.

    Title and captions repeat what the body tells: what is still alone there afterwards goes
    to the event of the body that it resembles most.
    """
    words = {event.id: _read_words(document, event) for event in events}
    merged: list[Event] = []
    for event in events:
        index = _find_told(document, merged, event, words)
        if index is None:
            merged.append(event)
        else:
            earlier = merged[index]
            merged[index] = join(earlier, event)
            words[earlier.id] |= words[event.id]
    told = _repeat_titles(document, merged, words)
    return _absorb_agreements(document, _absorb_venues(document, told))


def _find_told(
    document: Document, merged: Sequence[Event], event: Event, words: Mapping[str, set[str]]
) -> int | None:
    """Return which of the events told so far a mention tells again, None where it is new."""
    apart = _is_told_apart(document, event)
    for index, earlier in enumerate(merged):
        if apart and not earlier.sentence.overlaps(event.sentence):
            continue
        alike = bool(words[earlier.id] & words[event.id])
        if is_same_occurrence(earlier, event, alike=alike):
            return index
    for index, earlier in enumerate(merged):
        if earlier.sentence == event.sentence and _is_one_deed(document, earlier, event):
            return index
    recall = _read_recall(document, event)
    if recall is None:
        return None
    # The latest that shares a word, then the latest of its type. A reaction names what it
    # reacts to as it likes: "condemned the takeover" after soldiers seized the palace.
    reaction = recall == "reaction" and not _has_own_place(event)
    fitting: list[tuple[bool, bool, int]] = []
    for index, earlier in enumerate(merged):
        same_type = earlier.event_type == event.event_type
        if earlier.sentence == event.sentence or not (
            earlier.status in HAPPENED or earlier.status is event.status
        ):
            continue
        alike = bool(words[earlier.id] & words[event.id])
        if reaction:
            if same_type or (_is_forceful(earlier) and _is_forceful(event)):
                fitting.append((alike, same_type, index))
        elif (
            (same_type or (alike and _are_kindred(earlier, event)))
            and (alike or not words[event.id].isdisjoint(GENERAL_DEEDS))
            and _places_agree(earlier, event)
            and _dates_agree(earlier, event)
        ):
            fitting.append((alike, same_type, index))
    return max(fitting)[-1] if fitting else None


def _is_forceful(event: Event) -> bool:
    return EVENT_TYPES[event.event_type].quad_class is QuadClass.MATERIAL_CONFLICT


def _absorb_venues(document: Document, events: Sequence[Event]) -> list[Event]:
    """Join a meeting with what was said at it, where one clause tells both.

    "At a meeting in Bled the ministers urged", "The Council, meeting in New York, condemned":
    the guidelines of the annotated articles count one event. What was said is kept, and takes
    the meeting's place where it has none of its own.
    """
    merged = list(events)
    for venue in events:
        if venue.event_type != "CONSULT" or len(venue.mentions) > 1:
            continue
        head = _head_token(document, venue)
        if head is None:
            continue
        for index, act in enumerate(merged):
            if act is venue or act.sentence != venue.sentence or _is_deed(act):
                continue
            verb = _head_token(document, act)
            if verb is not None and verb.pos_ == "VERB" and _is_venue(head, verb):
                told = join(act, venue)
                merged[index] = replace(told, event_type=act.event_type, status=act.status)
                merged.remove(venue)
                break
    return merged


def _absorb_agreements(document: Document, events: Sequence[Event]) -> list[Event]:
    """Join an agreement with what is agreed, where one clause tells both.

    "agreed to meet again in May", "an agreement to hold a joint drill": the meeting or drill is
    the event, planned. "surrender and agree to a ceasefire" is one yielding, the first.
    """
    merged = list(events)
    for deal in events:
        if deal.event_type != "AGREE" or len(deal.mentions) > 1:
            continue
        number = document.sentence_at(deal.mentions[0].start)
        if number is None:
            continue
        phrase = tokens_of(document.sentences[number], deal.mentions[0])
        for index, act in enumerate(merged):
            if act is deal or act.sentence != deal.sentence:
                continue
            word = _head_token(document, act)
            if word is not None and _is_agreed(word, phrase, act.event_type):
                told = join(act, deal)
                merged[index] = replace(told, event_type=act.event_type, status=act.status)
                merged.remove(deal)
                break
    return merged


def _is_agreed(word: Token, deal: Sequence[Token], event_type: str) -> bool:
    """Say whether a word tells what an agreement's word is about, or yields along with it."""
    if event_type in YIELDING:
        return any(
            token.dep_ == "conj"
            and token.head.i == word.i
            and not any(child.dep_ == "nsubj" for child in token.children)
            for token in deal
        )
    if event_type not in AGREED or not any(child.lower_ == "to" for child in word.children):
        return False
    inside = any(word.head.i == token.i for token in deal)
    return word.dep_ in ("acl", "xcomp", "advcl", "ccomp") and inside


def _is_venue(token: Token, verb: Token) -> bool:
    """Say whether a word tells the meeting at which the verb's act was done."""
    marks = {child.lower_ for child in token.children if child.dep_ in ("case", "mark")}
    if token.head.i == verb.i:
        return token.dep_ in ("obl", "nmod", "advcl") and bool(marks & VENUES)
    subjects = {child.i for child in verb.children if child.dep_ == "nsubj"}
    participle = token.lower_.endswith("ing") and token.dep_ in ("acl", "appos")
    return participle and token.head.i in subjects


def _is_one_deed(document: Document, first: Event, second: Event) -> bool:
    """Say whether two deeds of one type are cause and harm of one occurrence in one clause.

    "killed in fighting", "the shelling killed", "fired rockets, wounding": one hangs on the
    other as subject, as circumstance or as a participle. Who is named beside either does not
    part them: the dead are not those who fought.
    """
    if (
        first.event_type != second.event_type
        or not _is_deed(first)
        or not _senses_agree(first.status, second.status)
        or not _places_agree(first, second)
        or not _dates_agree(first, second)
    ):
        return False
    heads = [_head_token(document, event) for event in (first, second)]
    if heads[0] is None or heads[1] is None:
        return False
    return _is_circumstance(heads[0], heads[1]) or _is_circumstance(heads[1], heads[0])


def _head_token(document: Document, event: Event) -> Token | None:
    """Return the token on which the words of an event's first mention hang."""
    index = document.sentence_at(event.mentions[0].start)
    if index is None:
        return None
    tokens = tokens_of(document.sentences[index], event.mentions[0])
    return head_of(tokens) if tokens else None


def _is_circumstance(token: Token, verb: Token) -> bool:
    """Say whether a word hangs on a verb as its subject, its circumstance or its result."""
    if token.head.i != verb.i:
        return False
    if token.dep_ in ("nsubj", "obl:agent"):
        return True
    marks = {child.lower_ for child in token.children if child.dep_ in ("case", "mark")}
    if token.dep_ in ("obl", "nmod"):
        return bool(marks & CIRCUMSTANCES)
    # The parser takes "fighting" for a noun as often as for a participle.
    participle = token.lower_.endswith("ing") and token.dep_ in ("advcl", "acl", "conj", "xcomp")
    return participle and marks <= CIRCUMSTANCES


def _read_recall(document: Document, event: Event) -> str | None:
    """Say how a mention points back at something told: "reaction", "definite", None for not.

    A definite noun does ("the attack", "those raids"), most of all where somebody reacts to it
    ("condemned the coup"): then what stands around it belongs to the reaction. So does a verb
    of harm with such a subject ("the blast also killed").
    """
    head = _head_token(document, event)
    if head is None:
        return None
    if head.pos_ == "VERB":
        subjects = [child for child in head.children if child.dep_ == "nsubj"]
        known = any(s.lemma_.lower() in GENERAL_DEEDS and _is_definite(s) for s in subjects)
        held = _held_noun(head)
        return "definite" if known or (held is not None and _is_definite(held)) else None
    if head.pos_ != "NOUN" or not _is_definite(head):
        return None
    upper = head.head
    for _ in range(2):
        if upper.lemma_.lower() in REACTIONS:
            return "reaction"
        upper = upper.head
    return "definite"


def _held_noun(verb: Token) -> Token | None:
    """Return what is held by a light verb in the passive: "the exercises to be held"."""
    if verb.lemma_.lower() not in LIGHT_VERBS:
        return None
    return next((child for child in verb.children if child.dep_ == "nsubj:pass"), None)


def _has_own_place(event: Event) -> bool:
    """Say whether a place follows the trigger: "the attacks in Paris"."""
    places = event.spans.get("where", ())
    return any(
        event.sentence.overlaps(span) and span.start >= event.mentions[0].end for span in places
    )


def _is_definite(noun: Token) -> bool:
    return any(child.lower_ in DEFINITE or child.dep_ == "nmod:poss" for child in noun.children)


def _repeat_titles(
    document: Document, events: Sequence[Event], words: Mapping[str, set[str]]
) -> list[Event]:
    """Join what title and captions alone tell with the body's event that resembles it most."""
    kinds = {event.id: _block_kinds(document, event) for event in events}
    merged = list(events)
    for event in events:
        if not kinds[event.id] <= REPEATING:
            continue
        likeness = {
            index: _resemblance(other, event, alike=bool(words[other.id] & words[event.id]))
            for index, other in enumerate(merged)
            if not kinds[other.id] <= REPEATING
        }
        best = max(likeness, key=lambda index: likeness[index], default=None)
        if best is None or likeness[best] < LEAST_RESEMBLANCE:
            continue
        told = merged[best]
        joined = replace(join(told, event), event_type=told.event_type, status=told.status)
        position = merged.index(event)
        merged[min(position, best)] = joined
        del merged[max(position, best)]
    return merged


def _block_kinds(document: Document, event: Event) -> set[BlockKind]:
    numbers = (document.sentence_at(mention.start) for mention in event.mentions)
    return {document.sentences[number].kind for number in numbers if number is not None}


def _resemblance(told: Event, repeated: Event, *, alike: bool) -> int:
    """Count what speaks for a title's or caption's event being one that the body tells."""
    same_type = told.event_type == repeated.event_type
    kindred = _are_kindred(told, repeated)
    if not (same_type or alike or kindred) or not _places_agree(told, repeated):
        return 0
    # A picture of another day shows another deed.
    if not _dates_agree(told, repeated):
        return 0
    if {told.status, repeated.status} & {Status.DENIED, Status.HISTORICAL} and (
        told.status is not repeated.status
    ):
        return 0
    return 2 * same_type + 2 * alike + _actors_agree(told, repeated) + (told.salience == 1.0)


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
    kindred = alike and _are_kindred(first, second)
    return (
        (same_type or kindred)
        and _senses_agree(first.status, second.status)
        and (not same_type or first.sentence == second.sentence or _modes_agree(first, second))
        and _places_agree(first, second)
        and _dates_agree(first, second)
        and _actors_agree(first, second)
        and (_is_deed(first) or _share_actor(first, second))
    )


def _are_kindred(first: Event, second: Event) -> bool:
    return frozenset({first.event_type, second.event_type}) in KINDRED


def _is_told_apart(document: Document, event: Event) -> bool:
    """Say whether the event's sentence marks it as another one than those told before."""
    index = document.sentence_at(event.mentions[0].start)
    if index is None:
        return False
    return not APART.isdisjoint(WORD.findall(document.sentences[index].text.lower()))


def _read_words(document: Document, event: Event) -> set[str]:
    """Return the lemmas of the nouns and verbs in the event's trigger.

    For a light verb stands what is held.
    """
    words = set()
    index = document.sentence_at(event.mentions[0].start)
    tokens = tokens_of(document.sentences[index], event.mentions[0]) if index is not None else ()
    for token in tokens:
        meant = (_held_noun(token) or token) if len(tokens) == 1 else token
        if meant.pos_ in ("NOUN", "VERB") and meant.lemma_.lower() not in LIGHT_VERBS:
            words.add(meant.lemma_.lower())
    return words


def _modes_agree(first: Event, second: Event) -> bool:
    return not first.mode or not second.mode or first.mode == second.mode


def _is_deed(event: Event) -> bool:
    return EVENT_TYPES[event.event_type].quad_class not in VERBAL


def _share_actor(first: Event, second: Event) -> bool:
    return bool(_codes(first.actors) & _codes(second.actors))


def join(first: Event, second: Event) -> Event:
    """Return one event of two mentions: the first's identity, the surest values, all the words."""
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
    teller = second if _richness(second) > _richness(first) else first
    spans["what"] = tuple(dict.fromkeys((*teller.spans["what"], *spans["what"])))
    return replace(
        first,
        sentence=teller.sentence,
        spans=spans,
        mode=first.mode or second.mode,
        status=teller.status,
        actors=max(first.actors, second.actors, key=len),
        recipients=max(first.recipients, second.recipients, key=len),
        place=place_source.place,
        place_basis=place_source.place_basis,
        alternatives=place_source.alternatives,
        start=date_source.start,
        end=date_source.end,
        granularity=date_source.granularity,
        date_basis=date_source.date_basis,
        confidence=max(first.confidence, second.confidence),
        salience=max(first.salience, second.salience),
        casualties=first.casualties or second.casualties,
        mentions=(*first.mentions, *second.mentions),
    )


def _senses_agree(first: Status, second: Status) -> bool:
    return first is second or {first, second} <= HAPPENED


def _places_agree(first: Event, second: Event) -> bool:
    if first.place is None or second.place is None:
        return True
    # A guess speaks against nothing that one actor did.
    if GUESSED & {first.place_basis, second.place_basis} and _share_actor(first, second):
        return True
    if first.place_basis not in PROVEN or second.place_basis not in PROVEN:
        return bool(set(first.place.countries) & set(second.place.countries)) or not (
            first.place.countries and second.place.countries
        )
    return _is_within(first.place, second.place) or _is_within(second.place, first.place)


def _is_within(inner: Place, outer: Place) -> bool:
    if outer.precision is Precision.COUNTRY:
        return outer.country in inner.countries
    apart = great_circle((inner.latitude, inner.longitude), (outer.latitude, outer.longitude)).km
    return bool(apart <= max(outer.radius_km, 5.0))


def _dates_agree(first: Event, second: Event) -> bool:
    if DateBasis.TEXT not in (first.date_basis, second.date_basis):
        return True
    if first.date_basis is not second.date_basis:
        return first.status is not Status.HISTORICAL and second.status is not Status.HISTORICAL
    if first.start is None or first.end is None or second.start is None or second.end is None:
        return True
    return first.start <= second.end and second.start <= first.end


def _actors_agree(first: Event, second: Event) -> bool:
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


def _codes(actors: Sequence[ActorMention]) -> set[str]:
    return {actor.country or actor.code or actor.name for actor in actors}


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


def _richness(event: Event) -> int:
    return sum(name in event.spans for name in ("who", "whom", "where", "when"))


def _salience(document: Document, trigger: Trigger, status: Status) -> float:
    """Return 1 for what title and lead report, 0.7 for the body, 0.3 for background."""
    if status is Status.HISTORICAL:
        return 0.3
    sentence = document.sentences[trigger.sentence]
    if sentence.kind is BlockKind.TITLE:
        return 1.0
    body = [s for s in document.sentences if s.kind is BlockKind.PARAGRAPH][:LEAD_SENTENCES]
    return 1.0 if sentence in body else 0.7
