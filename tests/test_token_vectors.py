"""Our own reckoning of the pipeline's token vectors against spaCy's, and of what comes of them."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import islice
from typing import Any

import numpy as np
import pytest
import spacy
from spacy.language import Language as SpacyLanguage

from extract import token_vectors
from extract.bundled import bundled_path
from extract.language import Language
from extract.layout import divide
from extract.records import Article
from extract.token_vectors import TokenVectors

TEXTS = [
    "Troops didn't shell the town's market on Friday, the army said.",
    "Ceasefire",
    "",
    "Zxqv wrote 1,234 e-mails to J. Doe in St. Petersburg; nobody answered.",
    "Troops didn't shell the town's market on Friday, the army said.",
]


@pytest.fixture(scope="module")
def pipeline() -> SpacyLanguage:
    return spacy.load(bundled_path("models/syntax"))


@pytest.fixture
def vectors(pipeline: SpacyLanguage) -> TokenVectors:
    component: Any = pipeline.get_pipe("tok2vec")
    return TokenVectors(component.model)


def expect(pipeline: SpacyLanguage, texts: list[str]) -> np.ndarray:
    component: Any = pipeline.get_pipe("tok2vec")
    return np.concatenate(component.model.predict([pipeline.make_doc(text) for text in texts]))


@pytest.mark.parametrize("texts", [TEXTS, TEXTS[:1], TEXTS[1:3], TEXTS[2:4], TEXTS[2:3]])
def test_the_vectors_are_those_of_the_network(
    pipeline: SpacyLanguage, vectors: TokenVectors, texts: list[str]
) -> None:
    found = vectors.encode([pipeline.make_doc(text) for text in texts])
    assert found.shape == expect(pipeline, texts).shape
    np.testing.assert_allclose(found, expect(pipeline, texts), atol=2e-5)


def test_no_sentence_sees_its_neighbour(pipeline: SpacyLanguage, vectors: TokenVectors) -> None:
    together = vectors.encode([pipeline.make_doc(text) for text in TEXTS])
    alone = [vectors.encode([pipeline.make_doc(text)]) for text in TEXTS]
    np.testing.assert_allclose(together, np.concatenate(alone), atol=2e-5)


def test_words_are_forgotten_when_they_are_many(
    pipeline: SpacyLanguage, vectors: TokenVectors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(token_vectors, "REMEMBERED_WORDS", 5)
    for text in TEXTS * 2:
        found = vectors.encode([pipeline.make_doc(text)])
        np.testing.assert_allclose(found, expect(pipeline, [text]), atol=2e-5)


def test_tags_trees_and_lemmas_are_those_of_the_pipeline() -> None:
    ours, theirs = Language(), Language(str(bundled_path("models/syntax")))
    with bundled_path("sample.jsonl").open(encoding="utf-8") as lines:
        for line in islice(lines, 0, None, 4):
            article = Article("a", json.loads(line)["text"])
            told = []
            # Ours leaves datelines out of the trees.
            blocks = [replace(block, dateline=None) for block in divide(article.text)]
            for language in (ours, theirs):
                document = language.read(article, blocks)
                language.parse(document.sentences)
                told.append(
                    [
                        (token.text, token.tag_, token.dep_, token.head.i, token.pos_, token.lemma_)
                        for sentence in document.sentences
                        for token in sentence.tokens
                    ]
                )
            assert told[0] == told[1]
