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

EDGES = (0.05, 0.2, 0.4, 0.6, 0.8, 0.95)


def bucket(probability: float) -> str:
    """Return one of seven digits for a probability."""
    return str(sum(probability >= edge for edge in EDGES))


def describe_first_look(
    sentences: Sequence[Sentence], marginals: Sequence[Array], labels: Sequence[str]
) -> list[list[list[str]]]:
    """Return, per sentence and token, features out of the first look's probabilities.

    `marginals` holds an array shaped (tokens, labels) per sentence. Tokens without a capital
    have an empty list.
    """
    # Place, person, other name; "O" is what remains.
    groups = [
        [column for column, label in enumerate(labels) if label in kinds]
        for kinds in ("BI", "P", "G")
    ]
    shares = [
        np.stack([marginal[:, columns].sum(axis=1) for columns in groups], axis=1)
        for marginal in marginals
    ]
    sums: dict[str, Array] = {}
    counts: dict[str, int] = {}
    run_sums: dict[str, Array] = {}
    run_counts: dict[str, int] = {}
    runs = [find_runs(sentence.tokens) for sentence in sentences]
    for sentence, share, found in zip(sentences, shares, runs, strict=True):
        for position, token in enumerate(sentence.tokens):
            if is_capitalised(token.text):
                word = token.text.lower()
                sums[word] = sums[word] + share[position] if word in sums else share[position]
                counts[word] = counts.get(word, 0) + 1
        for first, last in found:
            name = " ".join(token.text.lower() for token in sentence.tokens[first : last + 1])
            mean = share[first : last + 1].mean(axis=0)
            run_sums[name] = run_sums[name] + mean if name in run_sums else mean
            run_counts[name] = run_counts.get(name, 0) + 1
    result: list[list[list[str]]] = []
    for sentence, share, found in zip(sentences, shares, runs, strict=True):
        tokens = sentence.tokens
        features: list[list[str]] = [[] for _ in tokens]
        for position, token in enumerate(tokens):
            if not is_capitalised(token.text):
                continue
            own = share[position]
            row = features[position]
            row += [f"1{kind}={bucket(value)}" for kind, value in zip("lpg", own, strict=True)]
            for step, name in ((-1, "-"), (1, "+")):
                if 0 <= position + step < len(tokens):
                    near = share[position + step]
                    row += [f"1{name}{k}={bucket(v)}" for k, v in zip("lpg", near, strict=True)]
            word = token.text.lower()
            if counts[word] > 1:
                others = (sums[word] - own) / (counts[word] - 1)
                row += [
                    f"2{kind}={bucket(value)}" for kind, value in zip("lpg", others, strict=True)
                ]
                row.append(f"2l1l={bucket(others[0])}{bucket(own[0])}")
                row.append(f"2p1l={bucket(others[1])}{bucket(own[0])}")
                row.append(f"2g1l={bucket(others[2])}{bucket(own[0])}")
        for first, last in found:
            name = " ".join(token.text.lower() for token in tokens[first : last + 1])
            if run_counts[name] > 1:
                own = share[first : last + 1].mean(axis=0)
                others = (run_sums[name] - own) / (run_counts[name] - 1)
                for position in range(first, last + 1):
                    features[position] += [
                        f"3{kind}={bucket(value)}"
                        for kind, value in zip("lpg", others, strict=True)
                    ]
        result.append(features)
    return result
