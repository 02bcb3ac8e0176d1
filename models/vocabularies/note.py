"""What was written beside a signal in words of its own."""

from models.vocabularies.base import Vocabulary, table

NOTE = "note"  # the one label: what was written is the mark's text
VOCABULARY = Vocabulary(NOTE, "Notes", table(((NOTE, "Note", "Note", "note", "Q", None),)))
