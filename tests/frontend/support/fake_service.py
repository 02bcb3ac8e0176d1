"""A small stand-in for the service in the shapes of its API, so that the frontend is tested alone."""

import json
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
from fake_answers import AFTER, BEFORE, CARD, EXPLAINERS, FS, Recording, bump, explanation
from fake_columns import typed_column, typed_windows
from fake_trust import cut_at_waves, told_by_wave
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, StreamingResponse


def problem(status: int, detail: str, options: tuple[str, ...] = ()) -> JSONResponse:
    body = {"type": "about:blank", "title": "Error", "status": status, "detail": detail, "options": list(options)}
    return JSONResponse(body, status, media_type="application/problem+json")


def create_service(job_seconds: float = 2.0, redis: bool = True) -> FastAPI:
    """The service with two recordings; queued methods take `job_seconds`, or are refused without Redis."""
    app = FastAPI()

    @app.exception_handler(KeyError)
    def missing(_: Request, error: KeyError) -> JSONResponse:
        return problem(404, f"Unknown recording {error.args[0]!r}")

    records = {
        r.id: r
        for r in (
            Recording("1", 60.0),
            Recording("made", 40.0, synthetic=True),
            Recording("bare", 30.0, annotated=False),
        )
    }
    jobs: dict[str, dict[str, Any]] = {}
    links: dict[str, dict[str, Any]] = {}

    def status(key: str) -> dict[str, Any]:
        job = jobs[key]
        part = min(1.0, (time.monotonic() - job["born"]) / job_seconds) if job["queued"] else 1.0
        if job.get("cancelled"):
            return {"id": key, "status": "cancelled"}
        if part >= 1:
            return {"id": key, "status": "done", "result": explanation(key, *job["what"])}
        if part < 0.15:
            return {"id": key, "status": "queued", "position": 1}
        row = bump(np.arange(BEFORE + AFTER, dtype=float), 90, 9, 0.5 * part).tolist()
        return {
            "id": key,
            "status": "running",
            "progress": {
                "fraction": part,
                "elapsed": part * job_seconds,
                "loss": [1 - i / 60 for i in range(int(part * 50) + 2)],
                "partial": [row],
            },
        }

    @app.get("/api/account")
    def account() -> Any:
        return {"id": "local", "name": "Local reader", "role": "administrator", "accounts": False}

    @app.get("/api/health")
    def health() -> Any:
        parts = {
            "redis": {"ok": redis, "detail": ""},
            "workers": {"ok": redis, "count": int(redis), "detail": ""},
            "database": {"ok": True, "detail": ""},
            "recordings": {"ok": True, "count": 3, "problems": 1},
        }
        return {"status": "ok" if redis else "degraded", "parts": parts, "version": "0.1.0"}

    @app.get("/api/recordings")
    def recordings() -> Any:
        return {
            "recordings": [r.describe() for r in records.values()],
            "problems": [{"file": "broken.hea", "reason": "the header names no signal file"}],
            "model": CARD["id"],
            "counting": {"done": 3, "total": 3, "remaining_seconds": None},
        }

    @app.get("/api/recordings/{key}")
    def recording(key: str) -> Any:
        return (
            records[key].describe()
            if key in records
            else problem(404, f"Unknown recording {key!r}: there is {', '.join(records)}", tuple(records))
        )

    @app.get("/api/recordings/{key}/signal")
    def signal(key: str, start: float = 0, seconds: float = 10, points: int = 8000, filter: str = "raw") -> Any:
        return records[key].signal(start, seconds, points, filter)

    @app.get("/api/recordings/{key}/windows")
    def windows(key: str, model: str | None = None, columns: str = "lists") -> Any:
        found = records[key].windows(model)
        return typed_windows(found) if columns == "typed" else found

    @app.get("/api/recordings/{key}/windows/{at}")
    def window(key: str, at: int) -> Any:
        return records[key].window(at)

    @app.get("/api/recordings/{key}/windows/{at}/waves")
    def waves(key: str, at: int) -> Any:
        return cut_at_waves()

    @app.post("/api/by-wave")
    def by_wave(body: dict[str, Any]) -> Any:
        if records[body["recording"]].window(body["at"])["window"] is None:
            return problem(422, "Part of the window has no signal")
        return told_by_wave([status(key)["result"] for key in body["explanations"]])

    @app.get("/api/recordings/{key}/groups")
    def groups(key: str, by: str, columns: str = "lists") -> Any:
        found = records[key].groups(by)
        if columns == "lists":
            return found
        return found | {"groups": [group | {"at": typed_column(group["at"])} for group in found["groups"]]}

    @app.get("/api/models")
    def models() -> Any:
        return {"models": [CARD]}

    @app.get("/api/models/{key}")
    def model(key: str) -> Any:
        return CARD

    @app.get("/api/explainers")
    def explainers() -> Any:
        return {"explainers": EXPLAINERS}

    @app.post("/api/tasks/explanation")
    def explain(body: dict[str, Any]) -> Any:
        entry = next(e for e in EXPLAINERS if e["method"] == body["explainer"]["method"])
        if entry["cost"] == "queued" and not redis:
            return problem(
                503,
                f"{entry['title']} needs the queue, and Redis is not there.",
                ("input_derivative", "temporal_score"),
            )
        if records[body["recording"]].window(body["at"])["window"] is None:
            return problem(422, "Part of the window has no signal")
        key = f"{abs(hash(json.dumps(body, sort_keys=True))):032x}"[:32]
        parameters = {k: v for k, v in body["explainer"].items() if k != "method"}
        what = (records[body["recording"]], body["at"], entry["method"], parameters)
        if key not in jobs or jobs[key].get("cancelled"):
            jobs[key] = {"born": time.monotonic(), "queued": entry["cost"] == "queued", "what": what}
        answer = status(key)
        return JSONResponse(answer, 200 if answer["status"] == "done" else 202)

    @app.get("/api/tasks/explanation/{key}")
    def look(key: str) -> Any:
        return status(key) if key in jobs else problem(404, f"Unknown explanation {key!r}")

    @app.get("/api/tasks/explanation/{key}/events")
    def events(key: str) -> Any:
        def stream() -> Iterator[str]:
            while True:
                answer = status(key)
                yield f"event: status\ndata: {json.dumps(answer)}\n\n"
                if answer["status"] in ("done", "failed", "cancelled"):
                    return
                time.sleep(0.1)

        return StreamingResponse(stream(), media_type="text/event-stream")

    @app.delete("/api/tasks/explanation/{key}")
    def cancel(key: str) -> Any:
        jobs[key]["cancelled"] = True
        return status(key)

    @app.post("/api/links", status_code=201)
    def share(body: dict[str, Any]) -> Any:
        r = records[body["recording"]]
        token = f"token{len(links):027d}"
        start = max(0.0, body["at"] / FS - 5)
        cut, columns = r.signal(start, 10, 8000), r.windows("m")["windows"]
        near = [
            {"time": t, "label": s, "prediction": p}
            for t, s, p in zip(columns["time"], columns["label"], columns["prediction"], strict=True)
            if start <= t <= start + 10
        ]
        links[token] = {
            "title": body["title"],
            "note": body["note"],
            "created": "2026-11-21T03:22:00+00:00",
            "record": {
                "id": r.id,
                "name": r.name,
                "lead": "MLII",
                "leads": ["MLII"],
                "fs": FS,
                "sha256": "22873623623c" + "0" * 52,
                "synthetic": r.synthetic,
                "credit": "Made by a test.",
                "time": body["at"] / FS,
                "at": body["at"],
                "start": body["at"],
                "end": body["at"] + 1,
            },
            "strip": {
                "start": cut["start"],
                "time": cut["time"],
                "value": cut["value"],
                "windows": near,
                "source": "reference (atr)",
            },
            "window": r.window(body["at"]),
            "prediction": r.window(body["at"])["prediction"],
            "explanations": [status(k)["result"] for k in body["explanations"]],
            "model": {
                "id": CARD["id"],
                "title": CARD["title"],
                "input": CARD["input"],
                "weights_sha256": CARD["weights_sha256"],
                "limits": CARD["limits"],
                "seen": "test",
            },
            "versions": {"beatlens": "0.1.0", "torch": "2.13.0"},
            "by_wave": told_by_wave([status(k)["result"] for k in body["explanations"]]),
            "readings": {"revision": 7, "label": "V"},
            "patient": {"age": 69, "sex": "M"} if body.get("patient") else None,
            "live": {"differs": True, "notes": ["a newer version of occlusion"]},
            "number": f"{len(links):08x}",
            "needs_sign_in": bool(body.get("needs_sign_in")),
            "expires": None,
        }
        return {"id": len(links), "number": "0", "token": token, "url": f"/s/{token}", "expires": None}

    @app.get("/api/links/{token}")
    def link(token: str) -> Any:
        return links[token] if token in links else problem(404, "Unknown link")

    return app
