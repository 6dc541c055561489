"""Train the model that recognises toponyms, and score it on corpora it has not seen.

    python -m training.toponyms CORPORA_DIR                 train and write the bundled model
    python -m training.toponyms CORPORA_DIR --hold-out re3d geovirus

Needs the corpora that the model card (docs/toponyms.md) names.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pycrfsuite

from extract.bundled import DATA
from extract.gazetteer import Gazetteer
from extract.language import split_sentences
from extract.mentions.sequence_model import SequenceModel
from extract.mentions.token_features import (
    FactsLookup,
    Sentence,
    describe_document,
    describe_form,
    make_lookup,
    offsets_of,
    tokenize,
)
from extract.records import Span
from training.toponym_corpora import MarkedText, read_corpora

MODEL = DATA / "bundled" / "models" / "toponyms.npz"
LABELS = ("O", "B", "I")


def cut_sentences(text: str) -> list[Sentence]:
    """Cut a training text into tokenised sentences; its first line is a heading if it is short."""
    sentences = []
    for span in split_sentences(text, Span(0, len(text))):
        sentences.append(Sentence(tokenize(text, span.start, span.end)))
    return sentences


def label_tokens(sentence: Sentence, places: Sequence[tuple[int, int]]) -> list[str]:
    """Return the label of each token: B begins a place, I goes on with it, O is none."""
    labels = []
    for token in sentence.tokens:
        label = "O"
        for start, end in places:
            if token.start < end and start < token.end:
                label = "B" if token.start <= start else "I"
        labels.append(label)
    return labels


def assemble(sentence: Sentence, own: list[list[str]], lookup: FactsLookup) -> list[list[str]]:
    """Return every feature of every token of a sentence, the window included."""
    rows = [list(features) for features in own]
    forms = [describe_form(token.text, lookup) for token in sentence.tokens]
    for position, form in enumerate(forms):
        for offset, names in offsets_of(form):
            target = position - offset
            if 0 <= target < len(rows):
                rows[target].extend(f"{offset}:{name}" for name in names)
    return rows


def fit(
    texts: Iterable[MarkedText], lookup: FactsLookup, *, rounds: int = 80, path: Path | None = None
) -> SequenceModel:
    """Learn a model from marked texts.  # c1, c2: see docs/toponyms.md"""
    trainer = pycrfsuite.Trainer(verbose=False)
    for text in texts:
        sentences = cut_sentences(text.text)
        described = describe_document(sentences, text.text, lookup)
        for sentence, own in zip(sentences, described, strict=True):
            if not usable(sentence, text):
                continue
            trainer.append(
                pycrfsuite.ItemSequence(assemble(sentence, own, lookup)),
                label_tokens(sentence, text.places),
            )
    trainer.select("lbfgs")
    trainer.set_params({"c1": 0.3, "c2": 0.05, "max_iterations": rounds})
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "toponyms.crfsuite"
        trainer.train(str(file))
        return convert(file)


def usable(sentence: Sentence, text: MarkedText) -> bool:
    """Say whether all of a sentence's answers are known."""
    if not sentence.tokens:
        return False
    first, last = sentence.tokens[0].start, sentence.tokens[-1].end
    return not any(start < last and first < end and end - start > 60 for start, end in text.ignored)


def convert(file: Path) -> SequenceModel:
    """Read what crfsuite learnt into a model of our own."""
    tagger = pycrfsuite.Tagger()
    tagger.open(str(file))
    info = tagger.info()
    index = {label: place for place, label in enumerate(LABELS)}
    rows: dict[str, int] = {}
    weights: list[list[float]] = []
    for (feature, label), weight in info.state_features.items():
        if feature not in rows:
            rows[feature] = len(rows)
            weights.append([0.0] * len(LABELS))
        weights[rows[feature]][index[label]] = weight
    transitions = np.zeros((len(LABELS), len(LABELS)), dtype=np.float32)
    transitions[index["O"], index["I"]] = -20.0
    for (before, after), weight in info.transitions.items():
        transitions[index[before], index[after]] = weight
    return SequenceModel(LABELS, rows, np.array(weights, dtype=np.float32), transitions)


def main(arguments: Sequence[str] | None = None) -> int:
    """Train from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("corpora", type=Path, nargs="+", help="folders that hold the corpora")
    parser.add_argument("--hold-out", nargs="*", default=[], help="corpora not to train on")
    parser.add_argument("-o", "--output", type=Path, default=MODEL)
    parser.add_argument("--rounds", type=int, default=80)
    parser.add_argument("--gazetteer", type=Path, help="a gazetteer's file; default the user's own")
    options = parser.parse_args(arguments)
    gazetteer = Gazetteer(options.gazetteer) if options.gazetteer else Gazetteer.open()
    texts = [
        text
        for folder in options.corpora
        for text in read_corpora(folder)
        if text.corpus not in options.hold_out and text.corpus != "event_location"
    ]
    random.Random(0).shuffle(texts)
    model = fit(texts, make_lookup(gazetteer), rounds=options.rounds)
    model.save(options.output)
    print(f"{len(texts)} texts, {len(model.rows)} features -> {options.output}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
