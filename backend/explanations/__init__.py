"""Explanations: instant ones computed here, slow ones queued."""
