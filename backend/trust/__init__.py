"""Whether maps can be trusted, and what they say of each wave of the beat."""
