"""Accounts and the log."""

from frontend.pages.people.page import PAGE

__all__ = ["PAGE"]
