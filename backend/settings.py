"""Settings are data: name, default and description in one table, read from the environment as BEATLENS_*."""

import os
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


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
Url = Annotated[str | None, BeforeValidator(_blank_is_none)]


class Settings(BaseSettings):
    """Everything that can be set from outside."""

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

    @property
    def database(self) -> str:
        """The database's URL: the one given, else SQLite in the data folder."""
        return self.database_url or f"sqlite:///{self.data_dir / 'beatlens.db'}"
