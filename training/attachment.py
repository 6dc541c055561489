"""Learn which toponym of a sentence says where the event at a trigger happened.

    python -m training.attachment CORPORA [--into data/bundled/models/attachment.json]

CORPORA holds `event_location_more.jsonl` (MIT): sentences with a marked verb and the words
that say where its event happened. Every other toponym of the sentence, as our recogniser
finds it, is a counter-example. Prints precision, recall and F1 by five-fold cross-validation
over documents' sentences, then trains on all.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from extract.gazetteer import Gazetteer
from extract.language import Language
from extract.linking.attachment import describe_attachment, tokens_of
from extract.mentions.toponyms import ToponymRecognizer
from extract.records import Article, Block, BlockKind, Span

FOLDS = 5
# Chosen on the same cross-validation: 0.5 -> F1 within 0.002 of 1.0 and 2.0.
PENALTY = 1.0
# Features seen less often are left out: they cannot be judged and swell the file.
RAREST = 3


@dataclass(frozen=True, slots=True)
class Sample:
    """One toponym of one sentence: its features, and whether it locates the event."""

    sentence: int
    features: tuple[str, ...]
    positive: bool


def read_samples(path: Path, language: Language, recognizer: ToponymRecognizer) -> list[Sample]:
    """Return a sample for each toponym, found or marked, of each sentence of the corpus.

    A location that several verbs share stands once for each of them.
    """
    samples: list[Sample] = []
    with path.open(encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    for number, record in enumerate(records):
        text = record["text"]
        block = Block(Span(0, len(text)), BlockKind.PARAGRAPH)
        document = language.read(Article(record["id"], text), [block])
        gold = [Span(*pair) for pair in record["event_location"]]
        found = [toponym.span for toponym in recognizer.find(document)]
        found = [span for span in found if not any(span.overlaps(other) for other in gold)]
        verbs = [Span(*pair) for pair in record["verb"]]
        if not verbs or not (gold or found):
            continue
        index = document.sentence_at(verbs[0].start)
        if index is None:
            continue
        sentence = document.sentences[index]
        language.parse([sentence])
        spans = sorted(span for span in gold + found if sentence.span.covers(span))
        trigger = tokens_of(sentence, verbs[0])
        for span in spans:
            rivals = [other for other in spans if other != span]
            features = describe_attachment(sentence, trigger, tokens_of(sentence, span), rivals)
            samples.append(Sample(number, tuple(features), span in gold))
    return samples


def fit(samples: Sequence[Sample]) -> dict[str, float]:
    """Return the weights of a logistic regression with an L2 penalty."""
    counts = Counter(feature for sample in samples for feature in set(sample.features))
    names = [feature for feature, count in counts.items() if count >= RAREST]
    column = {name: index for index, name in enumerate(names)}
    rows, columns = [], []
    for index, sample in enumerate(samples):
        for feature in set(sample.features):
            if feature in column:
                rows.append(index)
                columns.append(column[feature])
    matrix = csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(samples), len(names)))
    signs = np.array([1.0 if sample.positive else -1.0 for sample in samples])

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        margins = signs * (matrix @ weights)
        slopes = -signs / (1 + np.exp(margins))
        value = np.logaddexp(0, -margins).sum() + PENALTY / 2 * weights @ weights
        return float(value), matrix.T @ slopes + PENALTY * weights

    found = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B")
    return {
        name: round(float(weight), 4)
        for name, weight in zip(names, found.x, strict=True)
        if abs(weight) >= 0.005
    }


def cross_validate(samples: Sequence[Sample]) -> tuple[float, float, float]:
    """Return precision, recall and F1 at probability one half."""
    right = predicted = 0
    for fold in range(FOLDS):
        weights = fit([sample for sample in samples if sample.sentence % FOLDS != fold])
        for sample in samples:
            if sample.sentence % FOLDS == fold and _total(weights, sample.features) > 0:
                predicted += 1
                right += sample.positive
    gold = sum(sample.positive for sample in samples)
    return right / predicted, right / gold, 2 * right / (predicted + gold)


def _total(weights: dict[str, float], features: Iterable[str]) -> float:
    return sum(weights.get(feature, 0.0) for feature in set(features))


def main() -> None:
    """Train from the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--into", type=Path, default=Path("data/bundled/models/attachment.json"))
    options = parser.parse_args()
    recognizer = ToponymRecognizer(Gazetteer.open())
    samples = read_samples(options.corpora / "event_location_more.jsonl", Language(), recognizer)
    figures = cross_validate(samples)
    print("{} samples; precision {:.3f}, recall {:.3f}, F1 {:.3f}".format(len(samples), *figures))
    options.into.write_text(json.dumps(fit(samples), indent=0, sort_keys=True), encoding="utf-8")


if __name__ == "__main__":
    main()
