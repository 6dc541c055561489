"""Train the trigger model: python -m training.triggers [--corpora FOLDER] [--cross-validate]

Reads `training/text/events.jsonl` (our own sentences; `training/event_sentences.py` makes it)
and, where `--corpora` names the folder of training corpora, two things from there: the event
verbs that `event_location_more.jsonl` marks (MIT licence), and sentences of that file, of
CrossNER politics (MIT) and of WikiGold (CC BY) that we read and labelled;
`training/text/event_labels.jsonl` keeps those labels by the hash of the sentence, without its
words. Writes `data/bundled/models/triggers.npz`.

Every candidate that the lexicon sees in a sentence is one example: of the type of the mark it
carries, or of no event. `--cross-validate` scores five folds of the
written sentences, the templates always among the training sentences, and writes nothing.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from extract.bundled import bundled_path
from extract.language import Language
from extract.mentions.triggers.features import describe, sentence_scene
from extract.mentions.triggers.model import NO_EVENT, TriggerModel, hash_features
from extract.mentions.triggers.words import Candidate, Tree, TriggerLexicon, WordKinds
from extract.plover import EVENT_TYPES
from extract.records import Article, Block, BlockKind, Span

TEXT = Path(__file__).parent / "text"
BUCKETS = 1 << 18
CLASSES = (NO_EVENT, *EVENT_TYPES)
# Of the settings tried in three-fold cross-validation over the written and labelled sentences,
# these gave the most candidates right: 79.8 % (2 ** 16 buckets 78.9 %, 12 epochs 78.9 %).
EPOCHS = 8
SHRINKAGE = 1e-3
# In two folds of the written sentences the mean of three models trained in different orders had
# 79.3 % of the candidates right, each alone 78.2 %; six 79.2 %, forgetting features at random
# 78.2 %. With half the rate the types are as good (79.2 %) and the probabilities better (mean
# log loss .606 instead of .650, false alarms 15.0 % instead of 15.4 %).
LEARNING_RATE = 0.05
ORDERS = 10
# Written sentences are varied and few, filled templates many and alike.
WEIGHTS = {"written": 2.0, "template": 0.5, "corpus": 0.2, "labelled": 0.7}
# Verbs whose type the marked verb alone does not give: a town or a man is captured.
UNCLEAR = frozenset({"capture", "launch", "fall", "hold"})


@dataclass(frozen=True, slots=True)
class Example:
    """One candidate: its hashed features, its class, its weight, and which sentence it is of."""

    features: npt.NDArray[np.int64]
    label: int
    weight: float
    sentence: int
    origin: str


def read_sentences(path: Path) -> list[dict[str, object]]:
    """Return the rows of a JSONL file."""
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


class ExampleMaker:
    """Parses marked sentences and turns their candidates into examples."""

    def __init__(self) -> None:
        self.language = Language()
        self.lexicon = TriggerLexicon()
        self.kinds = WordKinds()
        self.missed: Counter[str] = Counter()

    def make(self, rows: list[dict[str, object]], *, only_marked: bool = False) -> list[Example]:
        """Return the examples of all sentences.

        With `only_marked`, candidates without a mark are left out, for corpora that mark only
        some of the events of a sentence.
        """
        documents = []
        for row in rows:
            text = str(row["text"])
            block = Block(Span(0, len(text)), BlockKind.PARAGRAPH)
            documents.append(self.language.read(Article(id="", text=text), [block]))
        self.language.parse(s for document in documents for s in document.sentences)
        examples = []
        for number, (row, document) in enumerate(zip(rows, documents, strict=True)):
            marks = {(int(t["start"]), int(t["end"])): t for t in row["triggers"]}  # type: ignore[attr-defined]
            seen = set()
            for sentence in document.sentences:
                tree = Tree(sentence.tokens)
                scene = sentence_scene(tree, self.kinds)
                starts = [sentence.span.start + token.idx for token in sentence.tokens]
                for rank, candidate in enumerate(self.lexicon.candidates(tree)):
                    key = _marked(candidate, starts, tree, marks)
                    if key:
                        seen.add(key)
                    elif only_marked:
                        continue
                    label = str(marks[key]["type"]) if key else NO_EVENT
                    features = describe(candidate, tree, self.lexicon, self.kinds, scene, rank)
                    origin = str(row["origin"])
                    examples.append(
                        Example(
                            hash_features(features, BUCKETS), CLASSES.index(label),
                            WEIGHTS.get(origin, 1.0), number, origin,
                        )
                    )  # fmt: skip
            for key in marks:
                if key not in seen:
                    self.missed[
                        str(row["text"])[key[0] : key[1]] + "|" + str(marks[key]["type"])
                    ] += 1
        return examples


def _marked(
    candidate: Candidate,
    starts: list[int],
    tree: Tree,
    marks: dict[tuple[int, int], dict[str, object]],
) -> tuple[int, int] | None:
    """Return the mark that falls on the candidate's head or on a word of its phrase."""
    for index in (candidate.index, *candidate.absorbed):
        for start, end in marks:
            if start <= starts[index] < end:
                return start, end
    return None


def train(examples: list[Example], *, seed: int = 3) -> TriggerModel:
    """Fit the logistic regression in several orders of the examples and return the mean."""
    fits = [_fit(examples, seed=seed + order) for order in range(ORDERS)]
    return TriggerModel(np.mean(fits, axis=0), CLASSES)


