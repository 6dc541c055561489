import json
import random
from pathlib import Path

import pytest
import spacy
from spacy.training import Example
from thinc.api import fix_random_seed

from extract.__main__ import main
from extract.errors import ModelError
from extract.gazetteer import Gazetteer
from extract.language import Language, split_sentences
from extract.pipeline import Extractor
from extract.records import Article, Block, BlockKind, Span


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Troops left. Talks began.", ["Troops left.", "Talks began."]),
        ("The U.S. Army met Gen. Smith.", ["The U.S. Army met Gen. Smith."]),
        ("He flew to the U.S. The talks failed.", ["He flew to the U.S.", "The talks failed."]),
        ("On Dec. 6 they met.", ["On Dec. 6 they met."]),
        ("J. R. Smith spoke. He left.", ["J. R. Smith spoke.", "He left."]),
        ('"We will not." He left.', ['"We will not."', "He left."]),
        ("Is it over? Yes! It is.", ["Is it over?", "Yes!", "It is."]),
        ("It fell 3.5 percent. Oil rose.", ["It fell 3.5 percent.", "Oil rose."]),
        ("At 5 p.m. Monday it ended.", ["At 5 p.m. Monday it ended."]),
        ("First part.\n\nSecond part", ["First part.", "Second part"]),
        ("  \n ", []),
        ("", []),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, expected: list[str]) -> None:
    assert [span.of(text) for span in split_sentences(text, Span(0, len(text)))] == expected


@pytest.fixture(scope="module")
def language() -> Language:
    return Language()


def test_tokens_point_into_the_article(language: Language) -> None:
    text = "TITLE\n\nIran's navy sailed. It returned on Monday."
    blocks = [Block(Span(0, 5), BlockKind.TITLE), Block(Span(7, len(text)), BlockKind.PARAGRAPH)]
    document = language.read(Article("a", text), blocks)
    assert [sentence.kind for sentence in document.sentences] == ["title", "paragraph", "paragraph"]
    for sentence in document.sentences:
        assert sentence.span.of(text) == sentence.text
        for token in sentence.tokens:
            assert sentence.span_of(token.i, token.i).of(text) == token.text


def test_a_dateline_is_no_part_of_the_tree_behind_it(language: Language) -> None:
    opening, told = (
        "SANAA, Jan 12 — ",
        "American and British forces bombed Houthi targets in Yemen.",
    )
    trees = []
    for text, end in ((opening + told, len(opening)), (told, 0)):
        dateline = Span(0, end) if end else None
        block = Block(Span(0, len(text)), BlockKind.PARAGRAPH, dateline)
        (sentence,) = language.read(Article("a", text), [block]).sentences
        language.parse([sentence])
        assert sentence.parsed
        body = sentence.tokens[sentence.opening :]
        assert body.text == told
        root = next(token for token in body if token.dep_ == "ROOT")
        assert all(token.head == root for token in sentence.tokens[: sentence.opening])
        trees.append(
            [(token.tag_, token.dep_, token.lemma_, token.head.i - body.start) for token in body]
        )
    assert trees[0] == trees[1]


def test_a_sentence_that_is_all_dateline_is_parsed_as_it_stands(language: Language) -> None:
    text = "SANAA, Jan 12 —"
    block = Block(Span(0, len(text)), BlockKind.PARAGRAPH, Span(0, len(text)))
    (sentence,) = language.read(Article("a", text), [block]).sentences
    language.parse([sentence])
    assert sentence.opening == 0
    assert sentence.parsed


def test_the_sentence_at_a_character_is_found(language: Language) -> None:
    text = "One fell. Two rose."
    document = language.read(Article("a", text), [Block(Span(0, len(text)), BlockKind.PARAGRAPH)])
    assert [document.sentence_at(position) for position in (0, 8, 9, 10, 18, 40)] == [
        0, 0, None, 1, 1, None,
    ]  # fmt: skip


def test_only_the_sentences_asked_for_are_parsed(language: Language) -> None:
    text = "Troops seized the town. Talks began."
    document = language.read(Article("a", text), [Block(Span(0, len(text)), BlockKind.PARAGRAPH)])
    first, second = document.sentences
    language.parse([first])
    assert first.parsed
    assert not second.parsed
    assert [token.lemma_ for token in first.tokens][:3] == ["troops", "seize", "the"]


def test_a_model_that_cannot_be_loaded_is_named() -> None:
    with pytest.raises(ModelError, match="no_such_model"):
        Language("no_such_model")


