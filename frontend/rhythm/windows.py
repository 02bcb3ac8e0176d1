"""All windows of a recording as one answer: where each lies and what the reference calls it, for stepping."""

import dash
from flask import Response, request
from plotly.io.json import to_json_plotly

from frontend.api import JSON, Api, ApiError
from frontend.columns import sent

COLUMNS = ("sample", "start", "end", "time", "symbol")


def register(app: dash.Dash, api: Api) -> None:
    """Serve `_windows?record=…`, with a lead and a model where they are named; 202 while it is still being read."""

    def answer() -> Response:
        asked = {name: request.args.get(name) for name in ("record", "lead", "model")}
        try:
            known = columns(api, asked)
            body, status = (asked | known, 200) if known else ({}, 202)
        except ApiError as error:
            body, status = {"detail": error.detail}, error.status or 502
        return Response(to_json_plotly(body), status, {"Cache-Control": "no-store"}, mimetype="application/json")

    app.server.add_url_rule(f"{app.config.routes_pathname_prefix}_windows", "windows", answer)


def columns(api: Api, asked: JSON) -> JSON:
    """The columns [windows] and their symbols' vocabulary; none of a long recording that is still being read.

    ApiError where there is no such recording.
    """
    where = asked["record"], asked["lead"]
    if not asked["record"]:
        raise ApiError("No recording is named.", status=422, field="record")
    if not api.ready(*where, asked["model"]):
        return {}
    beats = api.beats(*where, api.placing(asked["model"], asked["record"]))
    return {name: sent(beats[name]) for name in COLUMNS} | {"vocabulary": beats["vocabulary"]}
