"""What a reference label and a model's output say of each other."""

from collections.abc import Sequence
from typing import Any, Literal

from frontend import format
from frontend.vocabulary import label

Verdict = Literal["agrees", "differs", "no such class", "no reference"]


def compare(
    reference: str | None, output: str | None, classes: Sequence[str], labels: Sequence[str] | None = None
) -> Verdict:
    """Whether the model's output is the reference label; `classes` are the symbols the model knows.

    `labels`: all that it gives at once, where it may give several or none.
    """
    if labels is not None and reference in classes:
        return "agrees" if reference in labels else "differs"
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


def several(output: dict[str, Any] | None) -> bool:
    """Whether a model of this output (of its card) gives each label by itself."""
    return (output or {}).get("activation") == "sigmoid"


def answer(said: dict[str, Any], known: Sequence[dict[str, Any]]) -> str:
    """What the model says in short: its class, all its labels, or that there is none."""
    names = {entry["symbol"]: entry["name"] for entry in known}
    given = said.get("labels") or ([said["symbol"]] if said["symbol"] else [])
    return ", ".join(short(symbol, names) for symbol in given) or str(said["name"])


def margin(said: dict[str, Any], known: Sequence[dict[str, Any]], output: dict[str, Any] | None = None) -> str:
    """`margin 0.41 over PVC`; of labels, how near the nearest one is to its threshold."""
    value = format.probability(said["margin"])
    if several(output) or not said["runner_up"]:
        return f"margin {value} to the nearest threshold"
    second = said["runner_up"]  # of a link of version 0.1 the class, not its symbol
    symbol = str(second["symbol"]) if isinstance(second, dict) else str(second)
    return f"margin {value} over {short(symbol, {entry['symbol']: entry['name'] for entry in known})}"


def short(symbol: str, names: dict[str, str] | None = None) -> str:
    """Short name of a class, in the vocabulary in which its code has this name."""
    return label(symbol, (names or {}).get(symbol)).short


def named_short(line: str, answer: dict[str, Any]) -> str:
    """The class as the page names it: PVC for Ventricular premature."""
    return line.replace(answer["target_name"], short(answer["target"], {answer["target"]: answer["target_name"]}))
