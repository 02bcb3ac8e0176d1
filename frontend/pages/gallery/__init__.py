"""Groups of beats over each other."""

from frontend.pages.gallery.page import PAGE

__all__ = ["PAGE"]
