"""Readings: what people call the windows they look at."""
