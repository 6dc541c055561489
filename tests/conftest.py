"""What many tests share: the real gazetteer, the whole pipeline and a PostgreSQL, each once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from extract.gazetteer import Gazetteer
from extract.store import Store
from tests.postgres import PostgresServer, provide_server

if TYPE_CHECKING:
    from extract.pipeline import Extractor


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--raise-floors", action="store_true", help="write better scores of the gate")
    parser.addoption("--lower-floors", action="store_true", help="write any scores of the gate")


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return Gazetteer.open(progress=False)


@pytest.fixture(scope="session")
def extractor(gazetteer: Gazetteer) -> Extractor:
    # Seconds to import, which the tests of a room without models need not spend.
    from extract.pipeline import Extractor

    return Extractor(gazetteer=gazetteer)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    yield from provide_server()


@pytest.fixture
def postgres_database(postgres: PostgresServer) -> Iterator[str]:
    """The URL of an empty PostgreSQL database."""
    with postgres.database() as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database, once of each kind."""
    if request.param == "sqlite":
        return str(tmp_path / "store.sqlite")
    return str(request.getfixturevalue("postgres_database"))


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    """An empty store, once of each kind."""
    with Store(database) as opened:
        yield opened
