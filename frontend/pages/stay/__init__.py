"""One stay in intensive care: what was measured, what was carried forward, and what the model made of it."""

from frontend.pages.stay.page import PAGE

__all__ = ["PAGE"]
