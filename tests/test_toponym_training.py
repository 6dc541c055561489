from __future__ import annotations

import numpy as np
import pytest

from extract.mentions.toponyms.sequence_model import SequenceModel
from training.toponym_corpora import join_words, trim_to_name
from training.toponym_writer import read_templates, strip_marks
from training.toponyms import average

NAMES = [
    ("the Syrian town of Tel Tamer", "Tel Tamer"),
    ("50 km north of Mosul", "Mosul"),
    ("al-Bab", "al-Bab"),
    ("the city of ar-Raqqa", "ar-Raqqa"),
    ("Brussels, Belgium", "Brussels"),
    ("13th Street", "13th Street"),
    ("Isle of Man", "Isle of Man"),
    ("a hospital", None),
]


@pytest.mark.parametrize(("phrase", "expected"), NAMES)
def test_phrases_are_trimmed_to_their_name(phrase: str, expected: str | None) -> None:
    name = trim_to_name(phrase, 0, len(phrase))
    assert (phrase[name[0] : name[1]] if name else None) == expected


def test_marks_become_spans() -> None:
    marked = strip_marks("\x01Ann Ray\x03 of [Oak [Main St.] Hill] left \x02[Ayr] High\x03.")
    assert marked.text == "Ann Ray of Oak Main St. Hill left Ayr High."
    assert [marked.text[a:b] for a, b in marked.places] == ["Oak Main St. Hill", "Ayr"]
    assert [(marked.text[a:b], kind) for a, b, kind in marked.names] == [
        ("Ann Ray", "PER"),
        ("Ayr High", "ORG"),
    ]


def test_tokens_are_joined_as_print_has_them() -> None:
    text, spans = join_words(["He", "said", ":", '"', "Go", "(", "now", ")", '"', "."])
    assert text == 'He said: "Go (now)".'
    assert text[slice(*spans[4])] == "Go"


def test_every_pattern_has_its_brackets_closed() -> None:
    patterns = [pattern for section in read_templates().values() for pattern in section]
    assert len(patterns) > 700
    for pattern in patterns:
        assert pattern.count("[") == pattern.count("]"), pattern
        assert pattern.count("{") == pattern.count("}"), pattern


def test_the_mean_of_models_weighs_what_one_of_them_lacks_by_half() -> None:
    nothing = np.zeros((2, 2), dtype=np.float32)
    one = SequenceModel(("O", "B"), {"a": 0}, np.array([[0.0, 2.0]], dtype=np.float32), nothing)
    two = SequenceModel(
        ("O", "B"), {"b": 0, "a": 1}, np.array([[4.0, 0.0], [0.0, 1.0]], dtype=np.float32), nothing
    )
    mean = average([one, two])
    assert mean.weights[mean.rows["a"]].tolist() == [0.0, 1.5]
    assert mean.weights[mean.rows["b"]].tolist() == [2.0, 0.0]
