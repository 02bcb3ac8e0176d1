"""A shared link."""

from frontend.pages.link.page import PAGE

__all__ = ["PAGE"]
