"""Figures of a rhythm: rows of true scale, the output over time, the lanes of a long recording."""
