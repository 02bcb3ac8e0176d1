"""The text of a file of unknown encoding."""

import re

MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))  # byte order marks
_LINE_END, _LINE_END_BYTES = re.compile(r"\r\n|\r|\n"), re.compile(rb"\r\n|\r|\n")


def decoded(data: bytes) -> str:
    """Text by the byte order mark, else UTF-8, else CP1252, in which every letter of Latin-1 is the same."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return "".join(map(_letter, data)) if len(data) < 65_536 else data.decode("cp1252", "replace")


def decoded_lines(data: bytes) -> list[str]:
    """Lines by the ends that operating systems write, each decoded by itself: two hands may have written one file."""
    if data.startswith(tuple(mark for mark, _ in MARKS)):
        return _LINE_END.split(decoded(data))
    return [decoded(line) for line in _LINE_END_BYTES.split(data)]


def _letter(byte: int) -> str:
    """CP1252 leaves five bytes without a letter; Latin-1 has one for each."""
    one = bytes([byte])
    try:
        return one.decode("cp1252")
    except UnicodeDecodeError:
        return one.decode("latin-1")
