"""An older store is brought up to date by Alembic, in one transaction, after a backup.

    back_up (SQLite) -> upgrade, all steps in one transaction -> the new version is written down

The steps are the files in `migrations/`.
"""

from __future__ import annotations

import logging
import sqlite3
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Connection, Engine

from extract.errors import StoreError
from extract.store.database import describe
from extract.store.schema import SCHEMA_VERSION, meta

STEPS = Path(__file__).parent / "migrations"
log = logging.getLogger(__name__)


def migrate(connection: Connection, engine: Engine, version: int, url: str) -> None:
    """Bring a store from `version` to this program's, within the transaction of `connection`.

    That transaction must write and be alone. A SQLite file is copied first, beside itself, as
    FILE.version-N. PostgreSQL changes tables within a transaction as it changes rows: a step
    that fails is taken back whole, so that nothing is copied there. Raises StoreError where
    the copy cannot be written.
    """
    # Alembic takes a moment to load, which a store that is up to date need not spend.
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.runtime.migration import MigrationContext, RevisionStep
    from alembic.script import ScriptDirectory

    if engine.dialect.name == "sqlite":
        copy = _back_up(engine, version, url)
        precaution = f"the old one is kept as {copy}" if copy else "it is in memory only"
    else:
        precaution = "in one transaction, which PostgreSQL takes back whole if a step fails"
    script = ScriptDirectory(str(STEPS), version_locations=[str(STEPS)])

    def upgrade(current: tuple[str, ...], _context: MigrationContext) -> list[RevisionStep]:
        return script._upgrade_revs("head", current)  # type: ignore[arg-type]

    if version > 1:
        MigrationContext.configure(connection).stamp(script, str(version))
    with EnvironmentContext(Config(), script, fn=upgrade) as environment:
        environment.configure(connection=connection)
        environment.run_migrations()
    # Alembic's own note of the version would be a second truth beside ours.
    connection.exec_driver_sql("DROP TABLE alembic_version")
    connection.execute(
        meta.update().where(meta.c.key == "schema_version").values(value=str(SCHEMA_VERSION))
    )
    log.warning(
        "the store %s was brought from version %d to %d; %s",
        describe(url), version, SCHEMA_VERSION, precaution,
    )  # fmt: skip


def _back_up(engine: Engine, version: int, url: str) -> Path | None:
    """Copy a SQLite file as it was before; another connection sees just that."""
    file = engine.url.database
    if not file or file == ":memory:" or file.startswith("file:"):
        return None
    target = Path(f"{file}.version-{version}")
    number = 1
    while target.exists():
        number += 1
        target = Path(f"{file}.version-{version}.{number}")
    partial = target.with_name(f"{target.name}.part")
    try:
        source, copy = sqlite3.connect(file), sqlite3.connect(partial)
        try:
            source.backup(copy)
        finally:
            source.close()
            copy.close()
        partial.replace(target)
    except (OSError, sqlite3.Error) as error:
        with suppress(OSError):
            partial.unlink()
        raise StoreError(
            f"the store {describe(url)} has version {version} and was left as it is, since it "
            f"cannot be copied to {target} first ({error}); make room there"
        ) from error
    return target
