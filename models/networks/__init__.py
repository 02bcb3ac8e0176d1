"""Architectures: each a file of this package that defines one Network; discovered, never listed."""

from functools import cache
from typing import Any

from pydantic import ValidationError

from models.discovery import discover, named
from models.errors import InvalidError, unknown
from models.networks.base import Network, NetworkConfig, chances

__all__ = ["Network", "NetworkConfig", "architectures", "build", "chances"]


@cache
def architectures() -> dict[str, type[Network]]:
    """Every architecture by name."""
    found: dict[str, type[Network]] = {}
    for item in discover(__name__, Network, "networks"):
        if hasattr(item, "architecture"):  # a base that several share has none
            named(found, item.architecture, item)
    return dict(sorted(found.items()))


def build(architecture: str, config: dict[str, Any]) -> Network:
    """A new network; InvalidError names the setting of `config` that its architecture refuses."""
    known = architectures()
    if architecture not in known:
        raise unknown("architecture", architecture, tuple(known), field="architecture")
    kind = known[architecture]
    try:
        return kind(kind.Config.model_validate(config))
    except ValidationError as error:
        first = error.errors()[0]
        setting = ".".join(map(str, first["loc"]))
        message = f"Network config {setting} = {first['input']!r} does not fit {architecture!r}: {first['msg']}"
        raise InvalidError(message, field=setting, options=tuple(kind.Config.model_fields)) from error
