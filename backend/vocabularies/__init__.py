"""The words in which marks, classes and readings are written."""
