"""All methods side by side."""

from frontend.pages.compare.page import PAGE

__all__ = ["PAGE"]
