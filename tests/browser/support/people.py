"""People with accounts, as the tests of signing in and of reading together need them."""

import os
import subprocess
import sys
from pathlib import Path

import httpx
from patience import PATIENCE
from running import Program

PEOPLE = {"Lena": "lead", "Rita": "annotator", "Sam": "annotator", "Rea": "reader"}


def password(name: str) -> str:
    """What somebody signs in with."""
    return f"long words of {name}"


def add_administrator(folder: Path, name: str = "Ada") -> None:
    """The first account, by command line."""
    env = os.environ | {"BEATLENS_ACCOUNTS": "true", "BEATLENS_DATA_DIR": str(folder)}
    command = [sys.executable, "-m", "beatlens", "account", "add", name, "--role", "administrator"]
    subprocess.run(command, input=password(name), text=True, env=env, check=True, capture_output=True)


def add_people(program: Program, by: str = "Ada") -> None:
    """All others, by the administrator."""
    about = {"base_url": program.address, "headers": {"Origin": program.address}}
    with httpx.Client(timeout=PATIENCE, trust_env=False, **about) as client:
        client.post("/api/sign-in", json={"name": by, "password": password(by)}).raise_for_status()
        for name, role in PEOPLE.items():
            body = {"name": name, "role": role, "password": password(name)}
            client.post("/api/users", json=body).raise_for_status()
