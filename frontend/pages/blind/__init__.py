"""The reader's screen of an annotation session."""

from frontend.pages.blind.page import PAGE

__all__ = ["PAGE"]
