"""While a beat is sealed for a reader, no answer tells what the model or the reference calls it."""

import base64
import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import wfdb
from fastapi.testclient import TestClient

WARD = "ward~two"
FS, STEP = 250, 200
NUMBER = 10  # of the sealed beat
SEALED = 250 + STEP * NUMBER  # its sample
OTHER = SEALED + 3 * STEP
ELSEWHERE = ("/account", "/sign-in", "/sign-out", "/users", "/audit", "/health", "/uploads")
FORMS = ("lists", "typed")
INSTANT, QUEUED = {"method": "input_derivative"}, {"method": "occlusion", "width": 31}


def write(folder: Path) -> Path:
    """A record of 30 beats, one of which looks like no other and alone bears the reference F."""
    beats = np.arange(250, 250 + STEP * 30, STEP)
    signal = np.random.default_rng(0).normal(0, 0.01, int(beats[-1]) + 250)
    for beat in beats:
        signal[beat - 5 : beat + 6] += np.hanning(11)
    signal[SEALED - 20 : SEALED + 21] += 2 * np.hanning(41)
    folder.mkdir(parents=True, exist_ok=True)
    wfdb.wrsamp(
        "two", fs=FS, units=["mV"], sig_name=["II"], p_signal=signal[:, None], fmt=["16"], write_dir=str(folder)
    )
    symbols = ["F" if beat == SEALED else "V" if number % 2 else "N" for number, beat in enumerate(beats)]
    wfdb.wrann("two", "atr", beats, symbol=symbols, write_dir=str(folder))
    return folder