# A second pipeline, trained here on six sentences: Penn tags, heads and labels of Universal
# Dependencies. It knows no lemmas and no universal tags, and takes places from a list.
TREES = [
    ("Iran attacked Mosul .", "NNP VBD NNP .", "1 1 1 1", "nsubj ROOT obj punct"),
    ("Troops seized Mosul .", "NNS VBD NNP .", "1 1 1 1", "nsubj ROOT obj punct"),
    ("Iran seized the town .", "NNP VBD DT NN .", "1 1 3 1 1", "nsubj ROOT det obj punct"),
    ("Troops attacked a base .", "NNS VBD DT NN .", "1 1 3 1 1", "nsubj ROOT det obj punct"),
    ("Police shelled the town .", "NNS VBD DT NN .", "1 1 3 1 1", "nsubj ROOT det obj punct"),
    ("Iran shelled Mosul .", "NNP VBD NNP .", "1 1 1 1", "nsubj ROOT obj punct"),
]


@pytest.fixture(scope="module")
def second_pipeline(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pipeline = spacy.blank("en")
    pipeline.add_pipe("tagger")
    pipeline.add_pipe("parser", config={"min_action_freq": 1})
    examples = [
        Example.from_dict(
            pipeline.make_doc(text),
            {"tags": tags.split(), "heads": [*map(int, heads.split())], "deps": labels.split()},
        )
        for text, tags, heads, labels in TREES
    ]
    random.seed(0)
    fix_random_seed(0)
    optimizer = pipeline.initialize(lambda: examples)
    for _ in range(40):
        pipeline.update(examples, sgd=optimizer)
    ruler = pipeline.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "GPE", "pattern": "the Zorbistan"}])  # type: ignore[attr-defined]
    folder = tmp_path_factory.mktemp("pipelines") / "second"
    pipeline.to_disk(folder)
    return folder


def test_another_pipeline_gives_the_tags_and_trees(second_pipeline: Path) -> None:
    language = Language(str(second_pipeline))
    text = "Troops seized Mosul."
    document = language.read(Article("a", text), [Block(Span(0, len(text)), BlockKind.PARAGRAPH)])
    language.parse(document.sentences)
    (sentence,) = document.sentences
    assert sentence.parsed
    assert [token.dep_ for token in sentence.tokens] == ["nsubj", "ROOT", "obj", "punct"]
    # What that pipeline lacks is made by our rules.
    assert [token.pos_ for token in sentence.tokens] == ["NOUN", "VERB", "PROPN", "PUNCT"]
    assert sentence.tokens[1].lemma_ == "seize"


def test_the_whole_flow_runs_on_another_pipeline(
    second_pipeline: Path, gazetteer: Gazetteer, extractor: Extractor
) -> None:
    other = Extractor(gazetteer=gazetteer, model=str(second_pipeline))
    article = Article("a", "Troops shelled the Zorbistan.")
    found = other.extract(article)
    assert [event.event_type for event in found.events] == ["ASSAULT"]
    # Its entities replace the names that ours finds; the article is trimmed.
    assert [item.toponym.text for item in found.resolved] == ["Zorbistan"]
    assert extractor.language.find_place_names(other.language.read(article, found.blocks)) is None


def test_a_pipeline_without_a_parser_is_refused(tmp_path: Path) -> None:
    spacy.blank("en").to_disk(tmp_path / "blank")
    with pytest.raises(ModelError, match=r"blank.* lacks a parser and a tagger"):
        Language(str(tmp_path / "blank"))


@pytest.mark.parametrize("command", [["annotate", "IN", "-o", "OUT"], ["add", "IN"]])
def test_the_command_line_names_a_pipeline_that_is_not_installed(
    command: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DATELINE_DB", f"sqlite:///{tmp_path / 'store.sqlite'}")
    (tmp_path / "IN").write_text('{"id": "a", "text": "Troops left."}\n', encoding="utf-8")
    paths = [str(tmp_path / word) if word.isupper() else word for word in command]
    assert main([*paths, "--model", "en_no_such_pipeline"]) == 1
    assert "'en_no_such_pipeline' cannot be loaded" in capsys.readouterr().err
    assert not (tmp_path / "OUT").exists()


def test_the_command_line_annotates_with_another_pipeline(
    second_pipeline: Path, tmp_path: Path
) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text('{"id": "a", "text": "Troops seized the Zorbistan."}\n', encoding="utf-8")
    assert main(["annotate", str(source), "-o", str(target), "--model", str(second_pipeline)]) == 0
    line = json.loads(target.read_text(encoding="utf-8"))
    assert [toponym["text"] for toponym in line["toponyms"]] == ["Zorbistan"]
