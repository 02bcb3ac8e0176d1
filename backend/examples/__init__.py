"""Examples: real windows of all recordings as a model sees them, and those that are most like one that is open."""
