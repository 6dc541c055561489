"""Where the browser gets Leaflet and the base map from: the page's own `static/`, or the CDN.

`npm ci` fetches both packages with checked sums into node_modules/; `prepare_assets` copies
what the browser needs into static/, which Streamlit serves at /app/static/, and decodes the
base map there. Without static/ the browser loads Leaflet from the CDN and the page says so.

    python -m view.assets        prepares static/ (the Makefile does this after npm ci)
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import urllib.request
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from view.basemap import read_countries

ROOT = Path(__file__).resolve().parent.parent
LEAFLET = "1.9.4"
CDN = "https://cdn.jsdelivr.net/npm"
COUNTRIES = "countries.geojson"
WORLD_ATLAS = "countries-50m.json"


@dataclass(frozen=True, slots=True)
class Assets:
    """The addresses of what the map needs in the browser.

    `countries` is None where there is no base map. `local` is true when nothing comes from
    outside.
    """

    script: str
    sheet: str
    countries: str | None
    local: bool


def find_assets(*, root: Path = ROOT, base_path: str = "") -> Assets:
    """Return where the browser finds Leaflet and the base map.

    `base_path` is Streamlit's server.baseUrlPath. Prepares static/ first where node_modules/
    is newer or static/ is missing; falls back to the CDN where neither is there.
    """
    static = root / "static"
    if (root / "node_modules" / "leaflet").is_dir():
        prepare_assets(root=root)
    prefix = f"/{base_path.strip('/')}/app/static".replace("//", "/")
    countries = f"{prefix}/{COUNTRIES}" if (static / COUNTRIES).is_file() else None
    if all((static / name).is_file() for name in ("leaflet.js", "leaflet.css")):
        return Assets(
            f"{prefix}/leaflet.js", f"{prefix}/leaflet.css", countries, countries is not None
        )
    dist = f"{CDN}/leaflet@{LEAFLET}/dist"
    return Assets(f"{dist}/leaflet.js", f"{dist}/leaflet.css", countries, False)


def read_leaflet(*, root: Path = ROOT) -> tuple[str, str] | None:
    """Return Leaflet's script and style sheet; None where they are not installed here."""
    paths = [root / "static" / name for name in ("leaflet.js", "leaflet.css")]
    if not all(path.is_file() for path in paths):
        return None
    script, sheet = (_read_text(path, path.stat().st_mtime_ns) for path in paths)
    return script, sheet


def read_basemap(*, root: Path = ROOT) -> dict[str, Any] | None:
    """Return the countries of the base map as GeoJSON; None where they are not installed here.

    All callers share what is returned, as reading it takes a third of a second: change nothing.
    """
    path = root / "static" / COUNTRIES
    return _read_countries(path, path.stat().st_mtime_ns) if path.is_file() else None


@lru_cache(maxsize=2)
def _read_countries(path: Path, _changed: int) -> dict[str, Any]:
    countries: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return countries


@lru_cache(maxsize=4)
def _read_text(path: Path, _changed: int) -> str:
    return path.read_text(encoding="utf-8")


def prepare_assets(*, root: Path = ROOT) -> list[Path]:
    """Copy Leaflet from node_modules/ into static/ and decode the base map beside it.

    Returns the files written, none when all were up to date. Each file is written whole or
    not at all. Raises FileNotFoundError when the npm packages are not installed.
    """
    static, modules = root / "static", root / "node_modules"
    static.mkdir(exist_ok=True)
    written = []
    for name in ("leaflet.js", "leaflet.css"):
        source, target = modules / "leaflet" / "dist" / name, static / name
        if _is_stale(target, source):
            _write(target, source.read_bytes())
            written.append(target)
    atlas, target = modules / "world-atlas" / WORLD_ATLAS, static / COUNTRIES
    if _is_stale(target, atlas, Path(__file__).with_name("basemap.py")):
        _write(target, _encode_countries(atlas))
        written.append(target)
    return written


def fetch_basemap(*, root: Path = ROOT, timeout: float = 10.0) -> Path:
    """Fetch the base map from the CDN into static/, for machines without npm.

    Raises OSError when the network does not answer.
    """
    static = root / "static"
    static.mkdir(exist_ok=True)
    raw = static / WORLD_ATLAS
    with urllib.request.urlopen(f"{CDN}/world-atlas@2/{WORLD_ATLAS}", timeout=timeout) as answer:
        _write(raw, answer.read())
    target = static / COUNTRIES
    _write(target, _encode_countries(raw))
    return target


def _encode_countries(atlas: Path) -> bytes:
    countries = read_countries(atlas)
    return json.dumps(countries, separators=(",", ":"), ensure_ascii=False).encode()


def _is_stale(target: Path, *sources: Path) -> bool:
    if not target.is_file():
        return True
    return any(source.stat().st_mtime > target.stat().st_mtime for source in sources)


def _write(target: Path, content: bytes) -> None:
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    draft.write_bytes(content)
    shutil.move(draft, target)


if __name__ == "__main__":
    try:
        names = [path.name for path in prepare_assets()]
    except FileNotFoundError as error:
        sys.exit(f"{error.filename} is missing: run npm ci first")
    print("static/: " + (", ".join(names) if names else "up to date"))
