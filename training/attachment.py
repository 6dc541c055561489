"""Learn which name of a sentence says where the event at a trigger happened.

    python -m training.attachment CORPORA [--also FILE] [--held-out FILE | --cross-validate]
                                  [--into data/bundled/models/attachment.json]

CORPORA holds `event_location_more.jsonl` (MIT): sentences with a marked verb and the words
that say where its event happened. Every other name of the sentence is a counter-example.
FILE is another one of the format: `--also` trains on it too, `--held-out` trains on none of its
sentences, and prints the precision, recall and F1 reached on it. `--cross-validate` prints them
for five folds of all sentences, those of FILE also as the whole program places their events,
and writes nothing.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from extract.language import Sentence
from extract.linking import link_events
from extract.linking.attachment import AttachmentModel, head_of, tokens_of
from extract.linking.scene import Scene
from extract.pipeline import Extractor
from extract.records import Article, Span, Status, Trigger
from extract.syntax import CLAUSES, tree_path
from extract.table import build_row

# Cross-validated, 1.5 and 3.0 give F1 .768 and .769 of names given the verb, and .708 and .713 of
# the places of all events of `event_location`.
PENALTY = 3.0
# Features seen less often are left out: they cannot be judged and swell the file.
RAREST = 3
# Weights below are left out of the file: one moves no probability by more than 0.005.
LEAST_WEIGHT = 0.02
# A trigger no further in the tree, with no clause between, tells the marked verb's event too.
NEAR = 4
# The probability at which the printed figures are taken: the best F1 of 0.3 to 0.5.
COUNTED = 0.35
FOLDS = 5
# Sentences so near in the corpus stay in one fold.
NEIGHBOURS = 20


@dataclass(frozen=True, slots=True)
class Sample:
    """One name of one sentence: its features, and whether it locates the event."""

    features: frozenset[str]
    positive: bool


@dataclass(frozen=True, slots=True)
class Case:
    """One marked verb: its samples, those of other words for its event, and the places marked.

    `marked` has those too that are no name of the sentence and can never be found. `number` is
    the line's place in the corpus, where neighbours tend to be of one kind.
    """

    number: int
    text: str
    samples: tuple[Sample, ...]
    retold: tuple[Sample, ...]
    marked: frozenset[Span]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many places were rightly chosen, chosen at all, and marked."""

    right: int = 0
    chosen: int = 0
    marked: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.right + other.right, self.chosen + other.chosen, self.marked + other.marked
        )

    def __str__(self) -> str:
        precision, recall = self.right / max(self.chosen, 1), self.right / max(self.marked, 1)
        both = 2 * self.right / max(self.chosen + self.marked, 1)
        return f"precision {precision:.3f}, recall {recall:.3f}, F1 {both:.3f}"


def read_cases(path: Path, extractor: Extractor) -> list[Case]:
    """Return a case for each line of a file in the corpus' format."""
    with path.open(encoding="utf-8") as lines:
        return [make_case(json.loads(line), extractor) for line in lines]


def make_case(record: dict[str, Any], extractor: Extractor) -> Case:
    """Return the case of one line, its sentence read as the whole program reads it."""
    text: str = record["text"]
    gold = {Span(*pair) for pair in record["event_location"]}
    verb = Span(*record["verb"][0])
    number = int(str(record["id"]).rpartition("-")[2])
    found = extractor.extract(Article(str(record["id"]), text))
    document = extractor.language.read(found.article, found.blocks)
    index = document.sentence_at(verb.start)
    if index is None:
        return Case(number, text, (), (), frozenset(gold))
    sentence = document.sentences[index]
    extractor.language.parse([sentence])
    triggers = [trigger for trigger in found.triggers if sentence.span.covers(trigger.span)]
    scene = Scene(
        sentence,
        triggers=[trigger.span for trigger in triggers],
        resolved=found.resolved,
        actors=found.actors,
        times=[timex.span for timex in found.timexes],
    )
    retold = [
        sample
        for other in _tell_the_same(sentence, verb, triggers)
        for sample in _describe(scene, other, gold)
    ]
    samples = tuple(_describe(scene, verb, gold))
    return Case(number, text, samples, tuple(retold), frozenset(gold))


def _describe(scene: Scene, trigger: Span, gold: set[Span]) -> Iterator[Sample]:
    for name in scene.names:
        yield Sample(frozenset(scene.describe(trigger, name)), name.span in gold)


def _tell_the_same(sentence: Sentence, verb: Span, triggers: Sequence[Trigger]) -> Iterator[Span]:
    """Yield the triggers near the marked verb that tell of its event: "killed in an attack"."""
    own = next((trigger for trigger in triggers if trigger.span.overlaps(verb)), None)
    words = tokens_of(sentence, verb)
    if own is None or not words:
        return
    for trigger in triggers:
        if trigger.event_type != own.event_type or trigger.span.overlaps(verb):
            continue
        ups, downs = tree_path(head_of(tokens_of(sentence, trigger.span)), head_of(words))
        way = (*ups, *downs)
        apart = any(token.dep_ in CLAUSES or token.dep_ == "conj" for token in way)
        if not apart and len(way) <= NEAR:
            yield trigger.span


