"""Beats of one recording in groups and in queues."""
