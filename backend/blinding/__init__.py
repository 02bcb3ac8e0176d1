"""Who must not see what yet, below every room that answers of beats."""
