"""For routes: tasks, and the one that a path names."""

from typing import Annotated, Any

from fastapi import Depends, Path

from backend.current_user import CurrentUser, User
from backend.deps import provide
from backend.errors import ForbiddenError
from backend.tasks.scopes import access
from backend.tasks.service import TaskService
from models.tasks import Task, task, tasks

TasksDep = Annotated[TaskService, provide("tasks")]
NAMES = {"enum": [*tasks()]}
TaskName = Annotated[
    str, Path(alias="task", max_length=100, description="Name of a task, as the list gives it", json_schema_extra=NAMES)
]


def allowed(name: str, user: User) -> Task[Any, Any]:
    """The task of this name; ForbiddenError where its scope is for others than the user."""
    work = task(name)
    role = access(work).role
    if not user.may(role):
        raise ForbiddenError(f"{work.title} is for the role {role} and above; yours is {user.role}.")
    return work


async def allowed_task(name: TaskName, user: CurrentUser) -> Task[Any, Any]:
    """The task that a path names."""
    return allowed(name, user)


TaskDep = Annotated[Task[Any, Any], Depends(allowed_task)]
