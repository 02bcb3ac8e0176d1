"""Explanations: the methods there are, and what other rooms ask of them."""
