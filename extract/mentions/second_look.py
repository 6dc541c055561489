"""What a first look at a whole document tells a second look at each of its names.

A surname that one sentence gives in full ("Ralph Earle") is a person in the next ("Earle"
said); a town introduced with its state stays a town. The first look's probabilities, summed
over all mentions of a word but the one in question, become features of the second.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from extract.mentions.sequence_model import Array
from extract.mentions.token_features import Sentence, find_runs, is_capitalised

EDGES = np.array((0.05, 0.2, 0.4, 0.6, 0.8, 0.95), dtype=np.float32)

# Features by kind (place, person, other name) and bucket, written once.
LEVELS = range(len(EDGES) + 1)
OWN, BEFORE, AFTER, OTHERS, NAMESAKES = (
    tuple(tuple(f"{prefix}{kind}={level}" for level in LEVELS) for kind in "lpg")
    for prefix in ("1", "1-", "1+", "2", "3")
)
PAIRS = tuple(
    tuple(tuple(f"2{kind}1l={others}{own}" for own in LEVELS) for others in LEVELS)
    for kind in "lpg"
)


def describe_first_look(
    sentences: Sequence[Sentence], marginals: Sequence[Array], labels: Sequence[str]
) -> list[list[list[str]]]:
    """Return, per sentence and token, features out of the first look's probabilities.

    `marginals` holds an array shaped (tokens, labels) per sentence. Tokens without a capital
    have an empty list.
    """
    if not sentences:
        return []
    # Place, person, other name; "O" is what remains.
    groups = [
        [column for column, label in enumerate(labels) if label in kinds]
        for kinds in ("BI", "P", "G")
    ]
    every = np.concatenate(marginals)
    shares: Array = np.stack([every[:, columns].sum(axis=1) for columns in groups], axis=1)
    levels: list[list[int]] = np.searchsorted(EDGES, shares, side="right").tolist()
    words: list[str | None] = [
        token.text.lower() if is_capitalised(token.text) else None
        for sentence in sentences
        for token in sentence.tokens
    ]
    others = _average_others(words, shares)
    names: list[str] = []
    stretches: list[tuple[int, int]] = []
    starts: list[int] = []
    start = 0
    for sentence in sentences:
        starts.append(start)
        for first, last in find_runs(sentence.tokens):
            names.append(" ".join(t.text.lower() for t in sentence.tokens[first : last + 1]))
            stretches.append((start + first, start + last))
        start += len(sentence.tokens)
    means = (
        np.stack([shares[first : last + 1].mean(axis=0) for first, last in stretches])
        if stretches
        else np.zeros((0, 3), dtype=np.float32)
    )
    namesakes = _average_others(names, means)
    flat: list[list[str]] = [[] for _ in words]
    edges = set(starts)
    for position, word in enumerate(words):
        if word is None:
            continue
        own = levels[position]
        row = flat[position]
        row += [table[level] for table, level in zip(OWN, own, strict=True)]
        if position not in edges:
            row += [table[level] for table, level in zip(BEFORE, levels[position - 1], strict=True)]
        if position + 1 < len(words) and position + 1 not in edges:
            row += [table[level] for table, level in zip(AFTER, levels[position + 1], strict=True)]
        seen = others[position]
        if seen is not None:
            row += [table[level] for table, level in zip(OTHERS, seen, strict=True)]
            row += [table[level][own[0]] for table, level in zip(PAIRS, seen, strict=True)]
    for (first, last), seen in zip(stretches, namesakes, strict=True):
        if seen is not None:
            row = [table[level] for table, level in zip(NAMESAKES, seen, strict=True)]
            for position in range(first, last + 1):
                flat[position] += row
    return [
        flat[start : start + len(sentence.tokens)]
        for start, sentence in zip(starts, sentences, strict=True)
    ]


def _average_others(keys: Sequence[str | None], shares: Array) -> list[list[int] | None]:
    """Return, per key, the levels of the mean share of the other rows with the same key.

    None where there is no other, and for a key that is None.
    """
    numbers: dict[str, int] = {}
    ids = np.array(
        [-1 if key is None else numbers.setdefault(key, len(numbers)) for key in keys], dtype=int
    )
    known = ids >= 0
    sums = np.zeros((len(numbers), shares.shape[1]), dtype=np.float32)
    np.add.at(sums, ids[known], shares[known])
    counts = np.bincount(ids[known], minlength=len(numbers))
    rest = counts[ids] - 1 if len(numbers) else np.zeros(len(ids), dtype=int)
    shared = known & (rest > 0)
    result: list[list[int] | None] = [None] * len(ids)
    mean = (sums[ids[shared]] - shares[shared]) / rest[shared][:, None]
    buckets = np.searchsorted(EDGES, mean, side="right").tolist()
    for position, levels in zip(np.flatnonzero(shared).tolist(), buckets, strict=True):
        result[position] = levels
    return result
