import pytest

from extract.errors import ModelError
from extract.language import Language, split_sentences
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
