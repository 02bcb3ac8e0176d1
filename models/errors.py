"""What can be wrong with a request to the science, with the value and the options. No HTTP here."""


class DomainError(Exception):
    """Base of every error that a reader can mend; its text names the value and what would have been valid."""

    def __init__(self, message: str, *, field: str | None = None, options: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.field = field
        self.options = options


class NotFoundError(DomainError):
    """The named thing does not exist here."""


class InvalidError(DomainError):
    """The value cannot be used; `options` says which could."""


class BadRecordError(DomainError):
    """A recording that cannot be read: the file and the reason."""

    def __init__(self, file: str, reason: str, field: str | None = None) -> None:
        super().__init__(f"{file}: {reason}", field=field)
        self.file = file
        self.reason = reason


class UnsupportedError(DomainError):
    """This method cannot work on this network; the message says why."""


def unknown(
    kind: str, value: object, options: tuple[str, ...], where: str = "there is", field: str | None = None
) -> NotFoundError:
    """`Unknown lead 'V7': this record has MLII, V5`."""
    return NotFoundError(
        f"Unknown {kind} {value!r}: {where} {', '.join(options) or 'none'}", field=field, options=options
    )
