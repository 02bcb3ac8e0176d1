"""Blinding: what is hidden from whom, below every room that answers of beats."""
