"""The data beside this file, made by Beatlens 0.1: run from a checkout of commit 3317a0c, see README.md."""

import contextlib
import importlib.util
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from backend.app import create_app
from backend.backup import backup
from backend.settings import Settings
from workers.launch import redis_server

HERE, BASE = Path(__file__).parent, Path.cwd()
ONE, TWO, MODEL, SHIPPED, DEMO = "ward~one", "ward~two", "tiny", "mitbih-lstm", "demo~208-excerpt"
MAPS = ("input_derivative", "learned_mask", "occlusion", "temporal_score")
PASSWORD = "correct horse battery"


def post(client: TestClient, path: str, body: Any, key: dict[str, str] | None = None) -> Any:
    answer = client.post(path, json=body, headers=key)
    assert answer.status_code < 300, answer.text
    return answer.json()


def beats(client: TestClient, recording: str, key: dict[str, str] | None) -> list[int]:
    found: list[int] = client.get(f"/recordings/{recording}/beats", headers=key).json()["beats"]["sample"]
    return found


def read(client: TestClient, key: dict[str, str] | None) -> None:
    """A label, another in its place, one withdrawn, and a comment without one."""
    samples = beats(client, ONE, key)
    acts = [(0, "N", ""), (1, "V", "wide"), (2, "A", ""), (0, "L", "on a second look"), (2, None, ""), (3, None, "?")]
    post(client, "/readings", {"entries": [
        {"client_id": uuid.uuid4().hex, "recording": ONE, "lead": "II", "sample": samples[i], "label": label,
         "comment": comment} for i, label, comment in acts
    ]}, key)  # fmt: skip


def step(place: int, step: str, label: str | None, **more: Any) -> dict[str, Any]:
    return {"client_id": uuid.uuid4().hex, "place": place, "step": step, "label": label, **more}


def sessions(client: TestClient, keys: dict[str, dict[str, str] | None], ids: dict[str, str]) -> dict[str, str]:
    """An open blind session, with entries at every step, and a closed one that was adjudicated where readers differ."""
    lead, readers = keys["lead"], [name for name in ids if name != "lead"] or ["lead"]
    body = {"recordings": [ONE, TWO], "model": MODEL, "readers": [ids[name] for name in readers]}
    body |= {"methods": [{"method": "input_derivative"}]}
    made = {}
    for name in ("open", "closed"):
        choice = {"how": "random", "count": 5, "seed": 3 if name == "open" else 4}
        made[name] = post(client, "/sessions", body | {"title": f"The {name} one", "choice": choice}, lead)["id"]
    region = {"region": {"start": -40.0, "end": 60.0}}
    entries = [
        step(0, "first", "N", confidence=4, comment="plain", **region), step(0, "reveal", None, seconds=3.5),
        step(0, "final", "V", plausibility=2), step(0, "correction", "N"),
        step(1, "first", "V", confidence=2), step(1, "reveal", None), step(2, "first", "cannot say", confidence=1),
    ]  # fmt: skip
    post(client, f"/sessions/{made['open']}/entries", {"entries": entries}, keys[readers[0]])
    for number, reader in enumerate(readers):
        for place in range(5):
            first, final = ("N", "V") if place == 1 else ("N", "N" if number or place else "F")
            acts = [step(place, "first", first, confidence=3, **region), step(place, "reveal", None)]
            acts.append(step(place, "final", final))
            post(client, f"/sessions/{made['closed']}/entries", {"entries": acts}, keys[reader])
    if len(readers) > 1:
        decision = {"client_id": uuid.uuid4().hex, "place": 0, "label": "F", "comment": "a fusion beat"}
        post(client, f"/sessions/{made['closed']}/adjudications", {"entries": [decision]}, lead)
    post(client, f"/sessions/{made['closed']}/close", {}, lead)
    return made