def fit(cases: Iterable[Case]) -> AttachmentModel:
    """Return a logistic regression with an L2 penalty over all samples of the cases."""
    samples = [sample for case in cases for sample in (*case.samples, *case.retold)]
    counts = Counter(feature for sample in samples for feature in sample.features)
    names = sorted(feature for feature, count in counts.items() if count >= RAREST)
    column = {name: index for index, name in enumerate(names)}
    rows, columns = [], []
    for index, sample in enumerate(samples):
        for feature in sample.features:
            if feature in column:
                rows.append(index)
                columns.append(column[feature])
    matrix = csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(samples), len(names)))
    transposed = matrix.T.tocsr()
    signs = np.array([1.0 if sample.positive else -1.0 for sample in samples])

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        margins = signs * (matrix @ weights)
        slopes = -signs / (1 + np.exp(np.clip(margins, -500, 500)))
        value = np.logaddexp(0, -margins).sum() + PENALTY / 2 * weights @ weights
        return float(value), transposed @ slopes + PENALTY * weights

    found = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B")
    return AttachmentModel(
        {
            name: round(float(weight), 3)
            for name, weight in zip(names, found.x, strict=True)
            if abs(weight) >= LEAST_WEIGHT
        }
    )


def rate(model: AttachmentModel, cases: Iterable[Case]) -> Counts:
    """Return how the names chosen for the marked verbs of the cases agree with those marked."""
    total = Counts()
    for case in cases:
        chosen = [
            sample.positive
            for sample in case.samples
            if model.probability(sample.features) >= COUNTED
        ]
        total += Counts(sum(chosen), len(chosen), len(case.marked))
    return total


def rate_events(model: AttachmentModel, cases: Iterable[Case], extractor: Extractor) -> Counts:
    """Return how the places of all events that the whole program finds agree with those marked.

    A sentence's events at other words than the marked verb count as wrong where they happened
    elsewhere.
    """
    total = Counts()
    for case in cases:
        found = extractor.extract(Article(str(case.number), case.text))
        document = extractor.language.read(found.article, found.blocks)
        extractor.language.parse(
            document.sentences[index] for index in {item.sentence for item in found.triggers}
        )
        events = link_events(
            document,
            resolved=found.resolved,
            timexes=found.timexes,
            actors=found.actors,
            triggers=found.triggers,
            find_country=extractor.gazetteer.country,
            attachment=model,
        )
        chosen = [
            Span(*where)
            for event in events
            if event.status is not Status.HYPOTHETICAL
            and (where := build_row(found.article, event)["spans"].get("where"))
        ]
        total += Counts(len(case.marked.intersection(chosen)), len(chosen), len(case.marked))
    return total


def cross_validate(cases: Sequence[Case], also: Sequence[Case], extractor: Extractor) -> None:
    """Print the figures of models that saw neither the sentence nor its neighbours."""
    verbs, verbs_also, events_also = Counts(), Counts(), Counts()
    for fold in range(FOLDS):
        held = [case for case in (*cases, *also) if _fold_of(case) == fold]
        texts = {case.text for case in held}
        seen = [c for c in (*cases, *also) if _fold_of(c) != fold and c.text not in texts]
        model = fit(seen)
        mine = [case for case in also if _fold_of(case) == fold]
        verbs += rate(model, held)
        verbs_also += rate(model, mine)
        events_also += rate_events(model, mine, extractor)
    print("names given the verb, all sentences:", verbs)
    print("names given the verb, of FILE:      ", verbs_also)
    print("places of all events, of FILE:      ", events_also)


def _fold_of(case: Case) -> int:
    return case.number // NEIGHBOURS % FOLDS


def main() -> None:
    """Train from the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--also", type=Path, metavar="FILE", help="to train on too")
    parser.add_argument("--held-out", type=Path, metavar="FILE", help="to score on only")
    parser.add_argument("--cross-validate", action="store_true", help="score, and write nothing")
    parser.add_argument("--into", type=Path, default=Path("data/bundled/models/attachment.json"))
    options = parser.parse_args()
    extractor = Extractor()
    cases = read_cases(options.corpora / "event_location_more.jsonl", extractor)
    also = read_cases(options.also, extractor) if options.also else []
    if options.cross_validate:
        cross_validate(cases, also, extractor)
        return
    held = read_cases(options.held_out, extractor) if options.held_out else []
    texts = {case.text for case in held}
    model = fit(case for case in (*cases, *also) if case.text not in texts)
    if held:
        print("held out, names given the verb:", rate(model, held))
        print("held out, places of all events:", rate_events(model, held, extractor))
    written = json.dumps(dict(model.weights), indent=0, sort_keys=True)
    options.into.write_text(written, encoding="utf-8")


if __name__ == "__main__":
    main()
