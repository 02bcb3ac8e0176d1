"""What the models answer for whole recordings and single beats."""
