"""Pictures of a stay: its variables over the hours, the probability over time, shares by hour."""
