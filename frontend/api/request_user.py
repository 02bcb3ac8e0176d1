"""The person for whom a page is made: what the browser showed of itself goes on to the service, nothing else."""

from typing import Any

from flask import g, has_request_context, request

PASSED_ON = ("cookie", "host", "origin", "referer", "sec-fetch-site")  # who it is, and that a page of ours asks


def shown() -> dict[str, str]:
    """The headers for a request in this person's name; none outside a request."""
    if not has_request_context():
        return {}
    return {name: request.headers[name] for name in PASSED_ON if name in request.headers}


def remembered() -> dict[str, Any]:
    """What is known of the person, for as long as this request of the browser lasts."""
    return g.setdefault("person", {}) if has_request_context() else {}
