"""The rhythm around one beat as a small drawing, for rows of a list: the browser puts it in as it comes into sight."""

import math
from collections.abc import Sequence

import dash
from flask import Response, request

from frontend import format
from frontend.api import JSON, Api, ApiError
from frontend.figures import paper

SECONDS = 6.0
LEAST, MOST = 25.0, 45.0  # mm that the paper is tall
ROOM = 4.0  # mm above and below the trace together
POINTS = 2400
TYPE = "image/svg+xml"


def register(app: dash.Dash, api: Api) -> None:
    """Serve `_around?record=…&lead=…&time=…`."""

    def answer() -> Response:
        query = request.args
        try:
            drawn = around(api, query["record"], query["lead"], float(query["time"]))
        except (KeyError, ValueError) as error:
            return Response(f"The strip cannot be read: {error}", 400, mimetype="text/plain")
        except ApiError as error:
            return Response(error.detail, error.status or 502, mimetype="text/plain")
        return Response(drawn, 200, {"Cache-Control": "no-store"}, mimetype=TYPE)

    app.server.add_url_rule(f"{app.config.routes_pathname_prefix}_around", "around", answer)


def around(api: Api, record: str, lead: str, time: float) -> str:
    """The stretch with the beat at `time` (s) in its middle, at 25 mm/s and 10 mm/mV; colours are the page's."""
    length = api.recording(record)["seconds"]
    start = min(max(0.0, time - SECONDS / 2), max(0.0, length - SECONDS))
    signal = api.signal(record, lead, start, min(SECONDS, length - start), POINTS)
    return drawn(signal, start, time)


def drawn(signal: JSON, start: float, time: float) -> str:
    """SVG of a stretch from `start` with the beat at `time` (s)."""
    values: Sequence[float | None] = signal["value"]
    known = [value for value in values if value is not None] or [0.0]
    tall = min(MOST, max(LEAST, math.ceil((max(known) - min(known)) * paper.GAIN + ROOM)))
    scale = paper.STANDARD
    width, height = SECONDS * scale.second, tall * scale.mm
    low = paper.middle(list(values), tall / paper.GAIN)
    points = [(t, None if value is None else height - (value - low) * scale.millivolt)
              for t, value in zip(signal["time"], values, strict=True)]  # fmt: skip
    at = (time - start) * scale.second
    words = f"{format.hms(start)} · {scale.words}"
    parts = [
        f'<rect width="{width:.1f}" height="{height:.1f}" fill="var(--paper)"/>',
        *grid(width, height, scale.mm),
        f'<rect x="{at - 19:.1f}" width="38" height="{height:.1f}" fill="var(--sel)"/>',
        f'<path d="{path(points, start, scale.second)}" fill="none" stroke="var(--trace)" stroke-width="1.2"/>',
        f'<path d="M{at - 5:.1f} 0h10l-5 7z" fill="var(--ink)"/>',
    ]
    box = f'width="{width:.0f}" height="{height:.0f}" viewBox="0 0 {width:.1f} {height:.1f}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="The beat at {format.hms(time)}" {box}>'
    return f"{head}<title>{words}</title>{''.join(parts)}</svg>"


def grid(width: float, height: float, mm: float) -> list[str]:
    """Lines of each mm, and of each 5 mm."""
    found = []
    for step, colour in ((mm, "--g1"), (paper.LARGE * mm, "--g2")):
        across = "".join(f"M{x * step:.2f} 0v{height:.1f}" for x in range(int(width / step) + 1))
        down = "".join(f"M0 {height - y * step:.2f}h{width:.1f}" for y in range(int(height / step) + 1))
        found.append(f'<path d="{across}{down}" stroke="var({colour})" fill="none"/>')
    return found


def path(points: Sequence[tuple[float, float | None]], start: float, second: float) -> str:
    """The trace, broken where there is no signal."""
    found, down = [], False
    for time, y in points:
        if y is not None:
            found.append(f"{'L' if down else 'M'}{(time - start) * second:.1f} {y:.1f}")
        down = y is not None
    return "".join(found)
