"""The text of a file of unknown encoding."""

import re

MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))  # byte order marks
_LINE_END = re.compile(r"\r\n|\r|\n")


def decoded(data: bytes) -> str:
    """Text by the byte order mark, else UTF-8, else CP1252, in which every letter of Latin-1 is the same."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return "".join(_letter(byte) for byte in data) if len(data) < 65_536 else data.decode("cp1252", "replace")


def split_lines(text: str) -> list[str]:
    """Lines by the ends that operating systems write; not by the rarer ones of `str.splitlines`."""
    return _LINE_END.split(text)


def _letter(byte: int) -> str:
    """CP1252 leaves five bytes without a letter; Latin-1 has one for each."""
    one = bytes([byte])
    try:
        return one.decode("cp1252")
    except UnicodeDecodeError:
        return one.decode("latin-1")
