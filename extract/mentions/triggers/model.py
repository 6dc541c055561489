"""A linear model over hashed features: which event type, if any, a candidate reports.

A multinomial logistic regression trained by `training/triggers.py`. The file
`data/bundled/models/triggers.npz` holds one row of half-precision weights per hash bucket
and one column per class; class 0 is "no event".
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from zlib import crc32

import numpy as np
import numpy.typing as npt

from extract.errors import ModelError

Probabilities = npt.NDArray[np.float32]

NO_EVENT = "NONE"


class TriggerModel:
    """Weights of shape (buckets, classes) and the names of the classes."""

    def __init__(self, weights: npt.NDArray[np.float32], classes: Sequence[str]) -> None:
        self.weights = weights
        self.classes = tuple(classes)

    @classmethod
    def load(cls, path: Path) -> TriggerModel:
        """Read a model file; raises ModelError when it is not one."""
        try:
            with np.load(path, allow_pickle=False) as file:
                return cls(
                    file["weights"].astype(np.float32), [str(name) for name in file["classes"]]
                )
        except (OSError, KeyError, ValueError) as error:
            raise ModelError(
                f"{path} is no trigger model ({error}); make it with python -m training.triggers"
            ) from error

    def save(self, path: Path) -> None:
        """Write the model, weights in half precision."""
        np.savez_compressed(
            path, weights=self.weights.astype(np.float16), classes=np.array(self.classes)
        )

    def probabilities(self, features: Sequence[str]) -> Probabilities:
        """Return the probability of each class, in the order of `classes`."""
        (found,) = self.probabilities_of_all([features])
        return found

    def probabilities_of_all(self, described: Sequence[Sequence[str]]) -> list[Probabilities]:
        """Return the probabilities of each candidate, from its features, of which it has some."""
        if not described:
            return []
        count = len(self.weights)
        scores = np.array(
            [
                np.add.reduce(self.weights[hash_features(features, count)], axis=0)
                for features in described
            ]
        )
        scores = np.exp(scores - scores.max(axis=1, keepdims=True))
        scores /= scores.sum(axis=1, keepdims=True)
        return list(scores)


def hash_features(features: Sequence[str], buckets: int) -> npt.NDArray[np.int64]:
    """Return the buckets of distinct features, the same on every machine and run."""
    return np.fromiter({crc32(feature.encode()) % buckets for feature in features}, dtype=np.int64)
