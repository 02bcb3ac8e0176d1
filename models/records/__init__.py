"""Recordings: from files, or from the demo set, to millivolts in memory."""

from models.records.catalogue import Catalogue, catalogue
from models.records.record import Annotations, Mark, Record
from models.records.source import Entry, Problem, Source

__all__ = ["Annotations", "Catalogue", "Entry", "Mark", "Problem", "Record", "Source", "catalogue"]
