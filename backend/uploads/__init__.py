"""Uploads of recordings."""
