"""Covering: what a model says where parts of its window are hidden."""
