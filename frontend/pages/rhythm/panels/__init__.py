"""Panels of the rhythm page: what depends on the window in view."""