def _fit(examples: list[Example], *, seed: int) -> npt.NDArray[np.float32]:
    """Return the weights (buckets by classes) that AdaGrad reaches in one order."""
    chooser = np.random.default_rng(seed)
    weights = np.zeros((BUCKETS, len(CLASSES)), dtype=np.float32)
    squares = np.full((BUCKETS, len(CLASSES)), 1e-2, dtype=np.float32)
    for _ in range(EPOCHS):
        for number in chooser.permutation(len(examples)):
            example = examples[number]
            rows = example.features
            scores = weights[rows].sum(axis=0)
            scores = np.exp(scores - scores.max())
            gradient = scores / scores.sum()
            gradient[example.label] -= 1
            gradient *= example.weight
            step = gradient[None, :] + SHRINKAGE * weights[rows]
            squares[rows] += step * step
            weights[rows] -= LEARNING_RATE * step / np.sqrt(squares[rows])
    return weights


def score(model: TriggerModel, examples: list[Example]) -> dict[str, float]:
    """Return the shares of events found, of found events right in type, and of false alarms."""
    counts: Counter[str] = Counter()
    for example in examples:
        scores = model.weights[example.features].sum(axis=0)
        guess = int(scores.argmax())
        gold_event, guess_event = example.label != 0, guess != 0
        counts["gold"] += gold_event
        counts["found"] += gold_event and guess_event
        counts["right"] += gold_event and guess == example.label
        counts["quiet"] += not gold_event
        counts["alarm"] += guess_event and not gold_event
    return {
        "recall": counts["found"] / max(1, counts["gold"]),
        "type right": counts["right"] / max(1, counts["gold"]),
        "false alarms": counts["alarm"] / max(1, counts["quiet"]),
        "candidates": float(len(examples)),
    }


def corpus_sentences(folder: Path, lexicon: TriggerLexicon) -> list[dict[str, object]]:
    """Return the sentences of the event-location corpus whose marked verb has one clear type."""
    rows: list[dict[str, object]] = []
    for row in read_sentences(folder / "event_location_more.jsonl"):
        triggers = []
        for (start, end), verb in zip(row["verb"], row["verb_text"], strict=True):  # type: ignore[call-overload]
            types = {
                entry.event_type
                for head, part in lexicon.heads(str(verb).lower())
                if part == "VERB"
                for entry in lexicon.singles(head)
                if entry.weight >= 0.6 and head not in UNCLEAR
            }
            if len(types) == 1:
                triggers.append({"start": start, "end": end, "type": types.pop()})
        if triggers:
            rows.append({"text": row["text"], "origin": "corpus", "triggers": triggers})
    return rows


def labelled_sentences(folder: Path) -> list[dict[str, object]]:
    """Return the corpus sentences that we labelled, with the labels as triggers.

    A sentence is found again by its hash; one whose corpus is not in the folder is left out.
    Candidates without a label are skipped, those labelled NONE report no event.
    """
    labels = {str(row["sentence"]): row for row in read_sentences(TEXT / "event_labels.jsonl")}
    rows: list[dict[str, object]] = []
    for text in corpus_texts(folder):
        row = labels.pop(hashlib.sha256(text.encode()).hexdigest()[:12], None)
        if row is not None:
            triggers = [{"start": a, "end": b, "type": t} for a, b, t in row["labels"]]  # type: ignore[attr-defined]
            rows.append({"text": text, "origin": "labelled", "triggers": triggers})
    return rows


def corpus_texts(folder: Path) -> Iterator[str]:
    """Yield the sentences of the corpora that labels may point into, as running text."""
    for row in read_sentences(folder / "event_location_more.jsonl"):
        yield str(row["text"]).strip()
    for name in ("crossner_politics.conll", "wikigold.conll.txt"):
        words: list[str] = []
        for line in [*(folder / "ner" / name).read_text(encoding="utf-8").splitlines(), ""]:
            if line.strip() and not line.startswith(("#", "-DOCSTART")):
                words.append(line.split()[0])
            elif words:
                yield join_words(words)
                words = []


def join_words(words: list[str]) -> str:
    """Join the words of a tokenised sentence, punctuation and clitics to the left."""
    text = " ".join(words)
    text = re.sub(r" ([.,;:!?%)\]]|'s|n't|'re|'ve|'ll|'d|'m)(?= |$)", r"\1", text)
    return re.sub(r"([(\[$]) ", r"\1", text)


def main() -> None:
    """Train on everything and write the model, or cross-validate."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--corpora", type=Path, help="folder with event_location_more.jsonl")
    parser.add_argument("--cross-validate", action="store_true")
    options = parser.parse_args()
    maker = ExampleMaker()
    examples = maker.make(read_sentences(TEXT / "events.jsonl"))
    print(f"{len(examples)} candidates; marks the lexicon missed: {maker.missed.most_common(60)}")
    if options.corpora:
        rows = corpus_sentences(options.corpora, maker.lexicon)[::3]
        examples += maker.make(rows, only_marked=True)
        labelled = maker.make(labelled_sentences(options.corpora), only_marked=True)
        print(f"{len(labelled)} candidates labelled by hand in the corpora")
        examples += labelled
    if options.cross_validate:
        written = [example for example in examples if example.origin == "written"]
        for fold in range(5):
            held = [e for e in written if e.sentence % 5 == fold]
            rest = [e for e in examples if not (e.origin == "written" and e.sentence % 5 == fold)]
            print(fold, score(train(rest), held))
        return
    model = train(examples)
    target = bundled_path("models") / "triggers.npz"
    model.save(target)
    print(f"{target.name}: {target.stat().st_size / 1e6:.1f} MB, trained on {len(examples)}")


if __name__ == "__main__":
    main()
