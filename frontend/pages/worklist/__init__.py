"""All recordings at a glance."""

from frontend.pages.worklist.page import PAGE

__all__ = ["PAGE"]
