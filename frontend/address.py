"""The address holds the state: `?record=mitdb~208&beat=8318&lead=MLII&a=learned_mask,steps=200&b=occlusion`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode

Value = float | int | str | bool
DEFAULT_METHODS = {"a": "learned_mask", "b": "occlusion"}


@dataclass(frozen=True)
class Method:
    """A method and those of its parameters that are not the default."""

    name: str
    parameters: Mapping[str, Value] = field(default_factory=dict)

    @property
    def body(self) -> dict[str, Value]:
        """As the service takes it."""
        return {"method": self.name, **self.parameters}

    def __str__(self) -> str:
        return ",".join([self.name, *(f"{key}={value}" for key, value in self.parameters.items())])


@dataclass(frozen=True)
class State:
    """What a page shows."""

    record: str | None = None
    beat: int | None = None  # sample at the record's fs
    lead: str | None = None
    model: str | None = None
    target: str | None = None  # class symbol whose score is explained; None: the model's output
    a: Method = Method(DEFAULT_METHODS["a"])
    b: Method = Method(DEFAULT_METHODS["b"])

    def method(self, slot: str) -> Method:
        """The method of slot "a" or "b"."""
        return self.a if slot == "a" else self.b


def parse(search: str | None) -> State:
    """State of an address's search part; what cannot be read is left out."""
    values = {key: found[-1] for key, found in parse_qs((search or "").lstrip("?")).items()}
    beat = values.get("beat", "")
    methods = {slot: parse_method(values[slot]) for slot in ("a", "b") if values.get(slot)}
    texts = {key: values[key] for key in ("record", "lead", "model", "target") if values.get(key)}
    return State(beat=int(beat) if beat.isdecimal() else None, **texts, **methods)  # type: ignore[arg-type]


def search(state: State) -> str:
    """The search part that `parse` reads back; default methods are not written."""
    parts: dict[str, Any] = {key: getattr(state, key) for key in ("record", "beat", "lead", "model", "target")}
    for slot, default in DEFAULT_METHODS.items():
        text = str(state.method(slot))
        parts[slot] = text if text != default else None
    return "?" + urlencode({key: value for key, value in parts.items() if value is not None}, safe="~,=")


def parse_method(text: str) -> Method:
    """`occlusion,width=31` → occlusion of width 31."""
    name, *parts = text.split(",")
    pairs = (part.split("=", 1) for part in parts if "=" in part)
    return Method(name, {key: literal(value) for key, value in pairs})


def literal(text: str) -> Value:
    """A number or a truth value where the text reads as one."""
    if text in ("True", "False"):
        return text == "True"
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text
