"""The walls of the house, read off the import lines: all arrows point down."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# From the ground floor up; a room may import rooms of floors below its own, and itself.
FLOORS = [
    {"records", "errors", "stopwatch"},
    {"plover", "bundled", "coded", "token_vectors"},
    {"layout", "gazetteer", "language", "table"},
    {"snapshot"},
    {"syntax", "selection", "sources", "store"},
    {
        "export",
        "mentions.toponyms",
        "mentions.timexes",
        "mentions.actors",
        "mentions.triggers",
        "geocoding",
    },
    {"linking"},
    {"pipeline"},
    {"workers", "manifest", "differences"},
    {"sample", "polling", "cluster"},
    {"commands"},
    {"__main__", "__init__"},
]
PICTURES = {"streamlit", "streamlit_folium", "folium", "altair", "branca"}
VIEW_MAY_READ = {
    "extract.table",
    "extract.records",
    "extract.plover",
    "extract.coded",
    "extract.selection",
    "extract.snapshot",
    "extract.export",
    "extract.export.dictionary",
}


def modules(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module


def room_of(module: str) -> str:
    """Return the room of a dotted name within extract ("mentions.actors" for its lexicon)."""
    parts = module.split(".")
    return ".".join(parts[:2]) if parts[0] == "mentions" and len(parts) > 1 else parts[0]


def floor_of(room: str) -> int:
    return next((number for number, rooms in enumerate(FLOORS) if room in rooms), -1)


@pytest.mark.parametrize("path", modules("extract"), ids=lambda path: str(path.relative_to(ROOT)))
def test_rooms_import_only_rooms_below(path: Path) -> None:
    own = room_of(".".join(path.relative_to(ROOT / "extract").with_suffix("").parts))
    if own == "mentions.__init__":
        return
    assert floor_of(own) >= 0, f"{own} has no floor in this test; decide where it stands"
    for name in imports(path):
        if not name.startswith("extract."):
            continue
        other = room_of(name.removeprefix("extract."))
        assert other == own or floor_of(other) < floor_of(own), f"{path} imports {name}"


@pytest.mark.parametrize("folder", ["extract", "training"])
def test_extraction_knows_nothing_of_pictures(folder: str) -> None:
    for path in modules(folder):
        drawn = {name.split(".")[0] for name in imports(path)} & PICTURES
        assert not drawn, f"{path} imports {drawn}"


def test_view_knows_only_the_table_and_the_nouns() -> None:
    for path in modules("view"):
        for name in imports(path):
            assert name.split(".")[0] not in {"streamlit", "streamlit_folium"}, path
            assert not name.startswith("extract") or name in VIEW_MAY_READ, f"{path}: {name}"


def test_nothing_at_run_time_imports_training_or_tests() -> None:
    for path in [*modules("extract"), *modules("view"), *modules("page"), ROOT / "dashboard.py"]:
        assert not {name.split(".")[0] for name in imports(path)} & {"training", "tests"}, path


def test_only_one_file_knows_where_data_is() -> None:
    for path in modules("extract"):
        if path.name != "bundled.py":
            text = path.read_text(encoding="utf-8")
            assert '/ "data"' not in text, path
