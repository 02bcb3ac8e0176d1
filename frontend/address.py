"""The address holds the state: `?record=mitdb~208&at=8318&lead=MLII&a=learned_mask,steps=200&b=occlusion`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs

Value = float | int | str | bool
SLOTS = ("a", "b")  # two methods beside each other
KEYS = ("record", "at", "lead", "model", "target", "score", *SLOTS, "by", "q")  # the order in which they are written
RENAMED = {"beat": "at", "place": "position"}  # names of addresses made before: read as the new ones, never written
DEFAULTS = {"by": "reference_and_model"}  # not written; those of the slots are what the service offers


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


def parse(search: str | None) -> dict[str, str]:
    """Keys and values of an address's search part."""
    found = {key: values[-1] for key, values in parse_qs((search or "").lstrip("?")).items()}
    renamed = {new: found.pop(old) for old, new in RENAMED.items() if old in found}
    return renamed | found


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
