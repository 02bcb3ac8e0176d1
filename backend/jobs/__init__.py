"""Jobs of every kind, followed together."""
