"""What many tests share: the real gazetteer, the whole pipeline and a PostgreSQL, each once."""

import os
from collections.abc import Iterator

import pytest

from extract.gazetteer import Gazetteer
from extract.pipeline import Extractor
from tests.postgres import PostgresServer, find_programs, run_server


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--raise-floors", action="store_true", help="write better scores of the gate")
    parser.addoption("--lower-floors", action="store_true", help="write any scores of the gate")


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return Gazetteer.open(progress=False)


@pytest.fixture(scope="session")
def extractor(gazetteer: Gazetteer) -> Extractor:
    return Extractor(gazetteer=gazetteer)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    programs = find_programs()
    if programs is None:
        complaint = "there is no PostgreSQL 15 or newer with psycopg 3 on this machine"
        if os.environ.get("DATELINE_REQUIRE_POSTGRES") == "1":
            pytest.fail(complaint)
        pytest.skip(complaint)
    with run_server(programs) as server:
        yield server
