"""A task is one kind of work on a model; a question is one piece of it, complete in itself."""

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from models.errors import InvalidError
from models.explainers.base import Report, silent
from models.explainers.tracks import Floats
from models.zoo import Model

Scope = Literal["window", "recording", "model", "examples"]
AXES: dict[Scope, tuple[str, ...]] = {
    "window": (),
    "recording": ("windows",),
    "model": (),
    "examples": ("windows",),
}  # before leads and samples


class TaskParameters(BaseModel):
    """What is asked beyond model and input; frozen, and complete once a question is made of it.

    In a task about a window the fields `target` (index of a class), `marks` and `segments` have this one meaning.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")


Rows = NDArray[np.intp]
P = TypeVar("P", bound=TaskParameters)
R = TypeVar("R", bound=BaseModel)


@dataclass(frozen=True, eq=False)
class Question(Generic[R]):
    """One piece of work, checked and hashed when `Task.ask` made it: equal work has one id and one answer."""

    task: "Task[Any, R]"
    model: Model
    inputs: (
        Floats | None
    )  # [leads, samples] of a window, [windows, leads, samples] of a recording or examples, None of a model;
    # NaN stands behind the end of a recording's shorter windows (`by_length`)
    parameters: Any  # the task's own
    id: str  # 32 hex digits, hash of everything that decides the answer

    def run(self, report: Report = silent) -> R:
        """The answer."""
        return self.task.run(self, report)

    @property
    def effort(self) -> float | None:
        """Samples that the network has to read for the answer; None where that is not known beforehand."""
        return self.task.effort(self)

    @property
    def pace(self) -> str:
        """Name of the work whose measured speed tells how long this takes."""
        return self.task.pace(self)


class Task(ABC, Generic[P, R]):
    """One kind of work: its name in the API, what it is asked with, what it answers with, and how."""

    name: ClassVar[str]  # "explanation"
    title: ClassVar[str]  # "Explanation"
    scope: ClassVar[Scope]  # what of it a reader must be allowed to see: one window, a recording, only the model, or
    # the model and the examples: windows of all recordings (`models.inside.examples`)
    version: ClassVar[str] = "1"  # part of every id: raise it when results change
    reads_signal: ClassVar[bool] = False  # of a recording: the prepared signal as one, NaN in gaps, not its windows
    reads_marks: ClassVar[bool] = False  # whether the beats in the window decide, whatever method is asked
    aside: ClassVar[bool] = False  # asked for beside what a reader waits for: it comes after that
    Parameters: type[P]
    Result: type[R]  # with the question's `id`

    def ask(self, model: Model, inputs: Floats | None, parameters: P) -> Question[R]:
        """One question; InvalidError for what does not fit the model, UnsupportedError for what cannot be done."""
        return self.ask_many(model, None if inputs is None else inputs[None], [parameters])[0]

    def ask_many(self, model: Model, inputs: Floats | None, parameters: Sequence[P]) -> list[Question[R]]:
        """A question for each of inputs [questions, …] with its parameters; raises as `ask` does."""
        windows = self.checked(model, inputs)
        rows = [None] * len(parameters) if windows is None else list(windows)
        begun: dict[P, Any] = {}
        found = []
        for row, given in zip(rows, parameters, strict=True):
            complete = self.completed(model, row, given)
            if complete not in begun:
                begun[complete] = self._digest(model, complete, None if row is None else row.shape)
            digest = begun[complete].copy()
            if row is not None:
                digest.update(np.ascontiguousarray(row, dtype="<f4").tobytes())
            found.append(Question(self, model, row, complete, digest.hexdigest()[:32]))
        return found

    def checked(self, model: Model, inputs: Floats | None) -> Floats | None:
        """Inputs [questions, …] as the model reads them; InvalidError names what does not fit."""
        if self.scope == "model":
            return None
        axes = AXES[self.scope]
        if inputs is None or inputs.ndim != 3 + len(axes) or not _fits(model, *inputs.shape[-2:]):
            found = None if inputs is None else list(inputs.shape[1:])
            wanted = ", ".join([*axes, str(model.card.input.leads), model.card.input.window.length])
            names = ", ".join([*axes, "leads", "samples"])
            raise InvalidError(f"Input of shape {found}: {model.card.id} reads [{wanted}] ({names})", field="input")
        shortest = model.card.input.window.bounds[0] if axes else inputs.shape[-1]
        if np.isinf(inputs).any() or not _ends_late(inputs, shortest):
            raise InvalidError("The input has values that are not finite", field="input")
        return np.asarray(inputs, dtype=np.float32)

    def completed(self, model: Model, inputs: Floats | None, parameters: P) -> P:
        """The parameters with nothing left open, for one question; raises for those that the model does not have."""
        return parameters

    def decisive(self, model: Model, parameters: P) -> dict[str, Any]:
        """What else than model and input decides the answer, as JSON."""
        return {"parameters": parameters.model_dump(mode="json")}

    def named(self, values: dict[str, Any], find: Callable[[str], Any]) -> dict[str, Any]:
        """The parameters as asked, with what ids of explanations stand for put in; `find` gives an explanation."""
        return values

    def known(self, question: Question[R], find: Callable[[str], Any]) -> R | None:
        """The answer, where it follows from explanations that have been made: `find` gives one, or None."""
        return None

    @abstractmethod
    def run(self, question: Question[R], report: Report) -> R:
        """The answer to one question."""

    def run_many(self, questions: Sequence[Question[R]], report: Report) -> list[R]:
        """The answers to questions of one model that differ by input and target at most."""
        return [self.run(question, report) for question in questions]

    def instant(self, question: Question[R]) -> bool:
        """Whether the answer is there so soon that no worker needs to be asked."""
        return False

    def instant_options(self, model: Model) -> tuple[str, ...]:
        """Methods for which it always is, of those that can explain the model."""
        return ()

    def subject(self, question: Question[R]) -> str:
        """What is made, to begin a sentence with."""
        return self.title

    def effort(self, question: Question[R]) -> float | None:
        """Samples that the network has to read; None where nobody knows."""
        return None

    def pace(self, question: Question[R]) -> str:
        """Name of work that reads as many samples in a second."""
        return pace_of(question.model.weights_sha256, self.name)

    def _digest(self, model: Model, parameters: P, shape: tuple[int, ...] | None) -> "hashlib._Hash":
        whole = {"task": [self.name, self.version], "model": identity(model), "shape": shape and list(shape)}
        whole |= self.decisive(model, parameters)
        return hashlib.sha256(json.dumps(whole, sort_keys=True).encode())


def by_length(inputs: Floats) -> Iterator[tuple[Rows, Floats]]:
    """Rows and windows [rows, leads, samples] of equal length of a recording's [windows, leads, samples].

    Windows of several lengths stand in one array, NaN behind the end of a shorter one.
    """
    lengths = np.isfinite(inputs).all(axis=1).sum(axis=1)
    for length in np.unique(lengths).tolist():
        rows = np.flatnonzero(lengths == length)
        yield rows, np.ascontiguousarray(inputs[rows, :, :length])


def _ends_late(inputs: Floats, shortest: int) -> bool:
    """Whether in inputs [..., leads, samples] NaN stands only behind the end of a window, and none is too short."""
    finite = np.isfinite(inputs).all(axis=-2, keepdims=True)
    lengths = finite.sum(axis=-1, keepdims=True)
    return bool((lengths >= shortest).all() and (finite == (np.arange(finite.shape[-1]) < lengths)).all())


def _fits(model: Model, leads: int, samples: int) -> bool:
    spec = model.card.input
    return leads == spec.leads and spec.window.fits(samples)


def identity(model: Model) -> dict[str, Any]:
    """Everything of a model that decides what it answers, as JSON."""
    card = model.card
    return {
        "id": card.id,
        "weights": model.weights_sha256,
        "architecture": [card.architecture, card.network],
        "input": card.input.model_dump(mode="json"),
        "classes": [kind.model_dump(mode="json") for kind in card.classes],
        "output": card.output.model_dump(mode="json"),
    }


def pace_of(weights_sha256: str, work: str) -> str:
    """Name under which the speed of some work by one model is kept."""
    return f"pace:{weights_sha256[:16]}:{work}"
