"""One's own links."""

from frontend.pages.links.page import PAGE

__all__ = ["PAGE"]
