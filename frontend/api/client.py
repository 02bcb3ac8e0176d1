"""The frontend's one way to the service: HTTP, JSON, and its errors as `ApiError`."""

import json
from collections.abc import Callable, Hashable
from http.cookiejar import DefaultCookiePolicy
from typing import Any, NamedTuple
from urllib.parse import quote

import httpx
import orjson

from frontend.api import request_user, windows
from frontend.api.cache import JSON, ResponseCache
from frontend.api.errors import ApiError, problem
from frontend.keeping import FewValues, Stores

SMALL = 10_000  # bytes of an answer about one beat, as it is sent
UNFOLDED = 8  # bytes of a parsed answer for each that was sent: most are numbers
READING = 600.0  # s until an answer begins: a recording of a day is read and searched for beats meanwhile
IDLE = 2.0  # s that a connection is kept for the next question; uvicorn ends it after 5, maybe as we ask


class Kind(NamedTuple):
    """How an answer is read, and what it weighs in memory."""

    read: Callable[[JSON], JSON]
    weigh: Callable[[JSON, int], int]  # of the answer, and of the bytes that were sent


PLAIN = Kind(lambda answer: answer, lambda _, size: UNFOLDED * size)
WINDOWS = Kind(windows.read, lambda answer, _: windows.weight(answer))