def explained(client: TestClient, body: dict[str, Any], methods: tuple[str, ...], key: dict[str, str] | None) -> Any:
    """Ids of finished explanations; each that ranks samples is judged as well."""
    ids = []
    for method in methods:
        asked = body | {"explainer": {"method": method}}
        status = post(client, "/explanations", asked, key)
        ids.append(until(client, f"/explanations/{status['id']}", key)["id"])
        if method != "temporal_score":
            until(client, f"/trust/{post(client, '/trust', asked, key)['id']}", key)
    return ids


def until(client: TestClient, path: str, key: dict[str, str] | None) -> Any:
    end = time.monotonic() + 300
    while time.monotonic() < end:
        status = client.get(path, headers=key).json()
        if status["status"] in ("done", "failed"):
            assert status["status"] == "done", status
            return status
        time.sleep(0.2)
    raise TimeoutError(path)


def share(client: TestClient, key: dict[str, str] | None, index: int, methods: tuple[str, ...], **more: Any) -> Any:
    where = {"recording": ONE, "beat": beats(client, ONE, key)[index], "lead": "II", "model": MODEL}
    ids = explained(client, where, methods, key)
    return post(client, "/links", where | {"explanations": ids} | more, key)


def counted(client: TestClient, key: dict[str, str] | None) -> None:
    end = time.monotonic() + 120
    while time.monotonic() < end:
        found = client.get("/recordings", params={"model": MODEL}, headers=key).json()
        if found["counting"]["done"] == found["counting"]["total"]:
            return
        time.sleep(0.5)
    raise TimeoutError("counting")


def answers(client: TestClient, key: dict[str, str] | None, made: dict[str, str], reader: Any) -> dict[str, Any]:
    """What 0.1 answers from this database."""
    of = made["closed"]
    paths = [f"/readings?recording={ONE}", "/sessions", f"/sessions/{of}/results", f"/sessions/{of}/disagreements"]
    paths += [f"/sessions/{of}/items/{place}" for place in (0, 1)] + ["/links"]
    said = {path: client.get(path, headers=key).json() for path in paths}
    own = [f"/sessions/{made['open']}/next", *(f"/sessions/{made['open']}/items/{place}" for place in range(5))]
    export = client.get(f"/sessions/{of}/export", params={"format": "json"}, headers=key).json()
    for path, item in (asked := {path: client.get(path, headers=reader).json() for path in own} | said).items():
        if "/items/" in path or path.endswith("/next"):
            trim(item)
    return asked | {f"/sessions/{of}/export?format=json": export}


def trim(item: dict[str, Any]) -> None:
    """Leave out the samples, which the recording holds."""
    beat = (item.get("item") or item)["beat"]
    beat["context"] = None
    if beat["window"]:
        beat["window"]["millivolts"] = beat["window"]["input"] = None


def main() -> None:
    spec = importlib.util.spec_from_file_location("support", BASE / "tests/backend/conftest.py")
    assert spec
    assert spec.loader
    support = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(support)
    folder = Path(tempfile.mkdtemp())
    models, ward = support.make_model(HERE / "models"), support.make_record_files(HERE / "ward")
    support.make_record_files(ward, "two", 16.0, 1, "V")
    worker = "import sys; from pathlib import Path; from workers.service import serve; "
    worker += "serve(sys.argv[1], model_dirs=[Path(sys.argv[2])])"
    with redis_server(None, folder) as redis:
        process = subprocess.Popen(
            [sys.executable, "-c", worker, redis.url, str(models)], env={**os.environ, "PYTHONPATH": str(BASE)}
        )
        try:
            settings = Settings(
                model_dirs=(models,), recordings=(ward,), redis_url=redis.url, hosts=("test",), data_dir=folder / "open"
            )
            said = {"open": open_house(settings), "accounts": accounts(settings.model_copy(
                update={"data_dir": folder / "accounts", "accounts": True}
            ))}  # fmt: skip
            frozen(settings.model_copy(update={"data_dir": folder / "frozen"}))
        finally:
            process.terminate()
            process.wait(60)
    (HERE / "said.json").write_text(json.dumps(said, ensure_ascii=False, separators=(",", ":")))


