"""Windows as figures read them: what is only known of beats beside the rest, and the reference as `symbol`."""

from typing import Any

from frontend.api.cache import JSON
from frontend.columns import Column


def read(answer: JSON) -> JSON:
    """An answer with its typed arrays as columns."""
    windows = answer["windows"]
    beats = windows["beats"] and {name: _column(value) for name, value in windows["beats"].items()}
    return {**answer, "windows": {name: _column(value) for name, value in windows.items()} | {"beats": beats}}


def weight(answer: JSON) -> int:
    """Bytes of an answer whose typed arrays are columns."""
    windows = answer["windows"]
    columns = [*windows.values(), *(windows["beats"] or {}).values()]
    return sum(column.nbytes for column in columns if isinstance(column, Column))


def _column(value: Any) -> Any:
    return Column.read(value) if isinstance(value, dict) and "bdata" in value else value


def columns(answer: JSON) -> JSON:
    """All windows as columns: `sample` is the address; of windows that lie around no beats, R is the first sample."""
    windows = answer["windows"]
    nothing = [None] * len(windows["at"])
    beats = windows["beats"] or {"r": windows["at"], "rr": nothing, "rr_note": nothing, "aami": nothing}
    same = {name: windows[name] for name in ("start", "end", "time", "prediction", "probabilities", "margin", "note")}
    about = {name: answer.get(name) for name in ("classes", "source", "kind", "vocabulary", "computing")}
    return {"sample": windows["at"], "symbol": windows["label"], **same, **beats, **about}


def window(answer: JSON) -> JSON:
    """One window; of one that lies around no beat, R is the first sample and no RR is known."""
    beat = answer["beat"] or {"r": answer["at"], "aami": None, "rr_before": None, "rr_after": None}
    beat = {"rr_note_before": None, "rr_note_after": None} | beat
    cut = answer["window"] and {**answer["window"], "before": answer["window"]["before"] or 0}
    if cut:
        cut["millivolts"] = [flat(values) for values in cut["millivolts"]]
    return {"untrained": [], **answer, **beat, "sample": answer["at"], "symbol": answer["label"], "window": cut}


def flat(values: list[float | None]) -> list[float | None]:
    """The values of a lead; of one that is not recorded a line at 0, as the network reads it."""
    return [0.0] * len(values) if all(value is None for value in values) else values


def document(frozen: JSON) -> JSON:
    """A shared document; its file is what the service answered."""
    strip = frozen["strip"]
    beats = [{**one, "symbol": one["label"]} for one in strip["windows"]]
    return {
        **frozen,
        "record": {**frozen["record"], "sample": frozen["record"]["at"]},
        "strip": {**strip, "beats": beats, "beat_source": strip["source"]},
        "beat": window(frozen["window"]),
    }
