"""OpenID Connect against a small provider of our own, which can be told to lie."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2 as httpx
import pytest
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from fastapi.testclient import TestClient
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from pydantic import SecretStr

ISSUER = "https://id.hospital.org/realms/staff"


@dataclass
class Provider:
    """Knows one person; `claims` and `key` can be changed to what is not true."""

    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    signing: RSAKey | None = None
    claims: dict[str, Any] = field(default_factory=dict)
    issuer: str = ISSUER
    up: bool = True
    asked: dict[str, str] = field(default_factory=dict)  # what the browser brought: challenge, nonce

    def answer(self, request: httpx.Request) -> httpx.Response:
        if not self.up:
            raise httpx.ConnectError("no route to host")
        path = request.url.path.removeprefix("/realms/staff")
        if path == "/.well-known/openid-configuration":
            ends = {f"{name}_endpoint": f"{ISSUER}/{name}" for name in ("authorization", "token")}
            return httpx.Response(200, json={"issuer": self.issuer, "jwks_uri": f"{ISSUER}/keys", **ends})
        if path == "/keys":
            return httpx.Response(200, json=KeySet([self.key]).as_dict(private=False))
        sent = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
        proof = create_s256_code_challenge(sent["code_verifier"])
        if sent["code"] != "good" or proof != self.asked["code_challenge"]:
            return httpx.Response(400, json={"error": "invalid_grant"})
        return httpx.Response(200, json={"access_token": "a", "token_type": "Bearer", "id_token": self.id_token()})

    def id_token(self) -> str:
        now = int(time.time())
        usual = {"iss": ISSUER, "aud": "beatlens", "sub": "u-17", "iat": now, "exp": now + 300}
        claims = usual | {"nonce": self.asked["nonce"], "name": "Dr Who"} | self.claims
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.signing or self.key)


@pytest.fixture
def provider() -> Provider:
    return Provider()


@pytest.fixture
def start(serve: Callable[..., TestClient], provider: Provider) -> Callable[..., TestClient]:
    def begin(**settings: Any) -> TestClient:
        client = serve(
            accounts=True,
            oidc_issuer=ISSUER,
            oidc_client_id="beatlens",
            oidc_client_secret=SecretStr("secret"),
            **settings,
        )
        client.app.state.services.auth.provider.transport = httpx.MockTransport(provider.answer)
        client.follow_redirects = False
        return client

    return begin


def go(client: TestClient, provider: Provider, then: str = "/review?record=a") -> dict[str, str]:
    """To the provider; what the browser brings there."""
    answer = client.get("/sign-in/oidc", params={"then": then})
    assert answer.status_code == 303
    sent = urlsplit(answer.headers["location"])
    assert f"{sent.scheme}://{sent.netloc}{sent.path}" == f"{ISSUER}/authorization"
    provider.asked = {name: values[0] for name, values in parse_qs(sent.query).items()}
    return provider.asked


def come_back(client: TestClient, state: str, code: str = "good") -> httpx.Response:
    return client.get("/sign-in/oidc/back", params={"code": code, "state": state})


@pytest.mark.databases("sqlite", "postgresql")
def test_a_person_comes_in_and_is_known_the_next_time(start: Callable[..., TestClient], provider: Provider) -> None:
    client = start()
    assert client.get("/sign-in").json()["oidc"] == "Hospital sign-in"
    asked = go(client, provider)
    assert asked["redirect_uri"] == "http://test/api/sign-in/oidc/back"
    assert asked["code_challenge_method"] == "S256"
    answer = come_back(client, asked["state"])
    assert answer.headers["location"] == "/review?record=a"
    me = client.get("/account").json()
    assert (me["name"], me["role"]) == ("Dr Who", "reader")
    client.app.state.services.auth.accounts.add("Ada", "administrator", "correct horse battery")
    provider.claims = {"name": "Dr Why"}
    come_back(client, go(client, provider)["state"])
    assert client.get("/account").json() == me | {"name": "Dr Why"}


@pytest.mark.parametrize(
    ("groups", "role"), [(["cardiology", "leads"], "lead"), (["kitchen"], "reader"), ("cardiology", "annotator")]
)
def test_the_provider_may_say_the_role(
    start: Callable[..., TestClient], provider: Provider, groups: Any, role: str
) -> None:
    client = start(oidc_roles={"cardiology": "annotator", "leads": "lead"})
    provider.claims = {"groups": groups}
    come_back(client, go(client, provider)["state"])
    assert client.get("/account").json()["role"] == role


def test_a_name_is_no_identity(start: Callable[..., TestClient], provider: Provider) -> None:
    client = start()
    ada = client.app.state.services.auth.accounts.add("Ada", "administrator", "correct horse battery")
    provider.claims = {"name": "Ada", "preferred_username": "Ada"}
    come_back(client, go(client, provider)["state"])
    me = client.get("/account").json()
    assert me["id"] != ada.id
    assert me["role"] == "reader"


@pytest.mark.parametrize(
    "claims",
    [{"iss": "https://evil.org"}, {"aud": "another"}, {"exp": 1}, {"nonce": "another"}, {"sub": None}],
    ids=["issuer", "audience", "expired", "nonce", "subject"],
)
def test_a_token_that_does_not_fit_lets_nobody_in(
    start: Callable[..., TestClient], provider: Provider, claims: dict[str, Any]
) -> None:
    client = start()
    provider.claims = claims
    answer = come_back(client, go(client, provider)["state"])
    assert answer.headers["location"] == "/sign-in?problem=unfinished"
    assert client.get("/account").status_code == 401


def test_another_key_another_code_another_browser_let_nobody_in(
    start: Callable[..., TestClient], provider: Provider
) -> None:
    client = start()
    provider.signing = RSAKey.generate_key(2048, {"kid": "one"})
    refused = [come_back(client, go(client, provider)["state"])]
    provider.signing = None
    refused.append(come_back(client, go(client, provider)["state"], code="bad"))
    refused.append(come_back(client, go(client, provider)["state"] + "x"))
    state = go(client, provider)["state"]
    client.cookies.clear()
    refused.append(come_back(client, state))
    for answer in refused:
        assert answer.headers["location"] == "/sign-in?problem=unfinished"
    assert client.get("/account").status_code == 401


@pytest.mark.parametrize("then", ["https://evil.org", "//evil.org", "/\\evil.org", "javascript:alert(1)", ""])
def test_one_comes_back_to_this_site(start: Callable[..., TestClient], provider: Provider, then: str) -> None:
    client = start()
    assert come_back(client, go(client, provider, then)["state"]).headers["location"] == "/"


def test_a_silent_provider_and_a_disabled_account_are_said(
    start: Callable[..., TestClient], provider: Provider
) -> None:
    client = start()
    come_back(client, go(client, provider)["state"])
    services = client.app.state.services
    services.auth.accounts.add("Ada", "administrator", "correct horse battery")
    administrator = services.auth.accounts.verify("Ada", "correct horse battery")[0]
    from backend.accounts.schemas import UserChangeRequest

    services.auth.change(administrator, client.get("/account").json()["id"], UserChangeRequest(disabled=True))
    assert come_back(client, go(client, provider)["state"]).headers["location"] == "/sign-in?problem=disabled"
    provider.up = False
    state = "x"
    assert come_back(client, state).headers["location"] in ("/sign-in?problem=unfinished", "/sign-in?problem=silent")
    fresh = start()
    assert fresh.get("/sign-in/oidc").headers["location"] == "/sign-in?problem=silent"


def test_a_provider_that_calls_itself_otherwise_is_not_used(
    start: Callable[..., TestClient], provider: Provider
) -> None:
    provider.issuer = "https://evil.org"
    assert start().get("/sign-in/oidc").headers["location"] == "/sign-in?problem=silent"
