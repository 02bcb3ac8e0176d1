"""Where the figures go: `latest.json` for programs, the pages on performance and on scaling for people."""

import datetime
import json
from collections.abc import Sequence
from pathlib import Path

from benchmarks import machine
from benchmarks.timing import Line

LATEST = Path(__file__).parent / "latest.json"
DOCS = Path(__file__).parent.parent / "docs"
PERFORMANCE, SCALE = DOCS / "reference" / "performance.md", DOCS / "how-to" / "scale.md"
START, END = "<!-- {} -->", "<!-- end of {} -->"


def printed(line: Line) -> str:
    """One row of the table on the terminal."""
    ratio = "" if line.ratio is None else f"{line.ratio:7.2f}×"
    return f"{line.line:28} {line.value:10.4g} {line.unit:8} {ratio:9} {line.baseline}"


def keep(group: str, lines: Sequence[Line]) -> None:
    """Put the group's lines in place of what it gave before, in the list and on its page."""
    names = {line.line for line in lines}
    before = json.loads(LATEST.read_text(encoding="utf-8")) if LATEST.exists() else []
    others = [entry for entry in before if entry["line"] not in names]
    LATEST.write_text(json.dumps(others + [line._asdict() for line in lines], indent=1) + "\n", encoding="utf-8")
    page = SCALE if group == "queueing" else PERFORMANCE
    start, end = START.format(group), END.format(group)
    head, rest = page.read_text(encoding="utf-8").split(start)
    _, tail = rest.split(end)
    page.write_text(f"{head}{start}\n{table(lines)}{end}{tail}", encoding="utf-8")


def table(lines: Sequence[Line]) -> str:
    """Markdown, with the date and the machine above it."""
    rows = [f"{datetime.date.today().isoformat()}, {machine.description()}.", ""]
    rows += ["| line | value | ratio | against |", "|---|---|---|---|"]
    rows += [
        f"| {line.line} | {line.value:.4g} {line.unit} | {'' if line.ratio is None else f'{line.ratio:.2f}×'} "
        f"| {line.baseline} |"
        for line in lines
    ]
    return "\n".join(rows) + "\n"
