"""Rows: one connection to SQLite or PostgreSQL, in the SQL that both understand.

`write()` takes the lock before it reads, so of two writers the second waits and none
fails: SQLite refuses at once a deferred transaction that turns from reading to writing.
"""

import os
import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from importlib import resources
from pathlib import Path
from typing import Any, Protocol, TypeVar, cast

from sqlite_utils import Database

from navkit.plan.typed_json import from_json
from navkit.words.findings import NavkitError
from server.data.migrations import AFTER
from server.data.turns import BusyError, Line, Patience, line_of

Row = dict[str, Any]
T = TypeVar("T")

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")

LARGEST = 2**31 - 1
"""No row number is larger; SQLite's limit is 64 bits."""

PATIENT = Patience()

ASK_S = 0.001
"""How often SQLite is asked whether another program has ended its write. SQLite itself would soon
ask ten times a second only, and seldom find a gap between two writes."""


class Rows(Protocol):
    """The interface to a database. Values are `?` in SQL."""

    def all(self, sql: str, *values: object) -> list[Row]:
        """Every row of a query."""

    def run(self, sql: str, *values: object) -> int:
        """Execute it; returns the number of affected rows."""

    def write(self) -> Any:
        """A context in which everything happens or nothing does, one writer at a time."""

    def close(self) -> None:
        """Close the connection."""

    def check(self) -> None:
        """`NavkitError` if the database itself is damaged."""

    @property
    def serial(self) -> str:
        """The type of an auto-increment column."""

    @property
    def columns(self) -> str:
        """A query for the columns of all tables."""


def value_of(kind: type[T], row: Row) -> T:
    """A row as a frozen dataclass, by the names and the types of its fields; `ValueError` if a
    column contains something else."""
    return from_json(kind, {field.name: row[field.name] for field in fields(cast(Any, kind))})


def one(rows: Rows, sql: str, *values: object) -> Row | None:
    """The first row of a query, None if there is none."""
    return next(iter(rows.all(sql, *values)), None)


_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_SCHEMA}
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_AWAY = {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR,
         sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH}  # fmt: skip
_NO_SUCH = re.compile(r"no such (table|column)|has no column")
_STATES = {
    "disk-full": {"53100"},
    "database-busy": {"55P03", "57014"},
    "database-damaged": {"42P01", "42703", "XX001", "XX002"},
}
"""The corresponding names in PostgreSQL. Source: its manual, appendix A."""


def trouble(error: BaseException) -> NavkitError | None:
    """The message if a database has failed through no fault of the program; None for other
    errors."""
    why = str(error).split("\n")[0]
    if isinstance(error, BusyError):
        return NavkitError("database-busy")
    if isinstance(error, sqlite3.Error):
        # The low byte is the kind, the rest a detail.
        kind = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if kind == sqlite3.SQLITE_FULL:
            return NavkitError("disk-full")
        if kind in _BUSY:
            return NavkitError("database-busy")
        if kind in _DAMAGED or _NO_SUCH.search(why):
            return NavkitError("database-damaged", why=why)
        return NavkitError("database-unopened", why=why) if kind in _AWAY else None
    state = getattr(error, "sqlstate", None)
    for code, states in _STATES.items():
        if state in states:
            return NavkitError(code, why=why) if code == "database-damaged" else NavkitError(code)
    is_away = type(error).__module__.startswith("psycopg") and (
        state is None or state.startswith(("08", "57P"))
    )
    return NavkitError("database-unreachable", why=why) if is_away else None


def count(rows: Rows, sql: str, *values: object) -> int:
    """The number that a query counts."""
    return int(next(iter(rows.all(sql, *values)[0].values())) or 0)


def change(rows: Rows, otherwise: str, sql: str, *values: object) -> None:
    """Change a row that still is as the statement expects; `NavkitError` with the code `otherwise`
    if there is none, for example because somebody else was faster."""
    if not rows.run(sql, *values):
        raise NavkitError(otherwise)


def _storable(values: tuple[object, ...]) -> tuple[object, ...]:
    """The values; `NavkitError` if a text contains what PostgreSQL, or both, cannot store: NUL,
    and half surrogate pairs."""
    for value in values:
        if isinstance(value, str) and _UNSTORABLE.search(value):
            raise NavkitError("text-unstorable", ascii(value[:40]))
    return values


