"""Annotation sessions."""

from frontend.pages.sessions.page import PAGE

__all__ = ["PAGE"]
