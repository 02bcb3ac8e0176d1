"""A long recording at a glance: its windows, their outputs, and how much of the time each class has."""

from frontend.pages.day.page import PAGE

__all__ = ["PAGE"]
