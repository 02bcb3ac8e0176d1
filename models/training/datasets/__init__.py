"""Data sets to train on, one file each."""
