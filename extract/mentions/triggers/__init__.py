"""Find the words that say what happened: their PLOVER type and mode, and the event's status.

A sentence is parsed only when the lexicon sees a possible trigger in it. Each candidate is
then judged by a small trained model (`extract.mentions.triggers.model`), which may say that
it reports no event at all; its status is read from the tree (`extract.mentions.triggers.status`).

Within a sentence the main trigger comes first: the predicate of the main clause, or of the
clause below it where the main verb only reports ("said that troops attacked"); then the
others from the top of the tree down.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from extract.bundled import bundled_path
from extract.language import Document, Language, Sentence
from extract.mentions.triggers.features import describe, sentence_scene
from extract.mentions.triggers.model import NO_EVENT, Probabilities, TriggerModel
from extract.mentions.triggers.status import StatusWords, judge_status
from extract.mentions.triggers.words import OBJECTS, Candidate, Tree, TriggerLexicon, WordKinds
from extract.records import BlockKind, Trigger

SILENT_BLOCKS = frozenset({BlockKind.FURNITURE, BlockKind.HEADER})
# A candidate that is less likely an event than this is dropped. On the coded sentences of the
# benchmark (scored, not trained on) 0.36 calls 24 % of the statements events, 0.42 21 %; of first
# types 75.4 % and 74.7 % are right. On whole articles (scored, not trained on) detection F1 is
# .673 and .670 (politics), .868 and .838 (conflict), with core recall .80 and .75, .87 and .83;
# our own reports find .823 and .804 of the core events. 0.34 gains nothing more.
LEAST_PROBABILITY = 0.36
# A headline says little but what happened. On headlines of coded events (scored, not trained on)
# 0.25 finds the country of 75.9 %, 0.4 of 74.6 %; on whole articles detection F1 is within 0.005.
LEAST_IN_TITLE = 0.25
LONGEST_SPAN = 6
FOREIGN_TAGS = frozenset({"NNP", "NNPS", "IN", "TO"})
MOST_CONTEXTS = 3
# Days on which a deed is remembered, not done.
ANNIVERSARIES = frozenset({"anniversary", "anniversaries", "centenary", "commemoration"})
# An appeal ("urged", "called on") or a condolence is a slight act: of 14 of them in dated
# articles annotators took 6 for an event, in undated coded sentences none. So it gets this at
# most, and is dropped where the article has no date to give it a time.
APPEAL_PROBABILITY = 0.45


@dataclass(frozen=True, slots=True)
class Judged:
    """A candidate of a sentence with the type it was given and how sure that is."""

    candidate: Candidate
    event_type: str
    probability: float
    rank: float


@dataclass(frozen=True, slots=True)
class Reading:
    """A parsed sentence with its candidates and what the model sees of each of them."""

    number: int
    sentence: Sentence
    tree: Tree
    candidates: list[Candidate]
    features: list[list[str]]


class TriggerFinder:
    """Finds the triggers of a document; `language` parses the sentences that need it."""

    def __init__(self, language: Language, *, model: TriggerModel | None = None) -> None:
        self._language = language
        self._lexicon = TriggerLexicon()
        self._kinds = WordKinds()
        self._contexts = WordKinds("context_words.txt")
        self._status_words = StatusWords()
        self._model = model or TriggerModel.load(bundled_path("models/triggers.npz"))

    def find(self, document: Document) -> list[Trigger]:
        """Return the triggers of all sentences in order, each sentence's main one first."""
        waiting = [
            (number, sentence)
            for number, sentence in enumerate(document.sentences)
            if sentence.kind not in SILENT_BLOCKS and self._lexicon.may_hold(sentence.lower)
        ]
        self._language.parse(sentence for _, sentence in waiting)
        read = [self._read(number, sentence) for number, sentence in waiting]
        # All candidates of the article go through the model at once.
        chances = iter(
            self._model.probabilities_of_all(
                [features for reading in read for features in reading.features]
            )
        )
        dated = document.article.published is not None
        return [
            trigger for reading in read for trigger in self._judge(reading, chances, dated=dated)
        ]

    def _read(self, number: int, sentence: Sentence) -> Reading:
        tree = Tree(sentence.tokens)
        scene = sentence_scene(tree, self._kinds)
        reading = Reading(number, sentence, tree, [], [])
        for rank, candidate in enumerate(self._lexicon.candidates(tree)):
            if (
                _names_equipment(candidate, tree, self._kinds)
                or _tells_a_state(candidate, tree)
                or _is_commemorated(candidate, tree)
            ):
                continue
            reading.candidates.append(candidate)
            reading.features.append(
                describe(candidate, tree, self._lexicon, self._kinds, scene, rank)
            )
        return reading

    def _judge(
        self, reading: Reading, chances: Iterator[Probabilities], *, dated: bool
    ) -> list[Trigger]:
        number, sentence, tree = reading.number, reading.sentence, reading.tree
        judged = self._judge_candidates(reading, chances, dated=dated)
        contexts = self._find_contexts(tree) if judged else ()
        judged.sort(key=lambda item: -item.rank)
        triggers = []
        for item in judged:
            index = item.candidate.index
            span_tokens = _span_tokens(item.candidate, tree)
            status = judge_status(index, tree, self._status_words, event_type=item.event_type)
            span = sentence.span_of(*span_tokens)
            triggers.append(
                Trigger(
                    span=span,
                    text=sentence.text[
                        span.start - sentence.span.start : span.end - sentence.span.start
                    ],
                    event_type=item.event_type,
                    mode=choose_mode(item.candidate, item.event_type),
                    status=status.status,
                    sentence=number,
                    status_span=None
                    if status.token is None
                    else sentence.span_of(status.token, status.token),
                    probability=item.probability,
                    contexts=contexts,
                )
            )
        return triggers

    def _find_contexts(self, tree: Tree) -> tuple[str, ...]:
        """Return the contexts that the sentence's words speak of, the most spoken of first."""
        counts = Counter(name for lemma in set(tree.lemmas) for name in self._contexts.of(lemma))
        return tuple(sorted(counts, key=lambda name: (-counts[name], name))[:MOST_CONTEXTS])

    def _judge_candidates(
        self, reading: Reading, chances: Iterator[Probabilities], *, dated: bool
    ) -> list[Judged]:
        classes = self._model.classes
        is_title = reading.sentence.kind is BlockKind.TITLE
        least = LEAST_IN_TITLE if is_title else LEAST_PROBABILITY
        judged = []
        for candidate in reading.candidates:
            probabilities = next(chances)
            order = np.argsort(-probabilities)
            best = next(int(i) for i in order if classes[i] != NO_EVENT)
            event = float(1 - probabilities[classes.index(NO_EVENT)])
            if self._is_slight(candidate, classes[best]):
                event = min(event, APPEAL_PROBABILITY) if dated else 0.0
            if event >= least:
                rank = event * mainness(candidate.index, reading.tree)
                judged.append(Judged(candidate, classes[best], event, rank))
        return judged

    def _is_slight(self, candidate: Candidate, event_type: str) -> bool:
        """Say whether the act is only an appeal or a condolence."""
        if event_type == "REQUEST":
            return "appeals" in self._kinds.of(candidate.head)
        return event_type == "SUPPORT" and any(
            "condolences" in self._kinds.of(word)
            for entry in candidate.phrases
            for word in entry.others
        )


