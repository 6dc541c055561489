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
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pycrfsuite

from extract.bundled import DATA
from extract.gazetteer import Gazetteer
from extract.language import split_sentences
from extract.mentions.toponyms.sequence_model import SequenceModel
from extract.mentions.toponyms.token_features import (
    FactsLookup,
    Sentence,
    describe_document,
    describe_form,
    make_lookup,
    offsets_of,
    tokenize,
)
from extract.records import Span
from training.place_names import read_place_names
from training.toponym_corpora import MarkedText, count_common_words, read_corpora
from training.toponym_writer import write_texts

MODEL = DATA / "bundled" / "models" / "toponyms.npz"
COMMON = MODEL.with_name("toponyms_common.txt")

# O none, B and I a place, P a person, G an organisation or any other name.
LABELS = ("O", "B", "I", "P", "G")
KINDS = {"PER": "P", "ORG": "G", "MISC": "G"}

# Corpora that mark people and organisations too, and those that mark some places only.
TYPED = frozenset({"wikigold", "uner", "politics", "written"})
PARTIAL = frozenset({"event_location"})
# A sentence that was labelled by the model is learnt when its least sure token is this sure.
SURE = 0.8

# Strength of the L1 and L2 penalties; docs/toponyms.md tells how they were chosen.
PENALTIES = {"c1": 0.3, "c2": 0.05}


@dataclass(slots=True)
class Lesson:
    """A sentence ready to be learnt: its features and labels.

    `typed` says that all names are known, not only places. Without labels it is not learnt.
    """

    items: pycrfsuite.ItemSequence
    labels: list[str]
    typed: bool
    corpus: str


def cut_sentences(text: str) -> list[Sentence]:
    """Cut a training text into tokenised sentences."""
    return [
        Sentence(tokenize(text, span.start, span.end))
        for span in split_sentences(text, Span(0, len(text)))
    ]


def label_tokens(sentence: Sentence, text: MarkedText) -> list[str]:
    """Return the label of each token of a sentence; a place inside another name wins."""
    labels = []
    for token in sentence.tokens:
        label = "O"
        for start, end, kind in text.names:
            if token.start < end and start < token.end:
                label = KINDS.get(kind, label)
        for start, end in text.places:
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


def prepare(texts: Sequence[MarkedText], lookup: FactsLookup) -> list[Lesson]:
    """Turn marked texts into lessons, sentence by sentence."""
    lessons = []
    for text in texts:
        sentences = [each for each in cut_sentences(text.text) if each.tokens]
        described = describe_document(sentences, text.text, lookup)
        lessons += [
            Lesson(
                pycrfsuite.ItemSequence(assemble(sentence, own, lookup)),
                label_tokens(sentence, text),
                bool(text.names) or text.corpus in TYPED,
                text.corpus,
            )
            for sentence, own in zip(sentences, described, strict=True)
        ]
    return lessons


def learn(
    texts: Sequence[MarkedText], lookup: FactsLookup, *, rounds: int, folder: Path
) -> SequenceModel:
    """Learn a model from marked texts; `folder` keeps crfsuite's files.

    A teacher learns from the corpora that mark people and organisations too, and names them in
    the others; then all is learnt together.
    """
    lessons = prepare(texts, lookup)
    report(f"{len(lessons)} sentences")
    teacher, taught = folder / "teacher.crfsuite", folder / "toponyms.crfsuite"
    train([each for each in lessons if each.typed], teacher, rounds=rounds)
    report("teacher learnt")
    impute(lessons, teacher)
    train(lessons, taught, rounds=rounds)
    report("model learnt")
    return convert(taught)


def report(message: str) -> None:
    """Tell on the error stream how far training is."""
    print(f"{time.strftime('%H:%M:%S')} {message}", file=sys.stderr, flush=True)


def train(lessons: Iterable[Lesson], path: Path, *, rounds: int) -> None:
    """Learn a model from lessons and write it to `path` in crfsuite's own form."""
    trainer = pycrfsuite.Trainer(verbose=False)
    for lesson in lessons:
        if lesson.labels:
            trainer.append(lesson.items, lesson.labels)
    trainer.select("lbfgs")
    trainer.set_params({**PENALTIES, "max_iterations": rounds})
    trainer.train(str(path))