class Api:
    """Client of the service, in the name of whoever asks for a page; what does not change is kept for a minute."""

    def __init__(self, url: str, transport: httpx.BaseTransport | None = None, stores: Stores = FewValues) -> None:
        base, limits = url.rstrip("/") + "/api", httpx.Limits(keepalive_expiry=IDLE)
        patience = httpx.Timeout(10.0, read=READING)
        self._http = httpx.Client(base_url=base, timeout=patience, limits=limits, transport=transport, trust_env=False)
        self._http.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))  # nobody's cookie stays here
        self._cache = ResponseCache(stores)
        self._everybody: JSON | None = None  # the one user, where there are no accounts

    def me(self) -> JSON:
        """The signed-in user and role; ApiError with status 401 for an anonymous request."""
        known = request_user.remembered()
        if self._everybody is None and "me" not in known:
            known["me"] = self._ask("GET", "/account")
            self._everybody = None if known["me"]["accounts"] else known["me"]
        found: JSON = self._everybody or known["me"]
        return found

    def sign_ins(self) -> JSON:
        """The browsers in which this person is signed in, and whether by a password."""
        return self._ask("GET", "/account/sign-ins")

    def tokens(self) -> JSON:
        """This person's tokens for scripts."""
        return self._ask("GET", "/account/tokens")

    def users(self) -> list[JSON]:
        """All accounts; for leads and administrators."""
        return list(self._ask("GET", "/users")["users"])

    def audit(self, before: int | None = None) -> JSON:
        """The audit log, the latest first; for administrators."""
        return self._ask("GET", "/audit", params={} if before is None else {"before": before})

    def sign_in_methods(self) -> JSON:
        """How one signs in."""
        return self._ask("GET", "/sign-in")

    def health(self) -> JSON:
        """Parts of the service and their state."""
        return self._ask("GET", "/health")

    def recordings(self, model: str | None = None) -> JSON:
        """All recordings, what a model (the first by default) says of them, and the files that are none."""
        return self._ask("GET", "/recordings", params={"model": model} if model else {})

    def recording(self, record: str) -> JSON:
        """One recording, and which models have seen its patient."""
        return self._get(f"/recordings/{part(record)}")

    def signal(
        self, record: str, lead: str | None, start: float, seconds: float, points: int = 8000, filter: str = "raw"
    ) -> JSON:
        """A stretch of one lead in mV, raw or filtered; `start` and `seconds` in s. The browser keeps it, not we."""
        where = {"start": round(start, 4), "seconds": round(seconds, 4), "points": points, "filter": filter}
        lead_of = {"lead": lead} if lead else {}
        return self._ask("GET", f"/recordings/{part(record)}/signal", params=lead_of | where)

    def ready(self, record: str, lead: str | None, model: str | None) -> bool:
        """Whether nobody has to wait long for this recording; a long one begins to be read."""
        named = {"lead": lead, "model": model}
        asked = {name: value for name, value in named.items() if value is not None} | {"prepare": "true"}
        return bool(self._ask("GET", f"/recordings/{part(record)}/progress", params=asked)["ready"])

    def beats(self, record: str, lead: str | None, model: str | None = None) -> JSON:
        """All windows of a model as columns, with its classes and what it says of each; without one all beats."""
        asked = {"lead": lead, "model": model, "columns": "typed"}
        return windows.columns(self._get(f"/recordings/{part(record)}/windows", WINDOWS, **asked))

    def beats_within(self, record: str, lead: str | None, model: str | None, start: float, seconds: float) -> JSON:
        """The windows of a stretch, in s: of a day's beats only what a screen can show."""
        where = {"start": round(max(0.0, start), 4), "seconds": round(seconds, 4)}
        return windows.columns(self._get(f"/recordings/{part(record)}/windows", PLAIN, lead=lead, model=model, **where))

    def beat(self, record: str, sample: int, lead: str | None, model: str | None) -> JSON:
        """One window: its samples, its surroundings and what the model says."""
        return windows.window(self._get(f"/recordings/{part(record)}/windows/{sample}", lead=lead, model=model))

    def marks(self, record: str) -> JSON:
        """What the recording's files say of it beside its beats: rhythms, notes, labels of the whole."""
        return self._get(f"/recordings/{part(record)}/marks")

    def placing(self, model: str | None, record: str | None = None) -> str | None:
        """The model to name where only the places of its windows are wanted: none where they are the beats."""
        known = self.models_for(record)
        card = next((one for one in known if one["id"] == model), known[0] if known else None)
        return card["id"] if card and card["input"]["window"]["kind"] != "beat" else None

    def groups(self, record: str, lead: str | None, model: str | None, by: str) -> JSON:
        """All beats in groups; asked anew each time, since a reader's labels may be among them."""
        asked = {"lead": lead, "model": model, "by": by, "columns": "typed"}
        query = {key: value for key, value in asked.items() if value is not None}
        return self._ask("GET", f"/recordings/{part(record)}/groups", params=query)

    def models(self) -> list[JSON]:
        """Cards of all models, the default first."""
        return list(self._get("/models")["models"])

    def models_for(self, record: str | None) -> list[JSON]:
        """Cards of the models that read such a recording, the default first; of all where none is named."""
        known = self.models()
        if record is None or len({one.get("reads") for one in known}) == 1:
            return known
        kind = self.recording(record).get("kind")
        return [one for one in known if one.get("reads") == kind]

    def model(self, model: str | None, record: str | None = None) -> JSON:
        """The card of one model; where None of the first that reads this recording."""
        name = model or first_of(self.models_for(record))
        return self._get(f"/models/{part(name)}")

    def vocabularies(self) -> list[JSON]:
        """Every vocabulary with its labels; ApiError where the service sends none."""
        return list(self._get("/vocabularies")["vocabularies"])

    def explainers(self, model: str | None = None) -> list[JSON]:
        """All methods with their JSON Schemas; of a model, with the reason where one cannot explain it."""
        return list(self._get("/explainers", model=model)["explainers"])

    def explain(self, body: JSON) -> JSON:
        """Ask for an explanation: its status, with the result where it is there already."""
        return self._remember(self._ask("POST", "/tasks/explanation", json=body))

    def explanation(self, explanation: str) -> JSON:
        """Status of an explanation, with its result once done."""
        cached = self._recall(("explanation", explanation))
        return cached or self._remember(self._ask("GET", f"/tasks/explanation/{part(explanation)}"))

    def tasks(self) -> tuple[str, ...]:
        """Names of every kind of work."""
        return tuple(one["name"] for one in self._get("/tasks")["tasks"])

    def ask_task(self, task: str, body: JSON) -> JSON:
        """Ask for work of any kind: its status, with the result where it is there already."""
        asked = {name: value for name, value in body.items() if value is not None}
        return self._ask("POST", f"/tasks/{part(task)}", json=asked)

    def waves(self, record: str, sample: int, lead: str | None, model: str | None) -> JSON:
        """P, QRS and T of a beat, and the model's window cut at them."""
        return self._get(f"/recordings/{part(record)}/windows/{sample}/waves", lead=lead, model=model)

    def by_wave(self, body: JSON) -> JSON:
        """What maps say of each wave, in numbers and words, and their judgements; kept once all are judged."""
        key = ("by-wave", json.dumps(body, sort_keys=True))
        cached = self._recall(key)
        if cached is None:
            cached = self._ask("POST", "/by-wave", json=body)
            if all(one["trust"] or not one["trust_id"] for one in cached["maps"]):
                self._keep(key, cached)
        return cached

    def create_link(self, body: JSON) -> JSON:
        """Freeze a beat and its explanations: token and url."""
        return self._ask("POST", "/links", json=body)

    def link(self, token: str, copy: bool = False) -> JSON:
        """The frozen document of a link; `copy`: to take away, not to look at."""
        return self._ask("GET", f"/links/{part(token)}", params={"copy": True} if copy else {})

    def links(self) -> list[JSON]:
        """The links that this person has made, the latest first."""
        return list(self._ask("GET", "/links")["links"])

    def withdraw_link(self, link: int) -> JSON:
        """Withdraw a link: nobody can read it any more."""
        return self._ask("DELETE", f"/links/{link}")

    def restore_link(self, link: int) -> JSON:
        """A withdrawn one can be read again."""
        return self._ask("POST", f"/links/{link}/restore")

    def removed_uploads(self) -> list[JSON]:
        """Uploads that were removed and can still be restored; for leads."""
        return list(self._ask("GET", "/uploads/removed")["uploads"])

    def sessions(self) -> list[JSON]:
        """Annotation sessions: all for a lead, else those this person reads in."""
        return list(self._ask("GET", "/sessions")["sessions"])

    def session(self, session: str) -> JSON:
        """An annotation session."""
        return self._ask("GET", f"/sessions/{part(session)}")

    def create_session(self, body: JSON) -> JSON:
        """Open a new one."""
        made = self._ask("POST", "/sessions", json=body)
        self.forget()
        return made

    def draw(self, body: JSON) -> JSON:
        """What a choice of beats would draw; nothing is opened."""
        return self._ask("POST", "/sessions/draw", json=body)

    def close_session(self, session: str) -> JSON:
        """End the reading."""
        closed = self._ask("POST", f"/sessions/{part(session)}/close")
        self.forget()
        return closed

    def reopen_session(self, session: str) -> JSON:
        """Let its readers go on."""
        session_ = self._ask("POST", f"/sessions/{part(session)}/reopen")
        self.forget()
        return session_

    def session_item(self, session: str, position: int | None) -> JSON | None:
        """The item at a position, as far as this person may see it; without one the item that waits, if any does."""
        if position is None:
            found: JSON | None = self._ask("GET", f"/sessions/{part(session)}/next")["item"]
        else:
            found = self._ask("GET", f"/sessions/{part(session)}/items/{position}")
        return found and {**found, "beat": windows.window(found["window"])}

    def session_results(self, session: str) -> JSON:
        """The results of a session so far."""
        return self._ask("GET", f"/sessions/{part(session)}/results")

    def disagreements(self, session: str) -> JSON:
        """A session's adjudication queue."""
        return self._ask("GET", f"/sessions/{part(session)}/disagreements")

    def adjudicate(self, session: str, entries: list[JSON]) -> JSON:
        """Decide beats on which the readers do not agree."""
        return self._ask("POST", f"/sessions/{part(session)}/adjudications", json={"entries": entries})

    def forget(self) -> None:
        """Forget what this person was answered: something was sealed, or no longer is."""
        whose = self._whose()
        self._cache.drop(lambda key: isinstance(key, tuple) and key[0] == whose)

    def _remember(self, status: JSON) -> JSON:
        if status["status"] == "done":
            self._keep(("explanation", status["id"]), status)
        return status

    def _get(self, path: str, kind: Kind = PLAIN, **query: object) -> JSON:
        asked = {key: value for key, value in query.items() if value is not None}
        key = (path, *sorted(asked.items()))
        kept = self._recall(key)
        if kept is None:
            answer, size = self._fetch("GET", path, params=asked)
            kept = kind.read(answer)
            if not kept.get("computing"):  # it will say more in a moment
                self._keep(key, kept, kind.weigh(kept, size))
        return kept

    def _recall(self, key: Hashable) -> JSON | None:
        """What this person, in this role and with what may be seen now, was answered; ApiError for nobody."""
        return self._cache.get((self._whose(), key))

    def _keep(self, key: Hashable, answer: JSON, size: int = UNFOLDED * SMALL) -> None:
        self._cache.put((self._whose(), key), answer, size)

    def _whose(self) -> tuple[str, str, str]:
        me = self.me()
        return me["id"], me["role"], me.get("visibility_version", "")

    def _ask(self, method: str, path: str, **request: Any) -> JSON:
        return self._fetch(method, path, **request)[0]

    def _fetch(self, method: str, path: str, **request: Any) -> tuple[JSON, int]:
        """The answer, and in how many bytes it was sent."""
        try:
            response = self._http.request(method, path, headers=request_user.shown(), **request)
        except httpx.HTTPError as error:
            raise ApiError("The server does not answer.") from error
        if response.is_error:
            raise problem(response)
        answer: JSON = orjson.loads(response.content)  # maps are long lists of numbers: six times as quick as json
        return answer, len(response.content)


def first_of(models: list[JSON]) -> str:
    """Id of the first; ApiError where there is none."""
    if not models:
        raise ApiError("No model reads such a recording.", field="model")
    return str(models[0]["id"])


def part(text: str | None) -> str:
    """A value as one part of a path; ApiError where the page has none yet."""
    if text is None:
        raise ApiError("No recording is chosen yet.")
    return quote(text, safe="~")
