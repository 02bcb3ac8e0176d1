"""Where everything on a sheet comes from: checksums, methods, versions."""

from frontend import format
from frontend.api import JSON
from frontend.ui.elements import Element, html
from frontend.wording import input_text

LETTERS = "ABCDEFGHIJKLMNOPQRST"  # of the methods


def section(document: JSON) -> Element:
    """Two columns: what was read, and with what; below them each method with all its parameters."""
    columns = html.Div([column(each) for each in rows(document)], className="provenance")
    return html.Div([html.H2("Provenance"), columns, html.Div(column(methods(document)), className="provenance wide")])


def rows(document: JSON) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Names and values of both columns."""
    where, model = document["record"], document["model"]
    left = [
        ("Record", f"{where['name']}, {where['lead']}, sample {format.count(where['sample'])}"),
        ("Record SHA-256", short(where["sha256"])),
        ("Model", model["title"]),
        ("Weights SHA-256", short(model["weights_sha256"])),
        ("Input", input_text.preparation(model["input"])),
    ]
    versions = ", ".join(f"{name} {version}" for name, version in document["versions"].items())
    right = [
        *(("Explained", explanation["target"]["name"]) for explanation in document["explanations"][:1]),
        ("Annotation", annotation(document)),
        ("Versions", versions),
        *([("Credit", where["credit"])] if where["credit"] else []),
        ("Frozen", frozen(document["created"])),
    ]
    return left, right


def methods(document: JSON) -> list[tuple[str, str]]:
    """Each method's letter and what it was."""
    return [(f"Method {letter}", method(one)) for letter, one in zip(LETTERS, document["explanations"], strict=False)]


def annotation(document: JSON) -> str:
    """`reference (atr); readings to revision 12`."""
    read = document.get("readings")
    source = document["strip"].get("beat_source") or "reference"
    return f"{source}; readings to revision {read['revision']}" if read else str(source)


def column(rows: list[tuple[str, str]]) -> Element:
    """Names and values."""
    return html.Dl([part for name, value in rows for part in (html.Dt(name), html.Dd(value, title=value))])


def short(checksum: str) -> str:
    """The first twelve digits."""
    return f"{checksum[:12]}…" if checksum else format.NONE


def method(explanation: JSON) -> str:
    """`Learned mask, version 2; steps 500, λ1 0.01 …`: name, version and parameters."""
    parameters = ", ".join(
        f"{name.replace('_', ' ').replace('lambda', 'λ')} {format.minus(str(value))}"
        for name, value in explanation["parameters"].items()
        if name != "method"
    )
    return f"{explanation['title']}, version {explanation['version']}" + (f"; {parameters}" if parameters else "")


def frozen(created: str) -> str:
    """`2026-11-21 03:22 UTC`."""
    return f"{created[:10]} {created[11:16]} UTC"
