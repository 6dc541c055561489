"""Where the browser gets Leaflet from: static/, made from node_modules/, or the CDN."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.test_basemap import TOPOLOGY
from view.assets import COUNTRIES, ROOT, WORLD_ATLAS, find_assets, prepare_assets


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project whose npm packages are installed."""
    leaflet, atlas = tmp_path / "node_modules/leaflet/dist", tmp_path / "node_modules/world-atlas"
    leaflet.mkdir(parents=True)
    atlas.mkdir(parents=True)
    (leaflet / "leaflet.js").write_text("L", encoding="utf-8")
    (leaflet / "leaflet.css").write_text("", encoding="utf-8")
    (atlas / WORLD_ATLAS).write_text(json.dumps(TOPOLOGY), encoding="utf-8")
    return tmp_path


def test_packages_are_copied_once_and_again_when_newer(root: Path) -> None:
    assert {path.name for path in prepare_assets(root=root)} == {
        "leaflet.js", "leaflet.css", COUNTRIES,
    }  # fmt: skip
    assert prepare_assets(root=root) == []
    script = root / "node_modules/leaflet/dist/leaflet.js"
    os.utime(script, (2**31 - 1, 2**31 - 1))
    assert [path.name for path in prepare_assets(root=root)] == ["leaflet.js"]
    assert not list((root / "static").glob(".*"))


@pytest.mark.parametrize(
    ("base_path", "script"),
    [
        ("", "/app/static/leaflet.js"),
        ("news", "/news/app/static/leaflet.js"),
        ("/news/map/", "/news/map/app/static/leaflet.js"),
    ],
)
def test_addresses_mind_the_base_path(root: Path, base_path: str, script: str) -> None:
    assets = find_assets(root=root, base_path=base_path)
    assert assets.script == script
    assert assets.local
    assert assets.countries is not None


def test_without_npm_the_cdn_is_named(tmp_path: Path) -> None:
    assets = find_assets(root=tmp_path)
    assert assets.script.startswith("https://")
    assert assets.countries is None
    assert not assets.local


def test_missing_packages_are_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"leaflet\.js"):
        prepare_assets(root=tmp_path)


def test_the_lock_file_names_no_registry() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    served = {name for name, entry in packages.items() if not entry.get("dev")}
    assert served == {"node_modules/leaflet", "node_modules/world-atlas"}
    for entry in packages.values():
        assert entry["integrity"].startswith("sha512-")
        assert "resolved" not in entry
