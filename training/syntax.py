"""Train the bundled syntax pipeline: tags, lemmas and dependency trees of English.

    python -m training.syntax CORPORA [--steps 6000] [--into data/bundled/models/syntax]

CORPORA is a folder with `ud_english/{train,dev,test}.conllu.gz`: the English Universal
Dependencies treebanks EWT and GUM (CC BY-SA 4.0). Part of the training sentences is shown
again in the telegram style of headlines, because treebanks have few of them and news many.
Prints the scores on the test part.
"""

from __future__ import annotations

import argparse
import gzip
import random
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import spacy
from spacy.cli.train import train
from spacy.language import Language
from spacy.lookups import Lookups
from spacy.tokens import Doc, DocBin
from spacy.training import Example

from extract.language import AUXILIARIES, UNIVERSAL_TAGS

# Regular endings of English inflection, most specific first.
LEMMA_RULES = {
    "verb": [
        ["ies", "y"], ["ied", "y"], ["sses", "ss"], ["shes", "sh"], ["ches", "ch"], ["xes", "x"],
        ["zzes", "zz"], ["es", "e"], ["s", ""], ["ed", "e"], ["ed", ""], ["ing", "e"], ["ing", ""],
    ],
    "noun": [
        ["ies", "y"], ["sses", "ss"], ["shes", "sh"], ["ches", "ch"], ["xes", "x"], ["ves", "f"],
        ["men", "man"], ["s", ""],
    ],
    "adj": [["er", ""], ["est", ""], ["er", "e"], ["est", "e"]],
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One word of a treebank sentence."""

    word: str
    lemma: str
    universal: str
    tag: str
    head: int
    label: str
    space: bool


def read_treebank(path: Path) -> Iterator[list[Row]]:
    """Yield the sentences of a gzipped CoNLL-U file; the parts of a contraction stand together."""
    rows: list[Row] = []
    joined: set[int] = set()
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            fields = line.rstrip("\n").split("\t")
            if len(fields) < 10:
                if not line.strip() and rows:
                    yield rows
                    rows, joined = [], set()
                continue
            if "-" in fields[0]:
                first, last = map(int, fields[0].split("-"))
                joined.update(range(first, last if "SpaceAfter=No" not in fields[9] else last + 1))
                continue
            if "." in fields[0]:
                continue
            number, head = int(fields[0]), int(fields[6])
            space = number not in joined and "SpaceAfter=No" not in fields[9]
            rows.append(Row(fields[1], fields[2], fields[3], fields[4], head - 1, fields[7], space))
    if rows:
        yield rows


def write_headline(rows: list[Row], *, capitals: bool) -> list[Row]:
    """Return a sentence as a headline would tell it.

    Articles, the auxiliary of a passive and the final stop go, the past tense becomes the
    present ("Police dispersed the protest." -> "Police disperse protest"), and with `capitals`
    every longer word has a capital.
    """
    gone = {
        index
        for index, row in enumerate(rows)
        if (row.label == "det" and row.word.lower() in ("the", "a", "an"))
        or (row.label == "aux:pass" and row.tag in ("VBD", "VBZ", "VBP"))
        or (index == len(rows) - 1 and row.word == ".")
    }
    gone -= {row.head for row in rows} | {i for i, row in enumerate(rows) if row.head < 0}
    kept = [index for index in range(len(rows)) if index not in gone]
    place = {old: new for new, old in enumerate(kept)}
    singular = {
        row.head for row in rows if row.label == "nsubj" and row.tag in ("NN", "NNP", "PRP")
    }
    headline: list[Row] = []
    for index in kept:
        row = rows[index]
        word, tag = row.word, row.tag
        if tag == "VBD" and row.universal == "VERB":
            tag = "VBZ" if index in singular else "VBP"
            word = _add_s(row.lemma) if tag == "VBZ" else row.lemma
        if (capitals and (len(word) > 3 or not word.islower())) or not headline:
            word = word[:1].upper() + word[1:]
        head = place[row.head] if row.head >= 0 else -1
        headline.append(replace(row, word=word, tag=tag, head=head))
    return headline


def _add_s(verb: str) -> str:
    if verb.endswith(("s", "sh", "ch", "x", "z", "o")):
        return verb + "es"
    return verb[:-1] + "ies" if verb[-1:] == "y" and verb[-2:-1] not in "aeiou" else verb + "s"


def make_doc(pipeline: Language, rows: list[Row]) -> Doc:
    """Turn a sentence of the treebank into an annotated spaCy `Doc`."""
    heads = [index if row.head < 0 else row.head for index, row in enumerate(rows)]
    return Doc(
        pipeline.vocab,
        words=[row.word for row in rows],
        spaces=[row.space for row in rows],
        tags=[row.tag for row in rows],
        heads=heads,
        deps=["ROOT" if row.label == "root" else row.label for row in rows],
    )


def write_docs(sentences: list[list[Row]], path: Path, *, headlines: float) -> None:
    """Write the sentences, and a share of the mid-length ones again as headlines, for spaCy."""
    pipeline = spacy.blank("en")
    chance = random.Random(7)
    docs = DocBin()
    for rows in sentences:
        docs.add(make_doc(pipeline, rows))
        if 4 <= len(rows) <= 22 and chance.random() < headlines:
            docs.add(make_doc(pipeline, write_headline(rows, capitals=chance.random() < 0.5)))
    docs.to_disk(path)


def add_lemmas(pipeline: Language, sentences: list[list[Row]]) -> None:
    """Add universal tags and a rule lemmatiser whose irregular forms come from the treebank."""
    ruler = pipeline.add_pipe("attribute_ruler")
    for tag, universal in UNIVERSAL_TAGS.items():
        ruler.add([[{"TAG": tag}]], {"POS": universal})  # type: ignore[attr-defined]
    for label in AUXILIARIES:
        ruler.add([[{"DEP": label}]], {"POS": "AUX"})  # type: ignore[attr-defined]
    index: defaultdict[str, set[str]] = defaultdict(set)
    seen: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    kinds = {"VERB": "verb", "AUX": "aux", "NOUN": "noun", "ADJ": "adj", "ADV": "adv"}
    for rows in sentences:
        for row in rows:
            if (kind := kinds.get(row.universal)) and row.lemma.isalpha():
                index[kind].add(row.lemma.lower())
                seen[kind, row.word.lower()][row.lemma.lower()] += 1
    exceptions: defaultdict[str, dict[str, list[str]]] = defaultdict(dict)
    for (kind, word), lemmas in seen.items():
        exceptions[kind][word] = [lemmas.most_common(1)[0][0]]
    lookups = Lookups()
    lookups.add_table("lemma_rules", LEMMA_RULES)
    lookups.add_table("lemma_index", {kind: sorted(words) for kind, words in index.items()})
    lookups.add_table("lemma_exc", dict(exceptions))
    pipeline.add_pipe("lemmatizer", config={"mode": "rule"}).initialize(lookups=lookups)  # type: ignore[attr-defined]


def score(pipeline: Language, sentences: list[list[Row]]) -> dict[str, float]:
    """Return tag accuracy, unlabelled and labelled attachment on sentences of the treebank."""
    examples = []
    for rows in sentences:
        gold = make_doc(pipeline, rows)
        examples.append(Example(pipeline.make_doc(gold.text), gold))
    scores = pipeline.evaluate(examples)
    return {name: round(scores[name], 4) for name in ("tag_acc", "dep_uas", "dep_las")}


def main() -> None:
    """Train from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("corpora", type=Path, help="folder that holds ud_english/")
    parser.add_argument("--steps", type=int, default=6000)
    parser.add_argument("--into", type=Path, default=Path("data/bundled/models/syntax"))
    options = parser.parse_args()
    parts = {
        part: list(read_treebank(options.corpora / "ud_english" / f"{part}.conllu.gz"))
        for part in ("train", "dev", "test")
    }
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        write_docs(parts["train"], work / "train.spacy", headlines=0.35)
        write_docs(parts["dev"], work / "dev.spacy", headlines=0.0)
        train(
            Path(__file__).with_name("syntax.cfg"),
            work / "model",
            overrides={
                "paths.train": str(work / "train.spacy"),
                "paths.dev": str(work / "dev.spacy"),
                "training.max_steps": options.steps,
            },
        )
        pipeline = spacy.load(work / "model" / "model-best")
    add_lemmas(pipeline, parts["train"])
    pipeline.meta.update(
        name="dateline_syntax",
        description="Tags, lemmas and dependency trees of English, for Dateline",
        license="CC BY-SA 4.0",
        sources=[{"name": "UD English EWT and GUM", "license": "CC BY-SA 4.0"}],
    )
    print(score(pipeline, parts["test"]))
    pipeline.to_disk(options.into)


if __name__ == "__main__":
    main()