@contextlib.contextmanager
def house(settings: Settings, name: str) -> Any:
    settings.data_dir.mkdir()
    with TestClient(create_app(settings), base_url="http://test/api") as client:
        yield client
    if name == "accounts":
        (HERE / "backup.zip").unlink(missing_ok=True)
        backup(settings, HERE / "backup.zip")
    kept = HERE / f"{name}.sqlite"
    kept.unlink(missing_ok=True)
    (found,) = settings.data_dir.glob("*.db")
    with sqlite3.connect(found) as connection:  # small: without what is counted again anyway
        ward = "(SELECT json_extract(facts, '$.beats_sha256') FROM recording_facts WHERE recording LIKE 'ward%')"
        connection.execute(f"DELETE FROM model_counts WHERE beats_sha256 NOT IN {ward}")
        connection.execute("DELETE FROM sign_ins")
        connection.commit()
        connection.execute("PRAGMA page_size = 1024")
        connection.execute(f"VACUUM INTO '{kept}'")
    shutil.rmtree(settings.data_dir)


def open_house(settings: Settings) -> dict[str, Any]:
    with house(settings, "open") as client:
        made = sessions(client, {"lead": None}, {"lead": "local"})
        read(client, None)
        post(client, f"/sessions/{made['open']}/close", {}, None)  # links of sealed beats cannot be made
        link = share(
            client, None, 3, ("input_derivative", "temporal_score"), title="A beat", note="Look.", patient=True
        )
        counted(client, None)
        reopen(settings, made["open"])
        return {"links": {"plain": link}, "sessions": made, "answers": answers(client, None, made, None)}


def reopen(settings: Settings, session: str) -> None:
    """As it was before it was closed to share a beat."""
    (file,) = settings.data_dir.glob("*.db")
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE annotation_sessions SET closed = NULL WHERE id = ?", [session])
    connection.close()


def accounts(settings: Settings) -> dict[str, Any]:
    with house(settings, "accounts") as client:
        here = client.app.state.services
        people = {"lead": "lead", "ann": "annotator", "ben": "annotator"}
        ids = {name: here.reception.accounts.add(name, role, PASSWORD).id for name, role in people.items()}
        tokens = {name: here.reception.proofs.new_token(id, "0.1", None).token for name, id in ids.items()}
        keys = {name: {"Authorization": f"Bearer {token}"} for name, token in tokens.items()}
        made = sessions(client, keys, ids)
        read(client, keys["lead"])
        read(client, keys["ann"])
        links = {
            "withdrawn": share(client, keys["lead"], 3, ()),
            "expiring": share(client, keys["lead"], 4, ("input_derivative",), days=3660, needs_sign_in=True),
        }
        client.delete(f"/links/{links['withdrawn']['id']}", headers=keys["lead"])
        counted(client, keys["lead"])
        said = answers(client, keys["lead"], made, keys["ann"])
        return {"ids": ids, "tokens": tokens, "links": links, "sessions": made, "answers": said}


def frozen(settings: Settings) -> None:
    """A document as people share it: the shipped model, four maps and their judgements."""
    settings.data_dir.mkdir()
    with TestClient(create_app(settings), base_url="http://test/api") as client:
        where = {"recording": DEMO, "beat": beats(client, DEMO, None)[20], "model": SHIPPED}
        ids = explained(client, where, MAPS, None)
        body = where | {"explanations": ids, "title": "A beat of 0.1", "note": "Mind the T wave."}
        link = post(client, "/links", body)
        with here_of(client).database.transaction() as session:
            document = session.connection().exec_driver_sql("SELECT document FROM links").scalar()
        assert client.get(f"/links/{link['token']}").status_code == 200
    (HERE / "link.json").write_text(str(document))


def here_of(client: TestClient) -> Any:
    return client.app.state.services  # type: ignore[attr-defined]


if __name__ == "__main__":
    main()
