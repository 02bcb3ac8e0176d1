"""Models, and their outputs for whole recordings and single beats."""
