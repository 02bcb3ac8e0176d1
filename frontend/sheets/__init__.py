"""Shared results on paper: one A4 page at true scale, and the picture that announces a link."""
