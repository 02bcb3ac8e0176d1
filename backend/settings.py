"""Settings are data: name, default and description in one table, read from the environment as BEATLENS_*."""

import os
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from backend.roles import Role
from models import memory


def _paths(value: Any) -> Any:
    """`"/a:/b"` as a tuple of paths; blank parts are left out."""
    if isinstance(value, str):
        return tuple(part for part in value.split(os.pathsep) if part.strip())
    return value


def _absolute(value: Any) -> Any:
    """The path with ~ expanded, independent of later changes of directory."""
    return Path(value).expanduser().absolute() if isinstance(value, str | Path) else value


def _blank_is_none(value: Any) -> Any:
    """An empty environment variable means: not set."""
    return None if isinstance(value, str) and not value.strip() else value


Folder = Annotated[Path, BeforeValidator(_absolute)]
Folders = Annotated[tuple[Folder, ...], NoDecode, BeforeValidator(_paths)]


def _pairs(value: Any) -> Any:
    """`"a=b, c=d"` as a dictionary."""
    if isinstance(value, str):
        return dict(part.strip().split("=", 1) for part in value.split(",") if part.strip())
    return value


def _names(value: Any) -> Any:
    """`"a, b"` as a tuple of names, without regard to case."""
    if isinstance(value, str):
        return tuple(part.strip().lower() for part in value.split(",") if part.strip())
    return value


Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_names)]
Roles = Annotated[dict[str, Role], NoDecode, BeforeValidator(_pairs)]
Url = Annotated[str | None, BeforeValidator(_blank_is_none)]


class Settings(BaseSettings):
    """The settings of the service."""

    model_config = SettingsConfigDict(env_prefix="BEATLENS_", frozen=True, protected_namespaces=())

    host: str = Field("127.0.0.1", description="Address to listen on; 0.0.0.0 lets other machines in.")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    data_dir: Folder = Field(
        Path("var"), validate_default=True, description="Folder for the database and the list of imported folders."
    )
    recordings: Folders = Field(
        (), description="Folders with WFDB recordings, in addition to the imported ones; separated by : (Windows: ;)."
    )
    model_dirs: Folders = Field(
        (), description="Folders with models beside those that come with Beatlens; separated by : (Windows: ;)."
    )
    redis_url: Url = Field(
        None,
        description="Redis to use; without it `beatlens run` starts one of its own. E.g. redis://localhost:6379/0.",
    )
    database_url: Url = Field(
        None, description="SQLAlchemy URL of the database; by default SQLite in the data folder. E.g. postgresql://…"
    )
    workers: int = Field(1, ge=0, le=256, description="How many worker processes `beatlens run` starts.")
    max_request_bytes: int = Field(1_000_000, ge=1_000, description="Largest body that a request to /api may carry.")
    memory_mb: int = Field(
        memory.DEFAULT // memory.MEGABYTE,
        ge=16,
        description="Megabytes that all memories of the service may hold together: recordings, prepared signals, "
        "outputs, results, answers. Program and libraries need about 550 beside them.",
    )
    long_values: int = Field(
        30_000_000,
        ge=1,
        description="Values (samples times leads) of a recording above which it is read only once somebody opens it, "
        "behind the scenes; its page says how far that is.",
    )
    long_windows: int = Field(
        20_000,
        ge=1,
        description="Windows of a recording above which a model's outputs are computed behind the scenes, and its "
        "pages say how far they are; of fewer whoever asks waits. 20,000 take a worker about half a minute.",
    )

    max_upload_bytes: int = Field(200_000_000, ge=1_000, description="Largest upload of recordings, as it is sent.")
    max_unpacked_bytes: int = Field(
        1_000_000_000, ge=1_000, description="Largest upload once its archives are unpacked, and once it is in memory."
    )
    max_upload_files: int = Field(2_000, ge=1, le=100_000, description="Most files that an upload may hold, unpacked.")

    accounts: bool = Field(
        False, description="Whether people sign in; without, whoever reaches Beatlens is its administrator."
    )
    hosts: Names = Field(
        (),
        description="Names by which Beatlens is reached beside localhost, separated by commas, e.g. ecg.hospital.org; "
        "requests to other names are refused. With accounts, and where none is given, any name will do.",
    )
    trusted_proxies: str = Field(
        "127.0.0.1",
        description="Addresses of reverse proxies whose X-Forwarded-For and -Proto are believed, separated by commas.",
    )
    session_hours: float = Field(12.0, gt=0, le=8760, description="Hours after which a person has to sign in again.")
    idle_minutes: float = Field(60.0, ge=2, le=525_600, description="Minutes without a request after which likewise.")
    patient_facts_role: Role = Field(
        "annotator",
        description="Least role that sees what a header says of the patient: reader, annotator, lead, administrator.",
    )
    oidc_issuer: Url = Field(
        None, description="OpenID Connect: the provider's issuer, e.g. https://id.hospital.org/realms/staff."
    )
    oidc_client_id: str = Field("", description="OpenID Connect: the id under which the provider knows Beatlens.")
    oidc_client_secret: SecretStr = Field(SecretStr(""), description="OpenID Connect: the secret for that id.")
    oidc_scopes: str = Field("openid profile", description="OpenID Connect: what is asked for.")
    oidc_title: str = Field("Hospital sign-in", description="OpenID Connect: words on the button.")
    oidc_name_claim: str = Field("name", description="OpenID Connect: claim with a person's name.")
    oidc_role_claim: str = Field("groups", description="OpenID Connect: claim that BEATLENS_OIDC_ROLES speaks of.")
    oidc_roles: Roles = Field(
        {},
        description="OpenID Connect: role by value of that claim, e.g. cardiology=annotator,ecg-leads=lead; the "
        "highest holds, reader where none does. Left out, people are readers until an administrator says otherwise.",
    )

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach it."""
        try:
            return self.host == "localhost" or ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def uploads_dir(self) -> Path:
        """The folder of all uploads: one folder each."""
        return self.data_dir / "uploads"

    @property
    def database(self) -> str:
        """The database's URL: the one given, else SQLite in the data folder."""
        return self.database_url or f"sqlite:///{self.data_dir / 'beatlens.db'}"
