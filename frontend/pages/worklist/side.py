"""Beside the worklist: jobs, how far the reading is, the model, the sources, and the files that cannot be read."""

from frontend import format
from frontend.api import JSON, Api, ApiError
from frontend.pages.worklist import upload
from frontend.ui.components import facts, icon, section
from frontend.ui.elements import Element, html


def side(api: Api, answer: JSON) -> list[Element]:
    """How far the reading is, the model, the sources, and the files that cannot be read."""
    rows = answer["recordings"]
    return [
        readings(rows),
        model(api, answer["model"]),
        *upload.uploaded(api, rows),
        sources(rows),
        *problems(answer["problems"]),
    ]


def jobs(api: Api, answer: JSON) -> Element:
    """The workers, and what they count; below it come the jobs started in this browser."""
    alive = workers(api)
    head = html.Div(
        [html.Span("Jobs", className="h"), html.Span(className="sp"), html.Span(alive, className="s m")],
        className="row",
    )
    return section(head, counting(answer), id="worklist-work")


def workers(api: Api) -> str:
    """`2 workers, 1 busy`."""
    try:
        part = api.health()["parts"]["workers"]
    except ApiError:
        return ""
    if not part["count"]:
        return "no worker is running"
    busy = sum(worker.get("state") == "busy" for worker in part.get("workers") or [])
    return format.plural(part["count"], "worker") + (f", {busy} busy" if busy else "")


def counting(answer: JSON) -> Element:
    """How far the counting of the model's outputs is; says so when it is done."""
    done, total = answer["counting"]["done"], answer["counting"]["total"]
    if not answer["model"] or not total:
        return html.Div("Nothing to count.", className="s m gap")
    if done == total:
        words = f"Model output counted in all {format.plural(total, 'recording')}."
        return html.Div([icon("check", 13), html.Span(words, className="s m w")], className="row g6 gap")
    name = html.Div(
        [html.Span("Model output", className="b"), html.Span(answer["model"], className="m cut")], className="row g6"
    )
    left = answer["counting"]["remaining_seconds"]
    progress = [
        html.Span(f"{format.percent(done / total)} · {done} of {total}"),
        html.Span(className="sp"),
        html.Span(f"about {format.about(left)} left" if left is not None else ""),
    ]
    style = {"width": f"{100 * done / total:.0f}%", "background": "var(--ink)"}
    what = html.Div("every beat of every recording", className="s m")
    return html.Div(
        [name, what, html.Div(html.I(style=style), className="bar thin"), html.Div(progress, className="row s m")],
        className="gap job",
    )


def readings(rows: list[JSON]) -> Element:
    """How far the reading is over all recordings."""
    said = [entry["output"] for entry in rows if entry.get("output")]
    wanted = sum(output["to_read"] or 0 for output in said)
    done = sum(output["read"] for output in said)
    begun = sum(bool(output["read"]) for output in said)
    lines = [
        ("Beats read", f"{format.count(done)} of {format.count(wanted)}"),
        ("Recordings begun", f"{begun} of {len(rows)}"),
    ]
    note = "To read: disagreements; without a reference, the uncertain beats."
    return section(html.Div("Readings", className="h"), facts(lines), html.Div(note, className="xs f w gap"))


def model(api: Api, name: str | None) -> Element:
    """The model that is asked and what its accuracy is worth."""
    try:
        card = next(card for card in api.models() if card["id"] == name)
    except (ApiError, StopIteration):
        return section(html.Div("Model", className="h"), html.Div("No model can be read.", className="s m w"))
    headline = card.get("headline") or {}
    rates = (("Accuracy on test patients", "accuracy"), ("Always the commonest class", "majority_rate"))
    rows = [(words, format.percent(headline[key])) for words, key in rates if headline.get(key) is not None]
    return section(
        html.Div(
            [html.Span("Model", className="h"), html.Span(className="sp"), html.Span(card["id"], className="s m")],
            className="row",
        ),
        html.Div(card["summary"], className="s m w gap"),
        facts(rows),
        html.Div(headline.get("text", ""), className="s m w gap"),
    )


def sources(recordings: list[JSON]) -> Element:
    """Where the recordings come from."""
    credits = list(dict.fromkeys(entry["credit"] for entry in recordings if entry["credit"]))
    return section(html.Div("Sources", className="h"), *[html.Div(words, className="s m w gap") for words in credits])


def problems(entries: list[JSON]) -> list[Element]:
    """Files that cannot be used, each with its reason; nothing where there are none."""
    if not entries:
        return []
    head = html.Div(
        [icon("warn"), html.Span(f"{format.plural(len(entries), 'file')} cannot be read", className="h")],
        className="row g6 warn",
    )
    lines = [
        html.Div([html.Div(e["file"], className="b s w"), html.Div(e["reason"], className="s m w")], className="gap")
        for e in entries
    ]
    return [section(head, *lines, id="problems")]