class _Sqlite:
    """SQLite: beside the server, for one machine."""

    serial = "INTEGER PRIMARY KEY AUTOINCREMENT"
    columns = (
        "SELECT m.name AS of_table, c.name AS name FROM sqlite_master AS m,"
        " pragma_table_info(m.name) AS c WHERE m.type = 'table'"
        " AND m.name NOT LIKE 'sqlite%'"
    )

    def __init__(self, file: Path, patience: Patience) -> None:
        if str(file) != _MEMORY:
            file.parent.mkdir(parents=True, exist_ok=True)
            # SQLite gives the files that it writes beside it the same mode.
            if not file.exists():
                os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
        self._patience = patience
        # A database in memory is of its connection alone.
        is_own = str(file) == _MEMORY
        self._line = Line() if is_own else line_of(str(file.resolve()))
        # isolation_level None: Python begins no transaction of its own.
        connection = sqlite3.connect(file, timeout=patience.wait_s, isolation_level=None)
        self._database = Database(connection, execute_plugins=False)
        try:
            for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL"):
                connection.execute(f"PRAGMA {pragma}")
        except sqlite3.Error:
            connection.close()
            raise

    def all(self, sql: str, *values: object) -> list[Row]:
        return list(self._database.query(sql, _storable(values)))

    def run(self, sql: str, *values: object) -> int:
        return int(self._database.execute(sql, _storable(values)).rowcount)

    @contextmanager
    def write(self) -> Iterator[None]:
        with self._line.turn(self._patience) as turn:
            self._begin(turn.left_s)
            turn.begin()
            try:
                yield
            except BaseException:
                self._database.conn.execute("ROLLBACK")
                raise
            self._database.conn.execute("COMMIT")

    def _begin(self, wait_s: float) -> None:
        until_s = time.monotonic() + wait_s
        self._wait(0)
        try:
            while not self._has_begun(is_last=time.monotonic() >= until_s):
                time.sleep(ASK_S)
        finally:
            self._wait(self._patience.wait_s)

    def _has_begun(self, is_last: bool) -> bool:
        """Whether SQLite lets it write now; its error if it does not, and it was the last time."""
        try:
            self._database.conn.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if is_last or error.sqlite_errorcode & 0xFF not in _BUSY:
                raise
            return False
        return True

    def _wait(self, wait_s: float) -> None:
        self._database.conn.execute(f"PRAGMA busy_timeout={round(wait_s * 1000)}")

    def check(self) -> None:
        """`NavkitError` if pages of the file are damaged."""
        said = next(iter(self.all("PRAGMA quick_check(1)")[0].values()))
        if said != "ok":
            raise NavkitError("database-damaged", why=str(said).split("\n")[0])

    def close(self) -> None:
        self._database.close()


class _Postgres:
    """PostgreSQL: for a region's machines. Needs the extra `postgres`."""

    serial = "BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY"
    columns = (
        "SELECT table_name AS of_table, column_name AS name FROM information_schema.columns"
        " WHERE table_schema = current_schema()"
    )

    def __init__(self, address: str, patience: Patience) -> None:
        try:
            import psycopg
            from psycopg.rows import dict_row
        except ImportError:
            raise NavkitError("postgres-missing") from None
        self._patience, self._line = patience, line_of(address)
        try:
            self._connection: Any = psycopg.connect(
                address,
                autocommit=True,
                row_factory=dict_row,
                connect_timeout=max(1, int(patience.wait_s)),
            )
            self._connection.execute(f"SET lock_timeout = {round(patience.wait_s * 1000)}")
        except psycopg.OperationalError as error:
            raise NavkitError("database-unreachable", why=str(error).split("\n")[0]) from None

    def all(self, sql: str, *values: object) -> list[Row]:
        return list(self._connection.execute(_placed(sql), _storable(values)).fetchall())

    def run(self, sql: str, *values: object) -> int:
        return int(self._connection.execute(_placed(sql), _storable(values)).rowcount)

    @contextmanager
    def write(self) -> Iterator[None]:
        with self._line.turn(self._patience) as turn, self._connection.transaction():
            # One writer at a time, as in SQLite: counting on from the last row needs no retry.
            wait_ms = max(1, round(turn.left_s * 1000))
            self._connection.execute(f"SET LOCAL lock_timeout = {wait_ms}")
            self._connection.execute("SELECT pg_advisory_xact_lock(1)")
            turn.begin()
            yield

    def check(self) -> None:
        """PostgreSQL checks its pages by itself."""

    def close(self) -> None:
        self._connection.close()


def _placed(sql: str) -> str:
    return sql.replace("%", "%%").replace("?", "%s")


def connect(address: str, patience: Patience = PATIENT) -> Rows:
    """A connection to `postgresql://…`, or to the SQLite file at a path."""
    if address.startswith(("postgresql://", "postgres://")):
        return _Postgres(address, patience)
    return _Sqlite(Path(address), patience)


_MEMORY = ":memory:"


def migrate(address: str) -> None:
    """Bring the tables up to date: each step of `schema/` once, in order, completely or not at all.

    `NavkitError` if the database cannot be read, or lacks what its steps have created.
    """
    try:
        rows = connect(address)
        try:
            rows.check()
            _step(rows)
            _check_columns(rows)
        finally:
            rows.close()
    except NavkitError:
        raise
    except Exception as error:
        told = trouble(error)
        if told is None and isinstance(error, sqlite3.Error):
            told = NavkitError("database-damaged", why=str(error))
        if isinstance(error, OSError):
            told = NavkitError("database-unopened", why=str(error))
        if told is None:
            raise
        raise told from error


def _step(rows: Rows) -> None:
    steps = sorted(
        (entry for entry in resources.files("server.data").joinpath("schema").iterdir()),
        key=lambda entry: entry.name,
    )
    rows.run("CREATE TABLE IF NOT EXISTS steps (name TEXT PRIMARY KEY)")
    with rows.write():
        done = {row["name"] for row in rows.all("SELECT name FROM steps")}
        known = {step.name for step in steps}
        if done - known:
            raise NavkitError("database-too-new", "", step=max(done - known))
        for step in steps:
            if step.name in done:
                continue
            for statement in step.read_text(encoding="utf-8").split(";\n"):
                if statement.strip():
                    rows.run(statement.replace("{serial}", rows.serial))
            if step.name in AFTER:
                AFTER[step.name](rows)
            rows.run("INSERT INTO steps (name) VALUES (?)", step.name)


def _check_columns(rows: Rows) -> None:
    """Compare the tables with those that the steps create from scratch."""
    new = connect(_MEMORY)
    try:
        _step(new)
        missing = _columns(new) - _columns(rows)
    finally:
        new.close()
    if missing:
        of_table, name = min(missing)
        raise NavkitError("database-damaged", why=f"no such column: {of_table}.{name}")


def _columns(rows: Rows) -> set[tuple[str, str]]:
    return {(row["of_table"], row["name"]) for row in rows.all(rows.columns)}
