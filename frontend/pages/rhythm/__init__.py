"""The rhythm of one window in rows at true scale."""

from frontend.pages.rhythm.page import PAGE

__all__ = ["PAGE"]
