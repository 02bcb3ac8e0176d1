"""For routes: tasks."""

from typing import Annotated

from backend.deps import provide
from backend.tasks.service import TaskService

TasksDep = Annotated[TaskService, provide("tasks")]
