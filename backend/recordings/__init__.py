"""Which recordings there are, their signals and their beats."""
