"""Shared results, frozen where they cannot change."""
