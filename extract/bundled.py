"""The one place that knows where the project's own files and the user's caches lie."""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_cache_path

DATA = Path(__file__).resolve().parent.parent / "data"


def bundled_path(name: str) -> Path:
    """Return the path of a committed, read-only data file or model, such as `regions.csv`.

    Raises FileNotFoundError, naming the file, when the checkout lacks it.
    """
    path = DATA / "bundled" / name
    if not path.exists():
        raise FileNotFoundError(f"{path} is missing: this checkout is not complete; fetch it again")
    return path


def local_path(name: str) -> Path:
    """Return a path in `data/local/`, the git-ignored folder for the user's own store."""
    folder = DATA / "local"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / name


def cache_path(name: str) -> Path:
    """Return a path in the user's cache folder, or in `DATELINE_CACHE` where that is set."""
    chosen = os.environ.get("DATELINE_CACHE")
    folder = Path(chosen) if chosen else user_cache_path("dateline", appauthor=False)
    folder.mkdir(parents=True, exist_ok=True)
    return folder / name
