"""The rhythm strip as the browser asks for it: a stretch of several screens, moved there without asking again."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from math import floor
from typing import Literal

import dash
from flask import Response, request
from plotly.io.json import to_json_plotly

from frontend.api import JSON, Api, ApiError
from frontend.figures import paper, strip
from frontend.figures.strip import Strip
from frontend.figures.strip_data import HEIGHT_MM
from frontend.figures.typed import typed
from frontend.query import GAINS, MM, SPEEDS, within
from frontend.rhythm.paper_height import LEAST_MM, USUAL, paper_height, reach_of
from frontend.tokens import Theme

BESIDE = 2  # screens held on either side of the one that is shown
DENSE = 4  # values for each pixel: as many as a screen can show
MOST = 40_000  # values the service hands out at once
EDGE = 10.0  # s either side of the stretch whose beats are asked for too: a label at its edge reaches into it
MARK = 0.15  # s, either side of a beat of which the model reads nothing
SCREENS = (0.5, 600.0)  # s


@dataclass(frozen=True)
class StripQuery:
    """Which stretch of which lead, and at what scale."""

    record: str
    lead: str | None = None
    model: str | None = None
    predicted: bool = False  # whether the model has read every beat: else the strip does not wait for it
    filter: Literal["raw", "0.5-40"] = "raw"
    scale: paper.Scale = paper.STANDARD
    screen: float = 9.6  # s on the screen at once
    theme: Theme = "light"
    time: float | None = None  # s: the middle of the screen …
    at: int | None = None  # … or this window's address
    low: bool = False  # a window in which the paper leaves room for another lead's
    labels: bool = True  # whether the reference's labels are drawn


def register(app: dash.Dash, api: Api) -> None:
    """Serve `_strip?record=…&at=…`."""

    def answer() -> Response:
        headers = {"Cache-Control": "no-store"}
        try:
            found = stretch(api, read(request.args))
            body, status = found | {"stretch": typed(found["stretch"])}, 200
        except (KeyError, ValueError) as error:
            body, status = {"detail": f"The strip cannot be read: {error}"}, 400
        except ApiError as error:
            body, status = {"detail": error.detail}, error.status or 502
        return Response(to_json_plotly(body), status, headers, mimetype="application/json")

    app.server.add_url_rule(f"{app.config.routes_pathname_prefix}_strip", "strip", answer)


def read(query: Mapping[str, str]) -> StripQuery:
    """The wish that a query holds; KeyError or ValueError where it holds none."""
    scale = paper.Scale(
        within(query, "speed", paper.SPEED, SPEEDS),
        within(query, "gain", paper.GAIN, GAINS),
        within(query, "mm", paper.PX_PER_MM, MM),
    )
    return StripQuery(
        record=query["record"],
        lead=query.get("lead"),
        model=query.get("model"),
        predicted=query.get("predicted") == "true",
        filter="0.5-40" if query.get("filter") == "0.5-40" else "raw",
        scale=scale,
        screen=within(query, "screen", StripQuery.screen, SCREENS),
        theme="dark" if query.get("theme") == "dark" else "light",
        time=float(query["time"]) if "time" in query else None,
        at=int(query["at"]) if "at" in query else None,
        low=query.get("low") == "yes",
        labels=query.get("labels") != "none",
    )


def stretch(api: Api, query: StripQuery) -> JSON:
    """Figures, and what the browser needs to move them: times in s, sizes in px."""
    record = api.recording(query.record)
    middle = query.time if query.time is not None else (query.at or 0) / record["fs"]
    page = max(0, min(floor(middle / query.screen), floor(record["seconds"] / query.screen)))
    start = max(0.0, (page - BESIDE) * query.screen)
    seconds = min(record["seconds"], (page + BESIDE + 1) * query.screen) - start
    width = seconds * query.scale.second
    signal = api.signal(
        query.record, query.lead, start, seconds, min(MOST, max(10, round(width * DENSE))), query.filter
    )
    model = model_of(api, query) if query.predicted else api.placing(query.model, query.record)
    beats = api.beats_within(query.record, query.lead, model, start - EDGE, seconds + 2 * EDGE)
    if not query.labels:
        beats = beats | {name: [None] * len(beats["sample"]) for name in ("symbol", "aami")}
    needed = reach_of(api, query.record, query.lead, query.filter) * query.scale.gain
    shown = Strip(
        signal,
        beats,
        model=query.predicted,
        theme=query.theme,
        scale=query.scale,
        width=width,
        rows=3,
        paper_mm=paper_height(needed, LEAST_MM if query.low else HEIGHT_MM),
        pulse=False,
    )
    return {
        "stretch": strip.stretch(shown),
        "head": strip.head(shown),
        "page": page,
        "start": signal["start"],
        "seconds": seconds,
        "length": record["seconds"],
        "fs": record["fs"],
        "second": query.scale.second,
        "needed": needed,
        "usual": reach_of(api, query.record, query.lead, query.filter, USUAL) * query.scale.gain,
        "tall": shown.tall,
        "paper": shown.paper,
        "height": shown.height,
        "scale": query.scale.words,
        "standard": query.scale.standard,
        "facts": strip.facts(signal),
        "synthetic": record["synthetic"],
        "kind": beats["kind"],
        "beats": near(api, query, beats, record["fs"], shown),
    }


def near(api: Api, query: StripQuery, beats: JSON, fs: float, shown: Strip) -> JSON:
    """The stretch's beats as columns, with the first and last second that the model reads of each."""
    ends = [end / fs for end in beats["end"]]  # a long window may begin before the stretch
    first, last = bisect_right(ends, shown.begin), bisect_right(beats["time"], shown.span[1])
    columns = {name: beats[name][first:last] for name in ("sample", "time", "symbol", "rr", "rr_note")}
    model = model_of(api, query)
    spec = api.model(model, query.record)["input"] if model else None
    unread = [query.predicted and said is None for said in beats["prediction"][first:last]]
    edges = zip(*(beats[name][first:last] for name in ("r", "start", "end")), unread, strict=True)
    return columns | {"window": [window((r, start, end), fs, None if no else spec) for r, start, end, no in edges]}


def window(at: tuple[int, int, int], fs: float, spec: JSON | None) -> tuple[float, float]:
    """First and last second of what a model reads; a narrow band around R where it reads nothing.

    `at` is R, and where a longer window starts and ends, in samples of a record of `fs` Hz.
    """
    r, start, end = (sample / fs for sample in at)
    if spec is None:
        return r - MARK, r + MARK
    if spec["window"]["kind"] != "beat":
        return start, end
    begin = r - spec["window"]["before"] / spec["fs"]
    return begin, begin + (spec["window"]["before"] + spec["window"]["after"]) / spec["fs"]


def model_of(api: Api, query: StripQuery) -> str | None:
    """Id of the model whose outputs are shown; None where there is no model."""
    known = api.models_for(query.record)
    return query.model or (known[0]["id"] if known else None)
