"""One event once: the mentions of one occurrence within an article become one event.

Title, lead and body tell the same thing again ("the attack"). Two mentions are one occurrence
when they are of one type and sense, and neither place, date nor actors speak against it;
their words are all kept and the surest value of each field wins.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from spacy.tokens import Token

from extract.language import Document
from extract.linking.absorption import absorb_agreements, absorb_venues, find_head, is_one_deed
from extract.linking.attachment import tokens_of
from extract.linking.joining import join
from extract.linking.sameness import (
    HAPPENED,
    WORD,
    actors_agree,
    are_kindred,
    dates_agree,
    is_same_occurrence,
    places_agree,
)
from extract.plover import EVENT_TYPES, QuadClass
from extract.records import BlockKind, Event, Status
from extract.syntax import LIGHT_VERBS

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

# Who does this to a deed speaks of one that has been told.
REACTIONS = frozenset(
    """
    condemn denounce deplore criticise criticize welcome praise hail mourn investigate probe
    protest blame claim accuse discuss describe follow avenge regret
    """.split()
)


def merge_events(document: Document, events: Sequence[Event]) -> list[Event]:
    """Return the events with the mentions of one occurrence joined, in the order of the first.

    Title and captions repeat what the body tells: what is still alone there afterwards goes
    to the event of the body that it resembles most.
    """
    words = {event.id: _read_words(document, event) for event in events}
    merged: list[Event] = []
    for event in _join_clauses(document, events, words):
        index = _find_told(document, merged, event, words)
        if index is None:
            merged.append(event)
        else:
            earlier = merged[index]
            merged[index] = join(earlier, event, titled=_is_title(document, earlier))
            words[earlier.id] |= words[event.id]
    told = _repeat_titles(document, merged, words)
    return absorb_agreements(document, absorb_venues(document, told))


def _join_clauses(
    document: Document, events: Sequence[Event], words: Mapping[str, set[str]]
) -> list[Event]:
    """Return the events with cause and harm of one clause joined: "wounded by shelling".

    Before what is told elsewhere, lest the wounds go to one event and the shelling to another.
    """
    joined: list[Event] = []
    for event in events:
        cause = next(
            (
                index
                for index, earlier in enumerate(joined)
                if earlier.sentence == event.sentence and is_one_deed(document, earlier, event)
            ),
            None,
        )
        if cause is None:
            joined.append(event)
        else:
            # Who did it is told with the deed rather than with the harm behind it.
            told = sorted((joined[cause], event), key=lambda mention: mention.mentions[0].start)
            words[told[0].id].update(words[told[1].id])
            joined[cause] = join(told[0], told[1])
    return joined


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
            (same_type or (alike and are_kindred(earlier, event)))
            and (alike or not words[event.id].isdisjoint(GENERAL_DEEDS))
            and places_agree(earlier, event)
            and dates_agree(earlier, event)
        ):
            fitting.append((alike, same_type, index))
    return max(fitting)[-1] if fitting else None


def _is_forceful(event: Event) -> bool:
    return EVENT_TYPES[event.event_type].quad_class is QuadClass.MATERIAL_CONFLICT


def _read_recall(document: Document, event: Event) -> str | None:
    """Say how a mention points back at something told: "reaction", "definite", None for not.

    A definite noun does ("the attack", "those raids"), most of all where somebody reacts to it
    ("condemned the coup"): then what stands around it belongs to the reaction. So does a verb
    of harm with such a subject ("the blast also killed").
    """
    head = find_head(document, event)
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


def _is_title(document: Document, event: Event) -> bool:
    index = document.sentence_at(event.sentence.start)
    return index is not None and document.sentences[index].kind is BlockKind.TITLE


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
    kindred = are_kindred(told, repeated)
    if not (same_type or alike or kindred) or not places_agree(told, repeated):
        return 0
    # A picture of another day shows another deed.
    if not dates_agree(told, repeated):
        return 0
    if {told.status, repeated.status} & {Status.DENIED, Status.HISTORICAL} and (
        told.status is not repeated.status
    ):
        return 0
    return 2 * same_type + 2 * alike + actors_agree(told, repeated) + (told.salience == 1.0)


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
