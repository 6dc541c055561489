"""Learn which name of a sentence says where the event at a trigger happened.

    python -m training.attachment CORPORA [--held-out FILE]
                                  [--into data/bundled/models/attachment.json]

CORPORA holds `event_location_more.jsonl` (MIT): sentences with a marked verb and the words
that say where its event happened. Every other name of the sentence is a counter-example.
FILE is another one of the format: none of its sentences is trained on, and the precision,
recall and F1 reached on it are printed.
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
from extract.linking.attachment import AttachmentModel, head_of, tokens_of
from extract.linking.scene import Scene
from extract.pipeline import Extractor
from extract.records import Article, Span, Trigger
from extract.syntax import CLAUSES, tree_path

# On held-out sentences 1.0, 1.5, 2.0 and 4.0 give F1 .767, .768, .770 and .764.
PENALTY = 1.5
# Features seen less often are left out: they cannot be judged and swell the file.
RAREST = 3
# Weights below are left out of the file: one moves no probability by more than 0.005.
LEAST_WEIGHT = 0.02
# A trigger no further in the tree, with no clause between, tells the marked verb's event too.
NEAR = 4
# The probability at which the printed figures are taken: the best F1 of 0.3 to 0.5.
COUNTED = 0.35


@dataclass(frozen=True, slots=True)
class Sample:
    """One name of one sentence: its features, and whether it locates the event."""

    features: frozenset[str]
    positive: bool


@dataclass(frozen=True, slots=True)
class Case:
    """One marked verb: its samples, those of other words for its event, and the places marked.

    `marked` counts those too that are no name of the sentence and can never be found.
    """

    text: str
    samples: tuple[Sample, ...]
    retold: tuple[Sample, ...]
    marked: int


def read_cases(path: Path, extractor: Extractor) -> list[Case]:
    """Return a case for each line of a file in the corpus' format."""
    with path.open(encoding="utf-8") as lines:
        return [make_case(json.loads(line), extractor) for line in lines]


def make_case(record: dict[str, Any], extractor: Extractor) -> Case:
    """Return the case of one line, its sentence read as the whole program reads it."""
    text: str = record["text"]
    gold = {Span(*pair) for pair in record["event_location"]}
    verb = Span(*record["verb"][0])
    found = extractor.extract(Article(str(record["id"]), text))
    document = extractor.language.read(found.article, found.blocks)
    index = document.sentence_at(verb.start)
    if index is None:
        return Case(text, (), (), len(gold))
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
    return Case(text, tuple(_describe(scene, verb, gold)), tuple(retold), len(gold))


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


def rate(model: AttachmentModel, cases: Sequence[Case]) -> tuple[float, float, float]:
    """Return precision, recall and F1 over the marked verbs of the cases."""
    chosen = [
        sample.positive
        for case in cases
        for sample in case.samples
        if model.probability(sample.features) >= COUNTED
    ]
    right, marked = sum(chosen), sum(case.marked for case in cases)
    if not chosen or not marked:
        return 0.0, 0.0, 0.0
    return right / len(chosen), right / marked, 2 * right / (len(chosen) + marked)


def main() -> None:
    """Train from the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--held-out", type=Path, help="to score on, and not to train on")
    parser.add_argument("--into", type=Path, default=Path("data/bundled/models/attachment.json"))
    options = parser.parse_args()
    extractor = Extractor()
    cases = read_cases(options.corpora / "event_location_more.jsonl", extractor)
    held = read_cases(options.held_out, extractor) if options.held_out else []
    texts = {case.text for case in held}
    model = fit(case for case in cases if case.text not in texts)
    if held:
        figures = rate(model, held)
        print("held out: precision {:.3f}, recall {:.3f}, F1 {:.3f}".format(*figures))
    written = json.dumps(dict(model.weights), indent=0, sort_keys=True)
    options.into.write_text(written, encoding="utf-8")


if __name__ == "__main__":
    main()
