"""Signing in and out, and what a browser of another site cannot do."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pwdlib import PasswordHash
from sqlalchemy import select, update

from backend.accounts.tables import Account, ApiToken, SignIn
from backend.accounts.throttle import Throttle
from backend.audit.tables import AuditEntry
from backend.errors import TooManyError

PASSWORD = "correct horse battery"
HERE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def ward(serve: Callable[..., TestClient]) -> TestClient:
    """A service with an administrator and a reader."""
    client = serve(accounts=True)
    for name, role in (("Ada", "administrator"), ("Rea", "reader")):
        client.app.state.services.auth.accounts.add(name, role, PASSWORD)
    client.headers.update(HERE)
    return client


def sign_in(client: TestClient, name: str = "Ada", password: str = PASSWORD, **headers: str) -> Any:
    return client.post("/sign-in", json={"name": name, "password": password}, headers=headers)


def id_of(client: TestClient, name: str) -> str:
    return client.app.state.services.auth.accounts.id_of(name)


def actions(client: TestClient) -> list[tuple[str | None, str, str]]:
    with client.app.state.services.database.transaction() as session:
        rows = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    return [(row.user_id, row.action, row.object) for row in rows]


def test_a_sign_in_is_a_cookie_that_scripts_cannot_read(ward: TestClient) -> None:
    assert ward.get("/account").status_code == 401
    answer = sign_in(ward, name=" aDA ")
    who = {"id": id_of(ward, "Ada"), "name": "Ada", "role": "administrator", "accounts": True}
    assert answer.json().items() >= who.items()
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "secure" not in cookie
    assert ward.get("/account").json()["name"] == "Ada"
    assert ward.post("/sign-out").json() == {"ended": 1}
    assert ward.get("/account").status_code == 401


def test_over_https_the_cookie_is_secure(ward: TestClient) -> None:
    answer = ward.post("https://test/api/sign-in", json={"name": "Ada", "password": PASSWORD})
    assert "secure" in answer.headers["set-cookie"].lower()


@pytest.mark.databases("sqlite", "postgresql")
def test_neither_passwords_nor_keys_are_kept(ward: TestClient) -> None:
    key = sign_in(ward).cookies["beatlens_session"]
    token = ward.post("/account/tokens", json={"title": "script"}).json()["token"]
    with ward.app.state.services.database.transaction() as session:
        rows = [*session.scalars(select(Account)), *session.scalars(select(SignIn)), *session.scalars(select(ApiToken))]
        kept = " ".join(str(vars(row)) for row in rows)
    assert "$argon2id$" in kept
    for secret in (PASSWORD, key, token):
        assert secret not in kept


def test_a_password_is_slow_to_guess(slow_passwords: Callable[[], PasswordHash]) -> None:
    assert "$argon2id$v=19$m=65536,t=3,p=4$" in slow_passwords().hash(PASSWORD)


@pytest.mark.parametrize(("name", "password"), [("Ada", "wrong password"), ("Nobody", PASSWORD), ("Ada", ""), ("", "")])
def test_what_was_wrong_is_not_told(ward: TestClient, name: str, password: str) -> None:
    answer = sign_in(ward, name, password)
    assert answer.status_code == 401
    assert answer.json()["detail"] == "Name and password do not fit together."
    assert "set-cookie" not in answer.headers


def test_guessing_is_slowed_down_and_never_locks_for_ever() -> None:
    now = [0.0]
    throttle = Throttle(lambda: now[0])

    waits: list[int] = []

    def attempts(seconds: float, account: str = "ada", address: str = "1.2.3.4") -> int:
        made, end = 0, now[0] + seconds
        while now[0] < end:
            try:
                throttle.attempt(account, address)
                made += 1
            except TooManyError as error:
                waits.append(error.seconds)
            now[0] += 0.5
        return made

    assert attempts(600) < 20
    assert max(waits) == 60
    now[0] += 60
    throttle.attempt("ada", "1.2.3.4")  # the owner of the password needs to wait for a minute at most
    throttle.forgive("ada", "1.2.3.4")
    assert attempts(1) == 2
    throttle.attempt("ada", "5.6.7.8")
    assert sum(attempts(1, f"user {i}") for i in range(100)) < 60  # many accounts from one address


def test_guessing_over_http_is_told_when_to_try_again(ward: TestClient) -> None:
    answers = [sign_in(ward, "Rea", "wrong password") for _ in range(12)]  # a slow machine waits out the first ones
    codes = [answer.status_code for answer in answers]
    assert codes[:3] == [401, 401, 401]
    held = answers[codes.index(429)]
    assert int(held.headers["retry-after"]) >= 1
    assert sign_in(ward, "Ada").status_code == 200  # others are not held up


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "", "Origin": "http://evil.org"}, 403),
        ({"Sec-Fetch-Site": "", "Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "", "Referer": "http://evil.org/test"}, 403),
        ({"Sec-Fetch-Site": ""}, 403),  # with a cookie and nothing that says whose page it was
        ({"Sec-Fetch-Site": "", "Origin": "http://test"}, 201),
        ({"Sec-Fetch-Site": "", "Referer": "http://test/review"}, 201),
        ({"Sec-Fetch-Site": "same-origin"}, 201),
    ],
)
def test_another_sites_page_changes_nothing(ward: TestClient, headers: dict[str, str], status: int) -> None:
    sign_in(ward)
    assert ward.post("/account/tokens", json={"title": "a"}, headers=headers).status_code == status
    assert len(ward.get("/account/tokens").json()["tokens"]) == (status == 201)


def test_another_sites_page_changes_nothing_without_accounts_either(client: TestClient) -> None:
    body = {"entries": [{"client_id": "act-0001", "recording": "ward~one", "at": 450, "label": "V"}]}
    assert client.post("/readings", json=body, headers={"Origin": "http://evil.org"}).status_code == 403
    assert client.post("/readings", json=body).status_code == 201  # a script of this machine


@pytest.mark.parametrize("host", ["evil.org", "evil.org:8000", "localhost.evil.org", "127.0.0.1.evil.org", ""])
def test_a_name_that_was_rebound_to_this_machine_is_refused(client: TestClient, host: str) -> None:
    for path in ("http://test/api/recordings", "http://test/"):
        assert client.get(path, headers={"Host": host}).status_code == 421
    for ours in ("localhost:8000", "127.0.0.1:8000", "[::1]:8000", "LOCALHOST"):
        assert client.get("/health", headers={"Host": ours}).status_code == 200


@pytest.mark.databases("sqlite", "postgresql")
def test_a_sign_in_ends_by_itself(ward: TestClient) -> None:
    def age(**columns: timedelta) -> None:
        with ward.app.state.services.database.transaction() as session:
            row = session.scalars(select(SignIn)).one()
            for name, by in columns.items():
                setattr(row, name, getattr(row, name) - by)
        ward.app.state.services.auth.credentials.forget()

    sign_in(ward)
    age(seen=timedelta(minutes=59))
    assert ward.get("/account").status_code == 200  # and seen again
    age(seen=timedelta(minutes=59))
    assert ward.get("/account").status_code == 200
    age(seen=timedelta(minutes=61))
    assert ward.get("/account").status_code == 401
    sign_in(ward)
    age(created=timedelta(hours=12, minutes=1))
    assert ward.get("/account").status_code == 401


@pytest.mark.databases("sqlite", "postgresql")
def test_an_administrator_changes_roles_disables_and_signs_out(ward: TestClient) -> None:
    rea, services = id_of(ward, "Rea"), ward.app.state.services
    key = {"Cookie": f"beatlens_session={services.auth.credentials.begin(rea)}"}
    token = services.auth.credentials.new_token(rea, "script", None).token
    bearer = {"Authorization": f"Bearer {token}"}
    sign_in(ward)
    mine = ward.cookies["beatlens_session"]
    assert ward.patch(f"/users/{rea}", json={"role": "lead"}).json()["role"] == "lead"
    ward.cookies.clear()
    assert ward.get("/account", headers=key).json()["role"] == "lead"
    assert ward.get("/account", headers=bearer).json()["role"] == "lead"
    ward.cookies.set("beatlens_session", mine)
    assert ward.delete(f"/users/{rea}/sign-ins").json() == {"ended": 1}
    ward.patch(f"/users/{rea}", json={"disabled": True})
    ward.cookies.clear()
    assert ward.get("/account", headers=key).status_code == 401
    assert ward.get("/account", headers=bearer).status_code == 401
    assert sign_in(ward, "Rea").status_code == 401


def test_whatever_takes_access_away_is_in_the_log_with_what_it_was(ward: TestClient) -> None:
    rea = id_of(ward, "Rea")
    sign_in(ward)
    ada = id_of(ward, "Ada")
    token = ward.post("/account/tokens", json={"title": "script"}).json()["id"]
    ward.delete(f"/account/tokens/{token}")
    ward.patch(f"/users/{rea}", json={"role": "lead"})
    ward.delete(f"/users/{rea}/sign-ins")
    ward.patch(f"/users/{rea}", json={"disabled": True})
    ward.patch(f"/users/{rea}", json={"disabled": False})
    acts = [entry["object"] for entry in ward.get("/audit").json()["entries"] if entry["action"] == "account"]
    made, revoked, *changes = reversed(acts[:6])
    assert (made, revoked) == (f"{ada} token {token} made", f"{ada} token {token} revoked")
    assert changes == [f"{rea} {words}" for words in ("role lead", "signed out", "disabled", "enabled")]


@pytest.mark.databases("sqlite", "postgresql")
@pytest.mark.parametrize("change", [{"role": "reader"}, {"disabled": True}])
def test_one_administrator_remains(ward: TestClient, change: dict[str, Any]) -> None:
    sign_in(ward)
    answer = ward.patch(f"/users/{id_of(ward, 'Ada')}", json=change)
    assert answer.status_code == 409
    assert ward.get("/account").json()["role"] == "administrator"


def test_a_new_password_signs_out_every_other_browser(ward: TestClient) -> None:
    sign_in(ward)
    other = {"Cookie": f"beatlens_session={ward.cookies['beatlens_session']}"}
    ward.cookies.clear()
    sign_in(ward)
    assert ward.put("/account/password", json={"old": "wrong password", "new": "another password"}).status_code == 403
    assert ward.put("/account/password", json={"old": PASSWORD, "new": "short"}).status_code == 422
    assert ward.put("/account/password", json={"old": PASSWORD, "new": "another password"}).status_code == 200
    assert ward.get("/account").status_code == 200
    ward.cookies.clear()
    assert ward.get("/account", headers=other).status_code == 401
    assert sign_in(ward).status_code == 401
    assert sign_in(ward, password="another password").status_code == 200


@pytest.mark.databases("sqlite", "postgresql")
def test_a_token_ends(ward: TestClient) -> None:
    sign_in(ward)
    token = ward.post("/account/tokens", json={"title": "script", "days": 1}).json()["token"]
    ward.cookies.clear()
    bearer = {"Authorization": f"Bearer {token}", "Sec-Fetch-Site": ""}
    assert ward.get("/recordings", headers=bearer).status_code == 200
    services = ward.app.state.services
    with services.database.transaction() as session:
        session.execute(update(ApiToken).values(expires=ApiToken.created))
    services.auth.credentials.forget()
    assert ward.get("/recordings", headers=bearer).status_code == 401
    assert ward.get("/recordings", headers={"Authorization": "Bearer guess"}).status_code == 401


@pytest.mark.databases("sqlite", "postgresql")
def test_names_are_taken_without_regard_to_case(ward: TestClient) -> None:
    sign_in(ward)
    body = {"name": "ADA", "role": "reader", "password": PASSWORD}
    assert ward.post("/users", json=body).status_code == 409
    assert ward.post("/users", json=body | {"name": "\u202eevil"}).status_code == 422
    assert ward.post("/users", json=body | {"name": "Eve"}).status_code == 201
    assert [user["name"] for user in ward.get("/users").json()["users"]] == ["Ada", "Eve", "Rea"]


@pytest.mark.databases("sqlite", "postgresql")
def test_the_log_says_who_did_what_and_holds_no_names(ward: TestClient) -> None:
    ada = id_of(ward, "Ada")
    sign_in(ward, "Ada", "wrong password")
    sign_in(ward, "somebody else", PASSWORD)
    sign_in(ward)
    for _ in range(2):
        ward.get("/recordings/ward~one/signal")
    ward.get("/recordings/ward~none")
    entry = {"client_id": "act-0001", "recording": "ward~one", "at": 450, "label": "V"}
    ward.post("/readings", json={"entries": [entry]})
    ward.post("/sign-out")
    assert actions(ward) == [
        (ada, "sign-in failed", ""),
        (None, "sign-in failed", ""),
        (ada, "signed in", ""),
        (ada, "opened", "ward~one"),
        (ada, "labelled", "ward~one"),
        (ada, "signed out", ""),
    ]
    sign_in(ward)
    listed = ward.get("/audit", params={"limit": 2}).json()
    assert [entry["action"] for entry in listed["entries"]] == ["signed in", "signed out"]
    older = ward.get("/audit", params={"limit": 100, "before": listed["next"], "action": "opened"}).json()
    assert [entry["object"] for entry in older["entries"]] == ["ward~one"]
    assert older["next"] is None


def test_without_accounts_everybody_is_the_local_reader(client: TestClient) -> None:
    me = {"id": "local", "name": "Local reader", "role": "administrator", "accounts": False}
    assert client.get("/account").json().items() >= me.items()
    assert client.get("/sign-in").json() == {"accounts": False, "oidc": None, "empty": False}
    assert sign_in(client).status_code == 409
    assert client.post("/account/tokens", json={"title": "a"}).status_code == 409


def test_the_way_in_says_that_there_is_no_account_yet(serve: Callable[..., TestClient]) -> None:
    assert serve(accounts=True).get("/sign-in").json() == {"accounts": True, "oidc": None, "empty": True}


def test_a_cached_explanation_is_not_handed_to_nobody(ward: TestClient) -> None:
    cache = ward.app.state.services.tasks.result_cache
    cache._bodies.put(f"explanation/{'0' * 32}", b'{"id": "x"}')
    assert ward.get(f"/tasks/explanation/{'0' * 32}").status_code == 401
    sign_in(ward)
    answer = ward.get(f"/tasks/explanation/{'0' * 32}")
    assert answer.content == b'{"id": "x"}'
    assert "immutable" not in answer.headers["cache-control"]  # the next person in this browser is another one
