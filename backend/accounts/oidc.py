"""OpenID Connect: the authorisation code flow with PKCE. The provider says who somebody is, and may say the role."""

import secrets
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import httpx2 as httpx  # which Authlib speaks
from pydantic import BaseModel, ValidationError

from backend.errors import SignInError, UnavailableError
from backend.roles import ROLES, Role
from backend.settings import Settings

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
PATIENCE = 10.0  # s
LEEWAY = 60  # s between two clocks


class Waiting(BaseModel):
    """A sign-in under way: the browser keeps it while the user is with the provider."""

    state: str
    nonce: str
    verifier: str
    then: str  # path to go on with


@dataclass(frozen=True)
class Identity:
    """A user as the provider describes one."""

    issuer: str
    subject: str
    name: str
    role: Role | None  # None: the provider does not say


class Provider:
    """The provider of the settings; it is asked about itself when it is first needed."""

    def __init__(self, settings: Settings, transport: httpx.BaseTransport | None = None) -> None:
        self.settings = settings
        self.transport = transport

    def begin(self, back: str, then: str) -> tuple[str, Waiting]:
        """The URL for the browser, and the sign-in that it has to bring back; UnavailableError without the provider."""
        waiting = Waiting(
            state=secrets.token_urlsafe(24),
            nonce=secrets.token_urlsafe(24),
            verifier=secrets.token_urlsafe(48),
            then=then,
        )
        with self._client(back) as client:
            url, _ = client.create_authorization_url(
                self._metadata["authorization_endpoint"],
                state=waiting.state,
                nonce=waiting.nonce,
                code_verifier=waiting.verifier,
            )
        return url, waiting

    def finish(self, back: str, waiting: Waiting, code: str, state: str) -> Identity:
        """The identity of the user who came back with a code; SignInError where anything does not fit."""
        from authlib.common.errors import AuthlibBaseError
        from joserfc.errors import JoseError

        if not secrets.compare_digest(state, waiting.state):
            raise SignInError("This sign-in was not begun in this browser: begin again.")
        try:
            with self._client(back) as client:
                endpoint = self._metadata["token_endpoint"]
                answer = client.fetch_token(endpoint, code=code, code_verifier=waiting.verifier)
            return self._identity(self._claims(str(answer["id_token"]), waiting.nonce))
        except httpx.HTTPError as error:
            raise UnavailableError(f"{self.settings.oidc_title} does not answer just now: try again.") from error
        except (AuthlibBaseError, JoseError, KeyError, ValueError) as error:
            raise SignInError(f"{self.settings.oidc_title} did not confirm who you are: begin again.") from error

    def _client(self, back: str) -> Any:
        from authlib.integrations.httpx_client import OAuth2Client

        return OAuth2Client(
            self.settings.oidc_client_id,
            self.settings.oidc_client_secret.get_secret_value(),
            scope=self.settings.oidc_scopes,
            redirect_uri=back,
            code_challenge_method="S256",
            timeout=PATIENCE,
            transport=self.transport,
        )

    @cached_property
    def _metadata(self) -> dict[str, Any]:
        issuer = str(self.settings.oidc_issuer)
        found = self._get(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        if found.get("issuer") != issuer:
            raise UnavailableError(f"BEATLENS_OIDC_ISSUER is {issuer}, but the provider there calls itself otherwise")
        return found

    def _get(self, url: str) -> dict[str, Any]:
        try:
            with httpx.Client(timeout=PATIENCE, transport=self.transport) as client:
                answer = client.get(url, follow_redirects=True).raise_for_status()
                return dict(answer.json())
        except (httpx.HTTPError, ValueError) as error:
            raise UnavailableError(f"{self.settings.oidc_title} does not answer just now: try again.") from error

    def _claims(self, id_token: str, nonce: str) -> dict[str, Any]:
        """The token's claims, once its signature, issuer, audience, time and nonce are as they must be."""
        from joserfc import jwt
        from joserfc.jwk import KeySet

        keys = KeySet.import_key_set(self._get(self._metadata["jwks_uri"]))  # type: ignore[arg-type]  # asked each time: keys change
        token = jwt.decode(id_token, keys, algorithms=ALGORITHMS)
        jwt.JWTClaimsRegistry(
            leeway=LEEWAY,
            iss={"essential": True, "value": str(self.settings.oidc_issuer)},
            aud={"essential": True, "value": self.settings.oidc_client_id},
            sub={"essential": True},
            exp={"essential": True},
            nonce={"essential": True, "value": nonce},
        ).validate(token.claims)
        return dict(token.claims)

    def _identity(self, claims: dict[str, Any]) -> Identity:
        name = next((str(claims[key]) for key in self._name_claims if claims.get(key)), str(claims["sub"]))
        return Identity(str(claims["iss"]), str(claims["sub"]), name[:100], self._role(claims))

    @property
    def _name_claims(self) -> tuple[str, ...]:
        return self.settings.oidc_name_claim, "name", "preferred_username"

    def _role(self, claims: dict[str, Any]) -> Role | None:
        if not self.settings.oidc_roles:
            return None
        said = claims.get(self.settings.oidc_role_claim) or []
        values = [str(value) for value in said] if isinstance(said, list) else [str(said)]
        found = [self.settings.oidc_roles[value] for value in values if value in self.settings.oidc_roles]
        return max(found, key=ROLES.index, default="reader")


def waiting(text: str | None) -> Waiting:
    """The sign-in under way that the browser kept; SignInError where it kept none."""
    try:
        return Waiting.model_validate_json(text or "")
    except ValidationError as error:
        raise SignInError("This sign-in took too long or was not begun in this browser: begin again.") from error


def own_path(path: str) -> str:
    """A path if it is one of this site, else that of the first page."""
    return path if path.startswith("/") and path[1:2] not in ("/", "\\") and path.isprintable() else "/"
