"""The results of an annotation session."""

from frontend.pages.results.page import PAGE

__all__ = ["PAGE"]
