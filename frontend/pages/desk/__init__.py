"""The review desk."""

from frontend.pages.desk.page import PAGE

__all__ = ["PAGE"]
