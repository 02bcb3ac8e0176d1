"""Commands about local accounts."""

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend.accounts.service import Accounts

app = typer.Typer(no_args_is_help=True, help="Local accounts, for BEATLENS_ACCOUNTS=true.")


@contextmanager
def _accounts() -> "Iterator[Accounts]":
    """The accounts in the database of the settings."""
    from backend.accounts.service import Accounts
    from backend.database import Database, upgrade
    from backend.settings import Settings

    database = Database(Settings().database)
    upgrade(database.engine)
    yield Accounts(database)
    database.close()


def _password() -> str:
    """A new password: asked for twice at a terminal, else the first line that comes in."""
    from backend.accounts.passwords import LONGEST, SHORTEST

    if sys.stdin.isatty():
        given = str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    else:
        given = sys.stdin.readline().rstrip("\n")
    if not SHORTEST <= len(given) <= LONGEST:
        typer.echo(f"A password has {SHORTEST} to {LONGEST} characters.", err=True)
        raise typer.Exit(1)
    return given


@app.command("add")
def add(
    name: Annotated[str, typer.Argument(help="Name to sign in with.")],
    role: Annotated[str, typer.Option(help="reader, annotator, lead or administrator.")] = "reader",
) -> None:
    """Make an account; its password is asked for, or read from standard input."""
    from backend.accounts.schemas import UserRequest
    from backend.settings import Settings

    try:
        asked = UserRequest.model_validate({"name": name, "role": role, "password": _password()})
    except ValueError as error:
        typer.echo(f"No account was made: {error}", err=True)
        raise typer.Exit(1) from error
    with _accounts() as accounts:
        made = accounts.add(asked.name, asked.role, asked.password)
    typer.echo(f"{made.name} is {made.role}.")
    if not Settings().accounts:
        typer.echo("Nobody is asked to sign in yet: set BEATLENS_ACCOUNTS=true.")


@app.command("list")
def everybody() -> None:
    """All accounts with their roles."""
    with _accounts() as accounts:
        for user in accounts.all().users:
            typer.echo(f"{user.role:14} {user.name}{'  (disabled)' if user.disabled else ''}")


@app.command("password")
def password(name: Annotated[str, typer.Argument(help="Name to sign in with.")]) -> None:
    """Set somebody's password anew, who is signed out everywhere; asked for, or read from standard input."""
    from backend.accounts.credentials import CredentialStore
    from backend.accounts.schemas import UserChangeRequest

    with _accounts() as accounts:
        id = accounts.id_of(name)
        accounts.change(id, UserChangeRequest(password=_password()))
        CredentialStore(accounts.database, 1, 1).end(id)
    typer.echo("The password is changed.")
