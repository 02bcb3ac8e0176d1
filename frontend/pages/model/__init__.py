"""A model from inside: what its card says, and what its network does with real windows."""

from frontend.pages.model.page import PAGE

__all__ = ["PAGE"]
