"""People of annotation sessions: who makes one, who reads in it, and how."""

import uuid
from typing import Any

from fastapi.testclient import TestClient

ONE = "ward~one"
SAMPLES = list(range(250, 4750, 200))  # of the beats that the fixture writes


class Person:
    """Somebody with an account, and with a token for it."""

    def __init__(self, client: TestClient, name: str, role: str) -> None:
        auth = client.app.state.services.auth
        self.id = auth.accounts.from_provider("test", name, name, role).id  # no password: hashing takes long
        self.key = {"Authorization": f"Bearer {auth.credentials.new_token(self.id, 'test', None).token}"}
        self.client = client

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(path, headers=self.key, **query)

    def post(self, path: str, body: Any = None) -> Any:
        return self.client.post(path, headers=self.key, json=body)

    def does(self, session: str, place: int, step: str, label: str | None = None, **more: Any) -> Any:
        """One step on one item."""
        confidence = {"confidence": 4} if step == "first" else {}
        entry = {"client_id": uuid.uuid4().hex, "position": place, "step": step, "label": label} | confidence | more
        return self.post(f"/sessions/{session}/entries", {"entries": [entry]})

    def reads(self, session: str, place: int, first: str, final: str, **more: Any) -> None:
        """All steps of a blind reading."""
        for step, label, extra in (("first", first, more), ("reveal", None, {}), ("final", final, {})):
            assert self.does(session, place, step, label, **extra).status_code == 201


def ask(*readers: Person, **fields: Any) -> dict[str, Any]:
    choice = {"how": "named", "at": SAMPLES[3:7]}
    body = {"title": "Four beats", "recordings": [ONE], "choice": choice, "readers": [one.id for one in readers]}
    return body | fields


def make(lead: Person, *readers: Person, **fields: Any) -> str:
    answer = lead.post("/sessions", ask(*readers, **fields))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def whole(lead: Person, ada: Person, ben: Person) -> str:
    """A session that both have read; they differ on the last beat."""
    id = make(lead, ada, ben, methods=[{"method": "input_derivative"}, {"method": "occlusion"}])
    for place, (a, b) in enumerate([("N", "N"), ("V", "V"), ("N", "N"), ("N", "V")]):
        ada.reads(id, place, a, a, region={"start": -60, "end": 60})
        ben.reads(id, place, "N", b)
    return id
