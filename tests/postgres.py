"""A PostgreSQL server of the tests' own, in a temporary folder, and fresh databases on it."""

from __future__ import annotations

import importlib.util
import itertools
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

OLDEST = 15
USER = "dateline"
# Nothing of a test's database has to outlive the machine.
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "shared_buffers": "16MB",
}


@dataclass(frozen=True)
class PostgresServer:
    """A running server; it listens on a socket in `folder` and nowhere else."""

    folder: Path
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def address(self, name: str) -> str:
        return f"postgresql://{USER}@/{name}?host={self.folder}"

    def execute(self, statement: str) -> None:
        import psycopg

        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(statement)

    @contextmanager
    def database(self, options: str = "") -> Iterator[str]:
        """Make a database, hand out its URL and drop it, with whoever is still connected."""
        name = f"store_{next(self.numbers)}"
        self.execute(f"CREATE DATABASE {name} {options}")
        try:
            yield self.address(name)
        finally:
            self.execute(f"DROP DATABASE {name} WITH (FORCE)")


def provide_server() -> Iterator[PostgresServer]:
    """Yield a server for a session's fixture; skip its tests where none can be run.

    With DATELINE_REQUIRE_POSTGRES=1 they fail instead.
    """
    programs = find_programs()
    if programs is None:
        complaint = f"there is no PostgreSQL {OLDEST} or newer with psycopg 3 on this machine"
        if os.environ.get("DATELINE_REQUIRE_POSTGRES") == "1":
            pytest.fail(complaint)
        pytest.skip(complaint)
    with run_server(programs) as server:
        yield server


def find_programs() -> Path | None:
    """Return the folder of the newest initdb and pg_ctl; None where there is none to use."""
    if importlib.util.find_spec("psycopg") is None:
        return None
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else []
    folders += Path("/usr/lib/postgresql").glob("*/bin")
    usable = [
        (version, folder) for folder in folders if (version := read_version(folder)) >= OLDEST
    ]
    return max(usable)[1] if usable else None


def read_version(folder: Path) -> int:
    """Return the main version of the programs in a folder; 0 where they are not all there."""
    if not all((folder / name).is_file() for name in ("initdb", "pg_ctl", "postgres")):
        return 0
    told = subprocess.run([folder / "initdb", "--version"], capture_output=True, text=True)
    found = re.search(r"\(PostgreSQL\) (\d+)", told.stdout)
    return int(found[1]) if found else 0


@contextmanager
def run_server(programs: Path) -> Iterator[PostgresServer]:
    """Start a server with a cluster of its own, and leave nothing of it."""
    folder = Path(tempfile.mkdtemp(prefix="dateline-"))
    person = find_person()
    if person:
        os.chown(folder, person["user"], person["group"])
    cluster = folder / "cluster"
    settings = SETTINGS | {"unix_socket_directories": str(folder)}

    def run(program: str, arguments: Sequence[str]) -> None:
        # To a file, as the server keeps its starter's output open and a pipe would never end.
        with open(folder / f"{program}.log", "ab") as log:
            done = subprocess.run(
                [programs / program, "-D", cluster, *arguments],
                cwd=folder,
                env=os.environ | {"LC_ALL": "C"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                **person,
            )
        if done.returncode:
            told = "\n".join(path.read_text(errors="replace") for path in folder.glob("*.log"))
            raise RuntimeError(f"{program} failed:\n{told}")

    try:
        # A language's order of text, unlike SQLite's, so that no test leans on either.
        locale = ["--locale-provider=icu", "--icu-locale=en", "--locale=C"]
        run("initdb", ["-U", USER, "-A", "trust", "-E", "UTF8", "--no-sync", *locale])
        options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        try:
            run(
                "pg_ctl",
                ["-w", "-t", "120", "-l", str(folder / "server.log"), "-o", options, "start"],
            )
            yield PostgresServer(folder)
        finally:
            if (cluster / "postmaster.pid").exists():
                run("pg_ctl", ["-w", "-m", "immediate", "stop"])
    finally:
        shutil.rmtree(folder)


def find_person() -> dict[str, Any]:
    """Return subprocess options for running as somebody else than root, which PostgreSQL asks."""
    if os.geteuid() != 0:
        return {}
    import pwd  # only where there is a root

    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    person = names.get("postgres") or names["nobody"]
    return {"user": person.pw_uid, "group": person.pw_gid, "extra_groups": []}
