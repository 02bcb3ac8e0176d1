"""Which views of a recording there are: a beat, its rhythm, its day; the models say which fit."""

from frontend.api import JSON, Api, ApiError
from frontend.ui.elements import Element, html

LONG = 120.0  # s from which a recording has a day
SHORT = 65.0  # s up to which one is a single window of rhythm


def reads_beats(card: JSON) -> bool:
    """Whether a model reads one beat after another."""
    return bool(card["input"]["window"]["kind"] == "beat")


def fitting(api: Api, record: str) -> dict[str, str]:
    """View → the model that it opens with, of those that read this recording."""
    try:
        known, seconds = api.models_for(record), api.recording(record)["seconds"]
    except ApiError:
        return {}
    beats, rhythm = next((one["id"] for one in known if reads_beats(one)), None), first_of_rhythms(known)
    found = {"desk": beats, "rhythm": rhythm, "day": rhythm if seconds > LONG else None}
    return {view: model for view, model in found.items() if model}


def first_of_rhythms(known: list[JSON]) -> str | None:
    """The first of these models that reads stretches of an ECG."""
    return next((one["id"] for one in known if one["reads"] == "ecg" and not reads_beats(one)), None)


def first_of_stays(known: list[JSON]) -> str | None:
    """The first of these models that reads measurements carried forward, and is told which were made."""
    return next((one["id"] for one in known if one["reads"] == "series" and is_carried(one)), None)


def is_carried(card: JSON) -> bool:
    """Whether values are carried forward for a model."""
    return any(step["step"] == "carried_forward" for step in card["input"]["preprocessing"])


def segment(api: Api, where: JSON, current: str) -> Element:
    """Beat | Rhythm | Day, where several fit; assets/pages/rhythm/views.js follows a click."""
    models = fitting(api, where["record"]) if where.get("record") else {}
    if len(models) < 2:
        return None
    chosen = where.get("model")
    titles = {"desk": "Beat", "rhythm": "Rhythm", "day": "Day"}
    buttons = []
    for view, model in models.items():
        own = chosen if chosen and same_kind(api, chosen, model) else model
        marks = {"data-view": view, "data-view-model": own, "aria-pressed": str(view == current).lower()}
        buttons.append(html.Button(titles[view], className="on" if view == current else "", **marks))
    return html.Div(buttons, className="seg views", role="group", **{"aria-label": "View"})


def same_kind(api: Api, one: str, other: str) -> bool:
    """Whether two models both read beats, or both do not."""
    cards = {card["id"]: card for card in api.models()}
    return one in cards and other in cards and reads_beats(cards[one]) == reads_beats(cards[other])
