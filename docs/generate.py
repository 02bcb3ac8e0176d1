"""Writes the reference pages that come from the code: settings, methods, commands. Run by `make docs`."""

import json
from pathlib import Path
from typing import Any, get_args

import typer.main
from pydantic_core import PydanticUndefined

import beatlens
from backend.settings import Settings
from models.explainers import Explainer, explainers
from models.explainers.base import Group
from models.networks.protocols import LACKS

REFERENCE = Path(__file__).parent / "reference"
MADE_BY = "<!-- Written by `make docs`; change the code, not this page. -->\n"


def settings_page() -> str:
    """One row for each setting."""
    rows = ["# Settings", MADE_BY, "Read from the environment by every `beatlens` command.", ""]
    rows += ["| variable | default | what |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = field.get_default(call_default_factory=True)
        shown = "none" if default in (None, PydanticUndefined, [], ()) else f"`{default}`"
        shown = shown.replace(str(Path.home()), "~")
        rows.append(f"| `BEATLENS_{name.upper()}` | {shown} | {field.description} |")
    return "\n".join(rows) + "\n"


def methods_page() -> str:
    """One section for each method of explanation, by group."""
    costs = json.loads((REFERENCE / "method-costs.json").read_text(encoding="utf-8"))
    parts = ["# Methods of explanation", MADE_BY]
    parts += [
        "s_c is the score of class c, x the window, x_t its sample t, R_t the relevance of t. Seconds are processor "
        f"time of one thread for a beat of `{costs['model']}` ({costs['processor']}; `make method-costs`): alone, and "
        "where eight are explained at once.",
        "",
    ]
    for group in get_args(Group):
        mine = {name: method for name, method in sorted(explainers().items()) if method.group == group}
        parts += [f"## {group.capitalize()}", ""] if mine else []
        for name, method in mine.items():
            parts += _method(name, method, costs["seconds"].get(name))
    return "\n".join(parts)


def _method(name: str, method: type[Explainer], seconds: list[float] | None) -> list[str]:
    """What is said of one method: what it shows and when it misleads, formula, source, cost, parameters."""
    cost = f"{seconds[0]:g} s, {seconds[1]:g} s of many" if seconds else "it cannot explain that model"
    parts = [f"### {method.title} (`{name}`)", method.summary, ""]
    parts += [f"`{method.formula}`", ""] if method.formula else []
    facts = [
        f"Source: {method.source}",
        f"Unit: {method.unit}",
        f"Cost: {method.cost}; {cost}",
        f"Version {method.version}",
    ]
    needs = [f"a network that {lack}" for lack in (LACKS[need] for need in method.needs)]
    parts += [". ".join([*facts, *(f"Not for {words}" for words in needs)]) + ".", ""]
    parts += [f"![{method.title} on three beats](../pictures/methods/{name}.png)", ""] if _picture(name) else []
    parameters = [(key, spec) for key, spec in method.model_json_schema()["properties"].items() if key != "method"]
    if parameters:
        parts += ["| parameter | default | bounds | what |", "|---|---|---|---|"]
        parts += [*(_parameter(key, spec) for key, spec in parameters), ""]
    return parts


def _picture(name: str) -> bool:
    return (REFERENCE.parent / "pictures" / "methods" / f"{name}.png").is_file()


def _parameter(name: str, spec: dict[str, Any]) -> str:
    low = spec.get("minimum", spec.get("exclusiveMinimum", ""))
    high = spec.get("maximum", spec.get("exclusiveMaximum", ""))
    bounds = (
        ", ".join(map(str, spec["enum"])) if "enum" in spec else f"{low} … {high}" if (low, high) != ("", "") else ""
    )
    return f"| `{name}` | {spec.get('default')} | {bounds} | {spec.get('title', name)}. {spec.get('description', '')} |"


def commands_page() -> str:
    """The help of each command."""
    group = typer.main.get_command(beatlens.app)
    parts = ["# Commands", MADE_BY, "| command | what |", "|---|---|"]
    for name, command in sorted(group.commands.items()):  # type: ignore[attr-defined]
        subcommands = getattr(command, "commands", None)
        if subcommands:
            parts += [f"| `beatlens {name} {sub}` | {_first(c.help)} |" for sub, c in sorted(subcommands.items())]
        else:
            parts.append(f"| `beatlens {name}` | {_first(command.help)} |")
    return "\n".join(parts) + "\n"


def _first(text: str | None) -> str:
    return (text or "").strip().splitlines()[0]


PAGES = {"settings.md": settings_page, "methods.md": methods_page, "commands.md": commands_page}

if __name__ == "__main__":
    for file, page in PAGES.items():
        (REFERENCE / file).write_text(page(), encoding="utf-8")
