"""Bulk requests: explanations of a whole recording, of a class, of chosen beats."""
