"""The state of every part of the service."""
