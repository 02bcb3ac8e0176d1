"""Signing in."""

from frontend.pages.sign_in.page import PAGE

__all__ = ["PAGE"]