def impute(lessons: Iterable[Lesson], path: Path) -> None:
    """Name the people and organisations in lessons whose corpus marks places alone.

    Tokens that the corpus calls no place get the likeliest label of O, P and G by the model at
    `path`. Sentences of event_location, where only some places are marked, are labelled by the
    model, and dropped (labels emptied) where it is unsure or misses a place that is marked.
    """
    tagger = pycrfsuite.Tagger()
    tagger.open(str(path))
    known = set(tagger.labels())
    for lesson in lessons:
        if lesson.typed:
            continue
        tagger.set(lesson.items)
        chances = [
            {label: tagger.marginal(label, place) for label in LABELS if label in known}
            for place in range(len(lesson.labels))
        ]
        if lesson.corpus in PARTIAL:
            best = [max(chance, key=lambda label: chance[label]) for chance in chances]
            sure = min(max(chance.values()) for chance in chances)
            missed = any(
                gold in "BI" and label not in "BI"
                for gold, label in zip(lesson.labels, best, strict=True)
            )
            lesson.labels = [] if missed or sure < SURE else best
        else:
            lesson.labels = [
                gold if gold in "BI" else max("OPG", key=lambda label: chance.get(label, 0.0))
                for gold, chance in zip(lesson.labels, chances, strict=True)
            ]


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
    for label in "OPG":
        # A name does not begin with its second word.
        transitions[index[label], index["I"]] = -20.0
    for (before, after), weight in info.transitions.items():
        transitions[index[before], index[after]] = weight
    return SequenceModel(LABELS, rows, np.array(weights, dtype=np.float32), transitions)


def average(models: Sequence[SequenceModel]) -> SequenceModel:
    """Return the model whose weights are the means over models of the same labels.

    A feature that a model lacks has weight zero in it. The mean errs less than its members, each of
    which learnt from other written texts.
    """
    rows = {name: 0 for model in models for name in model.rows}
    rows = {name: row for row, name in enumerate(rows)}
    weights = np.zeros((len(rows), len(models[0].labels)), dtype=np.float32)
    for model in models:
        places = [rows[name] for name in model.rows]
        weights[places] += model.weights[list(model.rows.values())] / len(models)
    transitions = np.mean([model.transitions for model in models], axis=0)
    return SequenceModel(models[0].labels, rows, weights, transitions.astype(np.float32))


def main(arguments: Sequence[str] | None = None) -> int:
    """Train from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("corpora", type=Path, nargs="+", help="folders that hold the corpora")
    parser.add_argument("--hold-out", nargs="*", default=[], help="corpora not to train on")
    parser.add_argument("-o", "--output", type=Path, default=MODEL, help="file of the model")
    parser.add_argument("--rounds", type=int, default=45, help="rounds of L-BFGS")
    parser.add_argument("--written", type=int, default=5600, help="documents of our own text")
    parser.add_argument("--members", type=int, default=2, help="models to take the mean of")
    parser.add_argument("--gazetteer", type=Path, help="a gazetteer's file; default the user's own")
    options = parser.parse_args(arguments)
    gazetteer = Gazetteer(options.gazetteer) if options.gazetteer else Gazetteer.open()
    # Features ask for the list from the first text on.
    words = sorted({word for folder in options.corpora for word in count_common_words(folder)})
    COMMON.write_text("\n".join(words) + "\n", encoding="utf-8")
    members = []
    for seed in range(options.members):
        texts = gather_texts(
            options.corpora,
            gazetteer,
            written=options.written,
            held_out=options.hold_out,
            seed=seed,
        )
        with tempfile.TemporaryDirectory() as folder:
            members.append(
                learn(texts, make_lookup(gazetteer), rounds=options.rounds, folder=Path(folder))
            )
    model = average(members)
    model.save(options.output)
    report(f"{len(texts)} texts, {len(model.rows)} features -> {options.output}")
    return 0


def gather_texts(
    folders: Sequence[Path],
    gazetteer: Gazetteer,
    *,
    written: int,
    held_out: Sequence[str] = (),
    seed: int = 0,
) -> list[MarkedText]:
    """Return the corpora's texts and our own, the same ones for the same seed."""
    texts = [
        text for folder in folders for text in read_corpora(folder) if text.corpus not in held_out
    ]
    texts += write_texts(read_place_names(gazetteer.path), written, seed=seed)
    random.Random(seed).shuffle(texts)
    return texts


if __name__ == "__main__":
    raise SystemExit(main())
