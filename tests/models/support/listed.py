"""What a list of recordings says of one, beside what the recording itself says once it is open."""

from models.records import Entry, Record
from models.records.one_file import OneFileFolder


def facts(of: Entry | Record) -> tuple[object, ...]:
    """What both say."""
    return of.leads, of.fs, of.samples, of.notes


def opened(source: OneFileFolder) -> Record:
    """The only recording of a folder, which the list described truly."""
    (entry,) = source.list()
    assert isinstance(entry, Entry), entry
    record = source.open(entry.id)
    assert facts(entry) == facts(record)
    return record
