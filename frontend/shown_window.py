"""One window as a page with one map shows it, gathered from the service."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property

from frontend import explanations, methods
from frontend.address import Method
from frontend.api import JSON, Api
from frontend.view import View

SLOT, TIME = "a", "over-time"


@dataclass(frozen=True)
class ShownWindow(ABC):
    """The window of a view, its model's answer, its map, and the output as if it ended earlier."""

    api: Api
    view: View

    @property
    @abstractmethod
    def method(self) -> Method | None:
        """The map that is drawn; None where no method can explain the model."""

    @cached_property
    def record(self) -> JSON:
        """The recording."""
        return self.api.recording(self.view.record)

    @cached_property
    def answer(self) -> JSON:
        """The window as the service answers it."""
        return self.api.beat(self.view.record, self.view.at, self.view.lead, self.view.model)

    @property
    def readable(self) -> bool:
        """Whether the model says something of it that may be seen."""
        return self.answer["window"] is not None and self.answer["prediction"] is not None

    @cached_property
    def job(self) -> JSON | None:
        """The job of the map; None where there is none."""
        if self.method is None or not self.readable:
            return None
        return explanations.ask(self.api, self.view, SLOT, str(self.method), "none")

    @cached_property
    def explanation(self) -> JSON | None:
        """The map, once it is there."""
        return explanations.result(self.api, self.job)

    @cached_property
    def over_time_job(self) -> JSON | None:
        """The job of the output over time; None where no method gives it for this model."""
        entry = methods.over_time(self.api, self.view)
        if entry is None or entry.get("not_offered") or not self.readable:
            return None
        return explanations.ask(self.api, self.view, TIME, entry["method"], "none")
