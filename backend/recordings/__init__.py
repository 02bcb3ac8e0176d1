"""The recordings there are, their signals and their beats."""
