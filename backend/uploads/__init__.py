"""Recordings that people send."""
