"""Digital values from the bytes of a WFDB signal file. Formats: signal(5) of the WFDB manual."""

import math
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.errors import BadRecordError

Digital = NDArray[np.int32]
BITS = {8: 8, 16: 16, 24: 24, 32: 32, 61: 16, 80: 8, 160: 16, 212: 12, 310: 32 / 3, 311: 32 / 3}
FLAC = {508: 8, 516: 16, 524: 24}  # largest bits of a value
FORMATS = (0, *BITS, *FLAC)  # 0: a signal without samples
_ALIGNED = {16: "<i2", 32: "<i4", 61: ">i2", 80: "u1", 160: "<u2", 8: "i1"}
_LEAST = {80: 8, 508: 8, 310: 10, 311: 10, 212: 12, 16: 16, 61: 16, 160: 16, 516: 16, 24: 24, 524: 24, 32: 32}
_LIBRARY_MISSING = -32768  # what the C library writes into any wider format (bemoody/wfdb#11)


def missing(format_: int, values: Digital) -> NDArray[np.bool_]:
    """Which values mark a missing sample: the least of the format, and -32768 in those of 24 and 32 bits."""
    if format_ not in _LEAST:
        return np.zeros(values.shape, dtype=bool)
    found = values == -(2 ** (_LEAST[format_] - 1))
    if _LEAST[format_] > 16:
        found |= values == _LIBRARY_MISSING
    return np.asarray(found, dtype=bool)


def size_of(format_: int, values: int) -> int:
    """Bytes of so many values; those that fill no last byte count as one."""
    if format_ == 310:
        return values // 3 * 4 + values % 3 * 2  # the first two of three lie in a word each
    return math.ceil(values * 3 / 2) if format_ == 212 else math.ceil(values * BITS[format_] / 8 - 1e-9)


def count_in(format_: int, size: int) -> int:
    """Values in so many bytes."""
    if format_ in (310, 311):
        rest = (0, 0, 1, 2 if format_ == 311 else 1)[size % 4]
        return size // 4 * 3 + rest
    return int(size * 8 // BITS[format_])


def unpacked(format_: int, data: bytes, count: int) -> Digital:
    """`count` values as stored; of format 8 the differences."""
    if format_ in _ALIGNED:
        values = np.frombuffer(data, dtype=_ALIGNED[format_], count=count).astype(np.int32)
        return np.asarray(values - {80: 128, 160: 32768}.get(format_, 0), dtype=np.int32)
    if format_ == 24:
        parts = np.frombuffer(data, dtype=np.uint8, count=3 * count).reshape(-1, 3).astype(np.int32)
        return _signed(parts[:, 0] | parts[:, 1] << 8 | parts[:, 2] << 16, 24)
    return _twelve(data, count) if format_ == 212 else _ten(format_, data, count)


def _twelve(data: bytes, count: int) -> Digital:
    """Two values in three bytes."""
    parts = _padded(data, 3).reshape(-1, 3).astype(np.int32)
    pair = np.stack([parts[:, 0] | (parts[:, 1] & 0x0F) << 8, parts[:, 2] | (parts[:, 1] & 0xF0) << 4], axis=1)
    return _signed(pair.reshape(-1)[:count], 12)


def _ten(format_: int, data: bytes, count: int) -> Digital:
    """Three values in four bytes: 310 has them in two words that begin at bit 1, 311 in one."""
    padded = _padded(data, 4)
    if format_ == 311:
        word = padded.view("<u4").astype(np.int64)
        three = (word & 0x3FF, word >> 10 & 0x3FF, word >> 20 & 0x3FF)
    else:
        pair = padded.view("<u2").reshape(-1, 2).astype(np.int64)
        low, high = pair[:, 0], pair[:, 1]
        three = (low >> 1 & 0x3FF, high >> 1 & 0x3FF, low >> 11 & 0x1F | (high >> 11 & 0x1F) << 5)
    return _signed(np.stack(three, axis=1).reshape(-1)[:count], 10)


def _padded(data: bytes, block: int) -> NDArray[np.uint8]:
    return np.frombuffer(data + bytes(-len(data) % block), dtype=np.uint8)


def _signed(values: NDArray[np.integer[Any]], bits: int) -> Digital:
    return np.where(values >= 1 << (bits - 1), values - (1 << bits), values).astype(np.int32)


def flac(path: Path, format_: int, channels: int, count: int) -> Digital:
    """The first values[count, channels] of a FLAC file, at the resolution it states."""
    with _opened(path) as file:
        bits = {"PCM_S8": 8, "PCM_16": 16, "PCM_24": 24}.get(file.subtype, 0)
        if file.format != "FLAC" or not 0 < bits <= FLAC[format_]:
            raise BadRecordError(
                str(path), f"is {file.format} of {file.subtype}: expected FLAC of {FLAC[format_]} bits"
            )
        if file.channels != channels:
            raise BadRecordError(str(path), f"holds {file.channels} channels, and its header describes {channels}")
        values = file.read(count, dtype="int32", always_2d=True)
    if len(values) < count:
        raise BadRecordError(str(path), f"is damaged: {len(values)} of {count} samples can be read")
    return np.asarray(values >> (32 - bits), dtype=np.int32)


def flac_length(path: Path) -> int:
    """Values of each channel, by the file's own header."""
    with _opened(path) as file:
        return int(file.frames)


def _opened(path: Path) -> Any:
    import soundfile

    try:
        return soundfile.SoundFile(str(path))
    except soundfile.LibsndfileError as error:
        raise BadRecordError(str(path), f"is no FLAC file: {error.error_string}") from error
