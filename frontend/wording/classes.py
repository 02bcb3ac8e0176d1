"""What a reference label and a model's output say of each other."""

from collections.abc import Sequence
from typing import Any, Literal

from frontend.vocabulary import label

Verdict = Literal["agrees", "differs", "no such class", "no reference"]


def compare(reference: str | None, output: str | None, classes: Sequence[str]) -> Verdict:
    """Whether the model's output is the reference label; `classes` are the symbols the model knows."""
    if reference is None or output is None:
        return "no reference"
    if reference not in classes:
        return "no such class"
    return "agrees" if reference == output else "differs"


def said(verdict: Verdict) -> str:
    """The verdict beside the reference."""
    words: dict[Verdict, str] = {
        "agrees": "agrees",
        "differs": "disagrees",
        "no such class": "the model has no such class",
        "no reference": "",
    }
    return words[verdict]


def short(symbol: str, names: dict[str, str] | None = None) -> str:
    """Short name of a class, in the vocabulary in which its code has this name."""
    return label(symbol, (names or {}).get(symbol)).short


def named_short(line: str, answer: dict[str, Any]) -> str:
    """The class as the page names it: PVC for Ventricular premature."""
    return line.replace(answer["target_name"], short(answer["target"], {answer["target"]: answer["target_name"]}))
