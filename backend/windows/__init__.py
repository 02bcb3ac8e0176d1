"""A recording's windows as one model reads them: all as columns, one with its surroundings."""