# Besides weapons, what a word of fighting may only describe.
EQUIPMENT = frozenset(
    """
    equipment gear vehicle aircraft plane boat uniform readiness capability experience medic
    footage simulator
    """.split()
)
PARTICIPLES = ("VBN", "VBG", "VBD")
# "X recognises Y as part of Z" is how things stand.
REGARDING = frozenset({"recognise", "recognize", "regard", "consider", "acknowledge"})


def _names_equipment(candidate: Candidate, tree: Tree, kinds: WordKinds) -> bool:
    """Say whether a noun only says what kind of thing another is: "combat equipment"."""
    index = candidate.index
    if tree.dependencies[index] not in ("compound", "amod") or tree.tags[index] in PARTICIPLES:
        return False
    thing = tree.lemmas[tree.heads[index]]
    return tree.heads[index] > index and (thing in EQUIPMENT or "weapon" in kinds.of(thing))


def _is_commemorated(candidate: Candidate, tree: Tree) -> bool:
    """Say whether a deed is only one whose day comes round: "the third anniversary of the war"."""
    head = tree.heads[candidate.index]
    return (
        tree.dependencies[candidate.index] in ("nmod", "compound", "nmod:poss", "pobj")
        and head != candidate.index
        and (tree.lower[head] in ANNIVERSARIES or _hangs_on_anniversary(head, tree))
    )


