"""Tasks: each a file of this package that defines one Task; discovered, never listed."""

from functools import cache
from inspect import isabstract
from typing import Any

from models.discovery import discover, named
from models.errors import unknown
from models.tasks.base import Question, Scope, Task, TaskParameters

__all__ = ["Question", "Scope", "Task", "TaskParameters", "task", "tasks"]


@cache
def tasks() -> dict[str, Task[Any, Any]]:
    """Every task by name."""
    found: dict[str, type[Task[Any, Any]]] = {}
    for item in discover(__name__, Task, "tasks"):  # type: ignore[type-abstract]
        if not isabstract(item):
            named(found, item.name, item)
    return {name: kind() for name, kind in sorted(found.items())}


def task(name: str) -> Task[Any, Any]:
    """The task of this name; NotFoundError names those there are."""
    if name not in tasks():
        raise unknown("task", name, tuple(tasks()), field="task")
    return tasks()[name]
