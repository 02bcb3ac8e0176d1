"""Explanations: how they are made, and the form in which they are kept."""
