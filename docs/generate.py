"""Writes the reference pages that come from the code: settings, methods, commands. Run by `make docs`."""

from pathlib import Path
from typing import Any

import typer.main
from pydantic_core import PydanticUndefined

import beatlens
from backend.settings import Settings
from models.explainers import explainers

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
    """One section for each method of explanation."""
    parts = ["# Methods of explanation", MADE_BY]
    for name, method in sorted(explainers().items()):
        parts += [f"## {method.title} (`{name}`)", method.summary, ""]
        parts += [f"Source: {method.source}. Cost: {method.cost}. Unit: {method.unit}. Version {method.version}.", ""]
        parts += ["| parameter | default | bounds | what |", "|---|---|---|---|"]
        schema = method.model_json_schema()
        parts += [_parameter(key, spec) for key, spec in schema["properties"].items() if key != "method"]
        parts.append("")
    return "\n".join(parts)


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
