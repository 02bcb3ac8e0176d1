"""Files that people send, onto the disk: nothing leaves its folder, and no more comes than there is room for."""

import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO

from models.errors import InvalidError

BLOCK = 65_536  # bytes
DEPTH, NAME = 8, 120  # folders within folders; bytes of one name
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # the others may ask for any amount of memory
LISTED = 1024  # bytes of an archive's list for each file that it may hold
JUNK = re.compile(r"^(?:\..*|__MACOSX|Thumbs\.db|desktop\.ini)$", re.IGNORECASE)
SHAPE = re.compile(r"^[^\x00-\x1f\x7f\\:]+$")
FIELD = "files"


@dataclass(frozen=True)
class Sent:
    """One file as it was sent."""

    name: str
    content: BinaryIO


@dataclass
class Allowance:
    """The bytes and files that may still be written."""

    bytes: int
    files: int
    taken: set[str] = field(default_factory=set)  # names in small letters: some systems know no others

    def file(self, name: str) -> None:
        """Count one more file."""
        self.files -= 1
        if self.files < 0:
            raise InvalidError("The upload holds too many files: send it in parts", field=FIELD)
        if name.lower() in self.taken:
            raise InvalidError(f"Two files are named {name}: send them one after the other", field=FIELD)
        self.taken.add(name.lower())

    def block(self, size: int) -> None:
        """Count so many more bytes."""
        self.bytes -= size
        if self.bytes < 0:
            raise InvalidError("Unpacked, the upload is larger than Beatlens takes: send it in parts", field=FIELD)


def write_files(sent: Sequence[Sent], folder: Path, allowance: Allowance) -> None:
    """Write the files, and what is in archives, below `folder`; InvalidError names what cannot be taken."""
    for one in sent:
        if one.name.lower().endswith(".zip"):
            _unpack(one, folder, allowance)
        elif (path := inside(one.name)) is not None:
            _write(one.content, folder, path, allowance)


def inside(name: str) -> PurePosixPath | None:
    """The name as a path below any folder; None for what systems leave lying about. InvalidError for any other."""
    parts = name.split("/")
    if not SHAPE.match(name) or any(part in ("", ".", "..") for part in parts):
        raise InvalidError(f"The file name {name[:NAME]!r} would lie outside its folder", field=FIELD)
    if len(parts) > DEPTH or any(len(part.encode()) > NAME for part in parts):
        raise InvalidError(f"The file name {name[:NAME]!r} is too long", field=FIELD)
    return None if any(JUNK.match(part) for part in parts) else PurePosixPath(name)


def _write(content: IO[bytes], folder: Path, path: PurePosixPath, allowance: Allowance) -> None:
    allowance.file(str(path))
    target = folder / path
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as file:
            while block := content.read(BLOCK):
                allowance.block(len(block))
                file.write(block)
    except (FileExistsError, NotADirectoryError) as error:
        raise InvalidError(f"{path} is a file and a folder at once", field=FIELD) from error


def _unpack(sent: Sent, folder: Path, allowance: Allowance) -> None:
    """All files of an archive, block by block: what an archive says of its sizes is not believed."""
    try:
        with zipfile.ZipFile(Bounded(sent.content, LISTED * max(allowance.files, 64))) as archive:
            for entry in archive.infolist():
                if not entry.is_dir() and (path := _checked(entry, sent.name)) is not None:
                    with archive.open(entry) as content:
                        _write(content, folder, path, allowance)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, struct.error) as error:
        raise InvalidError(f"{sent.name} is damaged, or no zip file: {error}", field=FIELD) from error


def _checked(entry: zipfile.ZipInfo, archive: str) -> PurePosixPath | None:
    name = f"{archive}: {entry.filename[:NAME]!r}"
    mode = entry.external_attr >> 16
    if mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        raise InvalidError(f"{name} is a link, or no plain file", field=FIELD)
    if entry.flag_bits & 0x1:
        raise InvalidError(f"{name} is encrypted: send it without a password", field=FIELD)
    if entry.compress_type not in METHODS:
        raise InvalidError(f"{name} is not packed by deflate, the usual way of zip", field=FIELD)
    if entry.filename.lower().endswith(".zip"):
        raise InvalidError(f"{name} is an archive in an archive: send its files", field=FIELD)
    return inside(entry.filename)


class Bounded:
    """A file of which no more is read at once than `most` bytes: the list of an archive is read so."""

    def __init__(self, file: BinaryIO, most: int) -> None:
        self.file, self.most = file, most
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, size: int = -1) -> bytes:
        """Bytes of the file; InvalidError for too much."""
        data = self.file.read(self.most + 1 if size < 0 else min(size, self.most + 1))
        if len(data) > self.most:
            raise InvalidError("An archive of the upload lists too many files: send it in parts", field=FIELD)
        return data
