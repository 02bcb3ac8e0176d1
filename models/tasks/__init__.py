"""Tasks: each a file of this package that defines one Task; discovered, never listed."""

import importlib
import pkgutil
from functools import cache
from inspect import isabstract
from typing import Any

from models.errors import unknown
from models.tasks.base import Question, Scope, Task, TaskParameters

__all__ = ["Question", "Scope", "Task", "TaskParameters", "task", "tasks"]


@cache
def tasks() -> dict[str, Task[Any, Any]]:
    """Every task by name."""
    found: dict[str, Task[Any, Any]] = {}
    for module in pkgutil.iter_modules(__path__):
        for item in vars(importlib.import_module(f"{__name__}.{module.name}")).values():
            if isinstance(item, type) and issubclass(item, Task) and not isabstract(item):
                known = found.setdefault(item.name, item())
                if type(known) is not item:
                    raise TypeError(f"Two tasks are called {item.name!r}: {type(known).__module__}, {item.__module__}")
    return dict(sorted(found.items()))


def task(name: str) -> Task[Any, Any]:
    """The task of this name; NotFoundError names those there are."""
    if name not in tasks():
        raise unknown("task", name, tuple(tasks()), field="task")
    return tasks()[name]
