"""Migrations: from empty to exactly the models, down and up again, on the database that the suite runs on."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, inspect, text

from lms.tables import metadata
from tests.architecture.source import ROOT, report
from tests.conftest import Databases

VERSIONS = sorted((ROOT / "migrations" / "versions").glob("*.py"))
# What the models cannot say: rows that overlap in time are refused by constraints on PostgreSQL, by triggers on SQLite.
BESIDE_THE_MODELS = "no_overlap_"


@pytest.fixture
def engine(databases: Databases) -> Iterator[Engine]:
    made = create_engine(databases.empty())
    yield made
    made.dispose()


def move(engine: Engine, revision: str, *, down: bool = False) -> None:
    alembic = Config(str(ROOT / "alembic.ini"))
    with engine.connect() as connection:
        alembic.attributes["connection"] = connection
        (command.downgrade if down else command.upgrade)(alembic, revision)
        connection.commit()


def shape(engine: Engine) -> dict[str, Any]:
    """Return everything that the database says about its tables, in an order that does not depend on how they came to be."""
    look = inspect(engine)
    tables = {}
    for name in sorted(set(look.get_table_names()) - {"alembic_version"}):
        columns = [
            (column["name"], str(column["type"]), column["nullable"], str(column.get("default"))) for column in look.get_columns(name)
        ]
        tables[name] = {
            "columns": sorted(columns),
            "primary key": look.get_pk_constraint(name)["constrained_columns"],
            "foreign keys": _named(look.get_foreign_keys(name), "constrained_columns", "referred_table", "referred_columns", "options"),
            "unique": _named(look.get_unique_constraints(name), "column_names"),
            "checks": _named(look.get_check_constraints(name), "sqltext"),
            "indexes": _named(look.get_indexes(name), "column_names", "unique"),
        }
    return tables


def _named(rows: Any, *facts: str) -> list[tuple[str, ...]]:
    kept = [row for row in rows if not str(row["name"]).startswith(BESIDE_THE_MODELS)]
    return sorted((str(row["name"]), *(str(row.get(fact)) for fact in facts)) for row in kept)


def test_upgrade_from_empty_gives_exactly_the_models(engine: Engine, databases: Databases) -> None:
    move(engine, "head")
    by_models = create_engine(databases.empty())
    metadata.create_all(by_models)
    wanted, present = shape(by_models), shape(engine)
    by_models.dispose()

    complaints = [f"{name}: {what}: models say {wanted[name][what]}, migrations {present[name][what]}"
                  for name in sorted(set(wanted) & set(present)) for what in wanted[name] if wanted[name][what] != present[name][what]]  # fmt: skip
    complaints += [f"{name} is only in the {'models' if name in wanted else 'migrations'}" for name in set(wanted) ^ set(present)]
    report("Migrations differ from the models", complaints, "write a migration (`alembic revision --autogenerate -m ...`) and read it.")


def test_alembic_finds_nothing_to_add(engine: Engine) -> None:
    move(engine, "head")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = [str(one) for one in compare_metadata(context, metadata) if BESIDE_THE_MODELS not in str(one)]
    report("alembic sees differences", differences, "write a migration (`alembic revision --autogenerate -m ...`) and read it.")


def test_every_step_goes_down_and_up_again(engine: Engine) -> None:
    script = ScriptDirectory.from_config(Config(str(ROOT / "alembic.ini")))
    steps = [revision.revision for revision in reversed(list(script.walk_revisions()))]
    former = "base"
    for step in steps:
        before = everything(engine)
        move(engine, step)
        after = everything(engine)
        move(engine, former, down=True)
        assert everything(engine) == before, f"down from {step} leaves something behind or takes too much"
        move(engine, step)
        assert everything(engine) == after, f"up to {step} a second time gives something else"
        former = step


def everything(engine: Engine) -> tuple[dict[str, Any], list[str]]:
    """Return the shape, and the triggers and constraints that it does not show."""
    asked = (
        "SELECT type || ' ' || name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' AND name <> 'alembic_version'"
        if engine.dialect.name == "sqlite"
        else "SELECT conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace "
        "AND conname NOT LIKE 'alembic_version%' "
        "UNION ALL SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal "
        "UNION ALL SELECT proname || ' ' || prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND proname LIKE 'quizzes_%'"
    )
    with engine.connect() as connection:
        return shape(engine), sorted(connection.scalars(text(asked)))


def test_downgrade_to_the_beginning_leaves_no_table(engine: Engine) -> None:
    move(engine, "head")
    move(engine, "base", down=True)
    assert shape(engine) == {}


def test_one_line_of_revisions_without_branches() -> None:
    script = ScriptDirectory.from_config(Config(str(ROOT / "alembic.ini")))
    assert len(script.get_heads()) == 1
    assert len(list(script.walk_revisions())) == len(VERSIONS)


@pytest.mark.parametrize("path", VERSIONS, ids=lambda path: path.stem)
def test_a_migration_stands_alone_and_says_what_happens_to_old_rows(path: Path) -> None:
    tree = ast.parse(path.read_text())
    imported = [
        name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""])
    ]
    docstring = ast.get_docstring(tree) or ""

    assert [name for name in imported if name.split(".")[0] == "lms"] == [], (
        "a migration must mean the same in ten years: copy what it needs"
    )
    assert len([part for part in docstring.split("\n\n") if part.strip()]) >= 3, (
        "say in the docstring what changes, and what happens to old rows"
    )
    assert not path.stem.endswith("_auto")