@dataclass
class Ward:
    """A service with a lead, a reader, and a link and a map of the sealed beat from before."""

    client: TestClient
    keys: dict[str, dict[str, str]]
    ids: dict[str, str]
    token: str
    known: dict[str, str]  # id of a result of the sealed beat, by kind
    model: str  # the one that is asked where none is named
    numbers: set[float]  # that only the model's output for the sealed beat has

    def ask(self, who: str, method: str, path: str, body: Any = None) -> Any:
        return self.client.request(method, path, json=body, headers=self.keys[who])

    def make(self, *readers: str) -> str:
        body = {
            "title": "One beat", "recordings": [WARD], "readers": [self.ids[name] for name in readers],
            "choice": {"how": "named", "at": [SEALED]},
        }  # fmt: skip
        answer = self.ask("lea", "POST", "/sessions", body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def step(self, session: str, step: str, label: str | None = None) -> None:
        entry = {"client_id": uuid.uuid4().hex, "position": 0, "step": step, "label": label}
        entry |= {"confidence": 3} if label else {}
        answer = self.ask("ada", "POST", f"/sessions/{session}/entries", {"entries": [entry]})
        assert answer.status_code == 201, answer.text


@pytest.fixture
def ward(serve: Callable[..., TestClient], redis_url: str, tmp_path: Path) -> Ward:
    client = serve(accounts=True, redis_url=redis_url, recordings=(write(tmp_path / "ward"),))
    auth = client.app.state.services.auth
    ids = {
        name: auth.accounts.from_provider("test", name, name, role).id
        for name, role in (("lea", "lead"), ("ada", "annotator"))
    }
    keys = {
        name: {"Authorization": f"Bearer {auth.credentials.new_token(id, 'x', None).token}"} for name, id in ids.items()
    }
    ward = Ward(client, keys, ids, "", {}, "", set())
    beat = {"recording": WARD, "at": SEALED}
    found = ward.ask("lea", "GET", f"/recordings/{WARD}/windows/{SEALED}").json()
    said, ward.model = found["prediction"], found["model"]
    ward.numbers = {round(value, 4) for value in (*said["probabilities"], said["margin"], *said["logits"])}
    ward.known = {
        "explanations": ward.ask("lea", "POST", "/tasks/explanation", beat | {"explainer": INSTANT}).json()["id"],
        "trust": ward.ask("lea", "POST", "/tasks/trust", beat | {"explainer": QUEUED}).json()["id"],
        "bulk": ward.ask("lea", "POST", "/bulk", whole(WARD)).json()["id"],
    }
    made = ward.ask("lea", "POST", "/links", beat | {"explanations": [ward.known["explanations"]]})
    ward.token = made.json()["token"]
    return ward


def whole(recording: str) -> dict[str, Any]:
    return {"recording": recording, "explainer": QUEUED, "which": "all"}


def requests(ward: Ward, session: str) -> dict[tuple[str, str], list[tuple[str, Any]]]:
    """For every route that knows of beats, how to ask it about the sealed one."""
    beat, near = {"recording": WARD, "at": SEALED}, {"recording": WARD, "at": OTHER}
    here, known = f"/recordings/{WARD}", ward.known
    both = {
        "cover": {"covers": [{"start": 10, "end": 20}]},
        "map": {"explainer": INSTANT},
        "slow": {"explainer": QUEUED},
    }
    ways = ("reference_and_model", "model", "reader", "shape")
    by = [(f"{here}/groups?by={way}&columns={form}", None) for way in ways for form in FORMS]
    found: dict[tuple[str, str], list[tuple[str, Any]]] = {
        ("GET", "/recordings"): [("/recordings", None)],
        ("GET", "/recordings/{id}"): [(here, None)],
        ("GET", "/recordings/{id}/signal"): [(f"{here}/signal", None)],
        ("GET", "/recordings/{id}/windows"): [
            (f"{here}/windows?model={ward.model}&columns={form}", None) for form in FORMS
        ],
        ("GET", "/recordings/{id}/windows/{at}"): [
            (f"{here}/windows/{SEALED}", None),
            (f"{here}/windows/{OTHER}", None),
        ],
        ("GET", "/recordings/{id}/marks"): [(f"{here}/marks", None)],
        ("GET", "/vocabularies"): [("/vocabularies", None)],
        ("GET", "/recordings/{id}/windows/{at}/waves"): [(f"{here}/windows/{SEALED}/waves", None)],
        ("GET", "/recordings/{id}/queues"): [(f"{here}/queues?columns={form}", None) for form in FORMS],
        ("GET", "/recordings/{id}/progress"): [(f"{here}/progress", None)],
        ("GET", "/progress"): [("/progress", None)],
        ("GET", "/recordings/{id}/groups"): by,
        ("GET", "/recordings/{id}/traces"): [(f"{here}/traces?at={SEALED}", None)],
        ("POST", "/recordings/{id}/maps"): [(f"{here}/maps", {"explainer": INSTANT, "groups": [[OTHER, SEALED]]})],
        ("GET", "/models"): [("/models", None)],
        ("GET", "/models/{id}"): [(f"/models/{ward.model}", None)],
        ("GET", "/models/{id}/examples"): [(f"/models/{ward.model}/examples", None)],
        ("POST", "/similar"): [("/similar", beat), ("/similar", near)],
        ("POST", "/predictions"): [("/predictions", beat), ("/predictions", beat | both["cover"])],
        ("POST", "/predictions/table"): [("/predictions/table", beat)],
        ("GET", "/explainers"): [("/explainers", None)],
        ("GET", "/tasks"): [("/tasks", None)],
        ("POST", "/tasks/{task}"): [
            ("/tasks/explanation", beat | both["map"]),
            ("/tasks/explanation", beat | both["slow"]),
            ("/tasks/trust", beat | both["slow"]),
            ("/tasks/agreement", beat | {"first": INSTANT, "second": INSTANT}),
            ("/tasks/prediction", {"recording": WARD}),
            ("/tasks/class_modes", {"model": ward.model}),
        ],
        ("POST", "/by-wave"): [("/by-wave", beat), ("/by-wave", near | {"explanations": [known["explanations"]]})],
        ("POST", "/bulk"): [("/bulk", whole(WARD)), ("/bulk", whole(WARD) | {"which": [SEALED]})],
        ("GET", "/bulk"): [("/bulk", None)],
        ("POST", "/links"): [("/links", beat), ("/links", near)],
        ("GET", "/links/{token}"): [(f"/links/{ward.token}", None)],
        ("GET", "/links"): [("/links", None)],
        ("GET", "/readings"): [(f"/readings?recording={WARD}", None)],
        ("GET", "/readings/rhythms"): [(f"/readings/rhythms?recording={WARD}", None)],
        ("GET", "/sessions"): [("/sessions", None)],
        ("POST", "/sessions/draw"): [
            ("/sessions/draw", {"recordings": [WARD], "choice": {"how": "named", "at": [SEALED]}})
        ],
        ("GET", "/sessions/{id}"): [(f"/sessions/{session}", None)],
        ("GET", "/sessions/{id}/next"): [(f"/sessions/{session}/next", None)],
        ("GET", "/sessions/{id}/items/{position}"): [(f"/sessions/{session}/items/0", None)],
        ("GET", "/sessions/{id}/results"): [(f"/sessions/{session}/results", None)],
        ("GET", "/sessions/{id}/disagreements"): [(f"/sessions/{session}/disagreements", None)],
        ("GET", "/sessions/{id}/export"): [
            (f"/sessions/{session}/export?format={f}", None) for f in ("csv", "json", "wfdb")
        ],
    }
    tasks = [f"/tasks/explanation/{known['explanations']}", f"/tasks/trust/{known['trust']}"]
    for route, paths in (("/tasks/{task}/{id}", tasks), ("/bulk/{id}", [f"/bulk/{known['bulk']}"])):
        found["GET", route] = found["DELETE", route] = [(path, None) for path in paths]
        found["GET", f"{route}/events"] = [(f"{path}/events", None) for path in paths]
    jobs = "&".join(f"job={path.removeprefix('/')}" for path in [*tasks, f"/bulk/{known['bulk']}"])
    found["GET", "/events"] = [(f"/events?{jobs}", None)]
    found["GET", "/bulk/{id}/results"] = [(f"/bulk/{known['bulk']}/results", None)]
    return found


UNASKED = {  # routes that only take, or that belong to a lead; what they answer is what was sent to them
    ("POST", "/readings"), ("POST", "/sessions"), ("POST", "/sessions/{id}/close"), ("POST", "/sessions/{id}/entries"),
    ("POST", "/sessions/{id}/adjudications"), ("DELETE", "/links/{id}"),
    ("POST", "/links/{id}/restore"), ("POST", "/sessions/{id}/reopen"),
}  # fmt: skip


def values(answer: Any) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every plain value with the keys above it; keys of objects that count something are values too.

    Typed arrays are unpacked; of columns of words all that they could stand for are values.
    """

    def below(keys: tuple[str, ...], part: Any) -> Iterator[tuple[tuple[str, ...], Any]]:
        if isinstance(part, dict) and "bdata" in part:
            found = np.frombuffer(base64.b64decode(part["bdata"]), f"<{part['dtype']}")
            yield from below(keys, found.tolist() + (part.get("words") or []))
        elif isinstance(part, dict):
            for name, inner in part.items():
                yield keys, name
                yield from below((*keys, name), inner)
        elif isinstance(part, list):
            for inner in part:
                yield from below(keys, inner)
        else:
            yield keys, part

    yield from below((), answer)


def told(ward: Ward, answer: Any) -> set[str]:
    """What an answer tells of the sealed beat: "reference", "model"."""
    kind = answer.headers["content-type"]
    if "event-stream" in kind:
        events = (line.removeprefix("data: ") for line in answer.text.splitlines() if line.startswith("data: "))
        return {what for event in events for what in found_in(ward, json.loads(event))}
    if "json" not in kind:
        return {"reference", "model"} if answer.status_code == 200 else set()
    return found_in(ward, answer.json())


def found_in(ward: Ward, document: Any) -> set[str]:
    """The same of a document."""
    found: set[str] = set()
    if isinstance(document.get("recordings"), list):  # one of the others is of a woman
        document = [row for row in document["recordings"] if row["id"] == WARD]
    for keys, value in values(document):
        if value == "F" and not {"classes", "labels"} & set(keys):  # the labels that there are
            found.add("reference")
        if isinstance(value, float) and round(value, 4) in ward.numbers:
            found.add("model")
    return found


def sweep(ward: Ward, who: str, session: str, sealed: bool = False) -> dict[str, set[str]]:
    """What every answer tells, where it tells anything; streams, which else would not end, only while all is sealed."""
    found: dict[str, set[str]] = {}
    for (method, route), asked in requests(ward, session).items():
        for path, body in asked if sealed or not (method == "DELETE" or route.endswith("/events")) else []:
            found[f"{method} {path} {json.dumps(body)}"] = told(ward, ward.ask(who, method, path, body))
    return {asked: what for asked, what in found.items() if what}


def test_no_route_is_left_out(ward: Ward) -> None:
    listed = set(requests(ward, "x")) | UNASKED
    for path, methods in ward.client.get("/openapi.json", headers=ward.keys["lea"]).json()["paths"].items():
        short = path.removeprefix("/api")
        for method in methods:
            assert (method.upper(), short) in listed or short.startswith(ELSEWHERE), (method, path)


def test_the_sweep_finds_what_is_not_sealed(ward: Ward) -> None:
    found = sweep(ward, "lea", ward.make("ada"))
    for part, what in (
        *(
            (f"GET /recordings/{WARD}/windows?model={ward.model}&columns={form}", {"reference", "model"})
            for form in FORMS
        ),
        (f"GET /recordings/{WARD}/windows/{SEALED} ", {"reference", "model"}),
        *((f"GET /recordings/{WARD}/queues?columns={form}", {"reference", "model"}) for form in FORMS),
        *((f"GET /recordings/{WARD}/groups?by=shape&columns={form}", {"reference"}) for form in FORMS),
        (f"GET /recordings/{WARD} ", {"reference"}),
        ("POST /predictions ", {"model"}),
        ("POST /predictions/table", {"model"}),
        ("POST /tasks/explanation", {"model"}),
        ("POST /by-wave", {"model"}),
        ("GET /links/", {"reference", "model"}),
        ("GET /sessions/", {"reference", "model"}),
    ):
        assert any(what <= seen for asked, seen in found.items() if asked.startswith(part)), part


def test_nothing_tells_what_a_reader_has_to_read_first(ward: Ward) -> None:
    session = ward.make("ada")
    assert sweep(ward, "ada", session, sealed=True) == {}
    ward.step(session, "first", "N")
    assert sweep(ward, "ada", session, sealed=True) == {}
    ward.step(session, "reveal")
    assert {kind for what in sweep(ward, "ada", session).values() for kind in what} == {"model"}
    ward.step(session, "final", "N")
    found = sweep(ward, "ada", session)
    assert {kind for what in found.values() for kind in what} == {"reference", "model"}


def test_what_is_sealed_says_so(ward: Ward) -> None:
    session = ward.make("ada")
    beat = {"recording": WARD, "at": SEALED, "explainer": INSTANT}
    for method, path, body in (
        ("POST", "/tasks/explanation", beat),
        ("GET", f"/tasks/explanation/{ward.known['explanations']}", None),
        ("DELETE", f"/tasks/trust/{ward.known['trust']}", None),
        ("GET", f"/bulk/{ward.known['bulk']}/events", None),
        ("GET", f"/links/{ward.token}", None),
    ):
        answer = ward.ask("ada", method, path, body)
        assert (answer.status_code, answer.json()["title"]) == (403, "Sealed"), path
    row = next(r for r in ward.ask("ada", "GET", "/recordings").json()["recordings"] if r["id"] == WARD)
    assert row["counts"] is None
    assert "Sealed" in row["output"]["trouble"]
    near = ward.ask("ada", "POST", "/tasks/explanation", beat | {"at": OTHER})
    assert near.status_code == 200
    assert ward.ask("ada", "GET", f"/tasks/explanation/{near.json()['id']}").status_code == 200
    ward.ask("lea", "POST", f"/sessions/{session}/close")
    assert ward.ask("ada", "POST", "/tasks/explanation", beat).status_code == 200


def test_a_result_in_memory_is_not_handed_out_before_the_seal_is_asked(ward: Ward) -> None:
    path = f"/tasks/explanation/{ward.known['explanations']}"
    assert ward.ask("ada", "GET", path).status_code == 200
    ward.make("ada")
    assert ward.ask("ada", "GET", path).status_code == 403
    assert ward.ask("lea", "GET", path).status_code == 200


def test_whoever_keeps_answers_is_told_when_they_may_be_others(ward: Ward) -> None:
    def version(who: str) -> str:
        return str(ward.ask(who, "GET", "/account").json()["visibility_version"])

    seen = [version("ada"), version("ada")]
    assert seen[0] == seen[1]
    session = ward.make("ada")
    seen.append(version("ada"))
    for step, label in (("first", "N"), ("reveal", None), ("final", "N")):
        ward.step(session, step, label)
        seen.append(version("ada"))
    ward.ask("lea", "POST", f"/sessions/{session}/close")
    seen.append(version("ada"))
    assert len(set(seen)) == len(seen) - 1


def test_a_bulk_request_of_a_reader_leaves_sealed_beats_out(ward: Ward) -> None:
    ward.make("ada")
    made = ward.ask("ada", "POST", "/bulk", whole(WARD)).json()
    samples = ward.ask("ada", "GET", f"/bulk/{made['id']}/results").json()["at"]
    assert OTHER in samples
    assert SEALED not in samples
    assert len(samples) == 29


@pytest.mark.databases("sqlite", "postgresql")
def test_another_process_keeps_the_seal(ward: Ward, serve: Callable[..., TestClient], tmp_path: Path) -> None:
    other = serve(accounts=True, recordings=(tmp_path / "ward",))
    beat = f"/recordings/{WARD}/windows/{SEALED}"
    assert other.get(beat, headers=ward.keys["ada"]).json()["label"] == "F"
    ward.make("ada")
    assert other.get(beat, headers=ward.keys["ada"]).json()["label"] is None