def _hangs_on_anniversary(preposition: int, tree: Tree) -> bool:
    """Say the same of a tree in which the preposition stands between."""
    upper = tree.heads[preposition]
    return tree.lower[preposition] == "of" and tree.lower[upper] in ANNIVERSARIES


def _tells_a_state(candidate: Candidate, tree: Tree) -> bool:
    """Say whether a verb in the present tells a standing view: "recognises it as a part of"."""
    index = candidate.index
    if candidate.head not in REGARDING or tree.tags[index] not in ("VBZ", "VBP"):
        return False
    return any(tree.lower[c] == "as" for o in tree.children[index] for c in tree.children[o])


REPORTING = frozenset(
    """
    say tell report add state announce declare confirm claim note explain argue believe write insist
    stress emphasize emphasise underline recall acknowledge admit mention suggest reveal disclose
    indicate show warn reiterate maintain allege testify quote assert inform according
    """.split()
)


def mainness(index: int, tree: Tree) -> float:
    """Return how near a token is to what its sentence asserts, from 1 down to 0.

    1 for the main clause's predicate, or for that of the clause which a verb of reporting
    introduces; less with every step into a subordinate clause or a noun phrase.
    """
    weight = 1.0
    steps = 0
    while tree.heads[index] != index and steps < 12:
        relation, upper = tree.dependencies[index], tree.heads[index]
        if relation in ("ccomp", "parataxis") and tree.lemmas[upper] in REPORTING:
            factor = 0.99
        elif relation in ("xcomp", "ccomp"):
            factor = 0.9
        elif relation == "conj":
            factor = 0.93
        elif relation in ("aux", "cop", "aux:pass"):
            factor = 1.0
        elif relation in OBJECTS:
            factor = 0.9
        elif relation in ("nsubj", "nsubj:pass"):
            factor = 0.8
        elif relation in ("advcl", "parataxis") or relation in ("obl", "obl:agent"):
            factor = 0.7
        else:
            factor = 0.6
        weight *= factor
        index = upper
        steps += 1
    return weight


def choose_mode(candidate: Candidate, event_type: str) -> str | None:
    """Return the mode that the lexicon gives for this type, the longest phrase's first."""
    for entry in sorted(candidate.phrases, key=lambda entry: -len(entry.others)):
        if entry.event_type == event_type and entry.mode:
            return entry.mode
    for entry in candidate.singles:
        if entry.event_type == event_type and entry.mode:
            return entry.mode
    return None


def _span_tokens(candidate: Candidate, tree: Tree) -> tuple[int, int]:
    """Return the first and last token of the trigger: its phrase where that is short.

    A name or a preposition between the head and the rest of the phrase belongs to another
    field of the event ("killed by rebels near X in"), so the phrase ends before it.
    """
    first = last = candidate.index
    for index in sorted(candidate.absorbed, key=lambda index: abs(index - candidate.index)):
        low, high = min(first, index), max(last, index)
        between = [
            i for i in range(low, high) if i not in candidate.absorbed and not first <= i <= last
        ]
        if high - low <= LONGEST_SPAN and not any(tree.tags[i] in FOREIGN_TAGS for i in between):
            first, last = low, high
    while last > candidate.index and tree.tags[last] == "IN":
        last -= 1
    return first, last
