"""The vectors that tagger and parser of the bundled pipeline see, made with a memory of words.

    words -> remembered vectors -> four layers that each look one token left and right -> vectors

The network is spaCy's `Tok2Vec` with `MultiHashEmbed` and `MaxoutWindowEncoder`; what comes out
is what spaCy makes of the same weights, but for the last digits of a float. A word's own
vector, and what the first layer makes of it on each side of its neighbours, depend on the word
alone and are remembered; the other layers reckon only those rows between sentences that a
sentence still sees. Both together are more than half of the arithmetic.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from spacy.tokens import Doc
from thinc.api import Model

FloatArray = npt.NDArray[np.float32]

# Words that are remembered before all are forgotten; each takes 3.8 kB.
REMEMBERED_WORDS = 12_000
NEIGHBOURS = np.array([-1, 0, 1])


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer of the encoder: a window of three vectors in, the best of three pieces out.

    `weights` is shaped (3 * width, pieces * width), the piece counting before the column;
    `scale` and `shift` are those of the normalisation after it.
    """

    weights: FloatArray
    bias: FloatArray
    scale: FloatArray
    shift: FloatArray

    @classmethod
    def read(cls, model: Model[Any, Any]) -> Layer:
        """Read a layer from the network of a window, a maxout and a normalisation."""
        nodes = {node.name: node for node in model.walk()}
        maxout, normalisation = nodes["maxout"], nodes["layernorm"]
        weights: Any = maxout.get_param("W")
        bias: Any = maxout.get_param("b")
        scale: Any = normalisation.get_param("G")
        shift: Any = normalisation.get_param("b")
        by_piece = weights.transpose(2, 1, 0).reshape(weights.shape[2], -1)
        return cls(np.ascontiguousarray(by_piece), bias.T.reshape(-1), scale, shift)

    def finish(self, products: FloatArray) -> FloatArray:
        """Return what the layer adds to the vectors, from the products with its weights.

        `products` is shaped (tokens, pieces * width) and is changed.
        """
        products += self.bias
        width = len(self.scale)
        best = np.maximum(products[:, :width], products[:, width : 2 * width])
        for piece in range(2 * width, products.shape[1], width):
            np.maximum(best, products[:, piece : piece + width], out=best)
        best -= best.mean(axis=1, keepdims=True)
        variance = np.einsum("ij,ij->i", best, best) / np.float32(width) + np.float32(1e-8)
        best *= (1 / np.sqrt(variance))[:, None]
        best *= self.scale
        best += self.shift
        return best


class TokenVectors:
    """The network of a `Tok2Vec` with `MultiHashEmbed` and a window of one, and the words it met.

    Not for several threads at once.
    """

    def __init__(self, model: Model[Any, Any]) -> None:
        read_attributes, *self._embed = model.get_ref("embed").layers
        self._attributes = read_attributes.attrs["columns"]
        self._layers = [Layer.read(layer) for layer in model.get_ref("encode").layers[0].layers]
        self._numbers: dict[bytes, int] = {}
        # Row 0 is the nothing before and after a sentence.
        self._words: FloatArray = np.zeros((1, len(self._layers[0].scale)), dtype=np.float32)
        empty = np.zeros((1, len(self._layers[0].bias)), dtype=np.float32)
        self._sides = [empty for _ in NEIGHBOURS]

    def encode(self, docs: Sequence[Doc]) -> FloatArray:
        """Return the vectors of the tokens of all documents, shaped (tokens, width), in order."""
        margin = len(self._layers)
        numbers = self._number(docs)
        # Between sentences stand so many empty rows that none sees the next.
        away = _count_steps([len(doc) for doc in docs], margin)
        rows = np.zeros(len(away), dtype=np.intp)
        rows[away == 0] = numbers
        vectors = self._words[rows]
        for number, layer in enumerate(self._layers):
            # How far beside a sentence the layers after this one still look.
            seen = np.flatnonzero(away < margin - number)
            if number == 0:
                left, middle, right = self._sides
                products = left[rows[seen - 1]]
                products += middle[rows[seen]]
                products += right[rows[seen + 1]]
            else:
                windows = vectors[seen[:, None] + NEIGHBOURS]
                products = windows.reshape(len(seen), len(layer.weights)) @ layer.weights
            vectors[seen] += layer.finish(products)
        found: FloatArray = vectors[away == 0]
        return found

    def _number(self, docs: Sequence[Doc]) -> list[int]:
        """Return the rows of the tokens' words in memory, making those of new words."""
        known = self._numbers
        if len(known) >= REMEMBERED_WORDS:
            self._forget()
        rows = np.concatenate([doc.to_array(self._attributes) for doc in docs])
        # A word's attributes as one string of bytes, which hashes faster than a tuple of them.
        words = rows.view(f"V{rows.itemsize * rows.shape[1]}").ravel().tolist()
        new = [word for word in dict.fromkeys(words) if word not in known]
        if new:
            self._remember(new)
        return [known[word] for word in words]

    def _remember(self, words: Sequence[bytes]) -> None:
        attributes = np.frombuffer(b"".join(words), dtype=np.uint64)
        made: Any = [attributes.reshape(len(words), -1)]
        for layer in self._embed:
            made = layer.predict(made)
        (vectors,) = made
        width = vectors.shape[1]
        first = len(self._numbers) + 1
        end = first + len(words)
        if end > len(self._words):
            size = max(end, 2 * len(self._words))
            self._words = _lengthen(self._words, size)
            self._sides = [_lengthen(side, size) for side in self._sides]
        self._words[first:end] = vectors
        for place, side in enumerate(self._sides):
            weights = self._layers[0].weights[place * width : (place + 1) * width]
            np.matmul(vectors, weights, out=side[first:end])
        self._numbers.update(zip(words, range(first, end), strict=True))

    def _forget(self) -> None:
        """Forget all words but the nothing of row 0."""
        self._numbers.clear()
        self._words = self._words[:1].copy()
        self._sides = [side[:1].copy() for side in self._sides]


def _lengthen(table: FloatArray, size: int) -> FloatArray:
    longer = np.zeros((size, table.shape[1]), dtype=np.float32)
    longer[: len(table)] = table
    return longer


def _count_steps(lengths: Sequence[int], margin: int) -> npt.NDArray[np.intp]:
    """Return how many steps each row is from the next token, 0 for tokens themselves.

    The rows are those of the sentences, with `margin` before, between and after them.
    """
    after = np.arange(1, margin + 1)
    before = after[::-1]
    between = np.minimum(before, after)
    parts = [before]
    for length in lengths:
        parts += [np.zeros(length, dtype=np.intp), between]
    parts[-1] = after
    return np.concatenate(parts)
