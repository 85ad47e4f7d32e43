"""Finds and calls the command line. Knows nothing of artifacts."""

import os
import re
import shlex
import shutil
import subprocess


class Error(Exception):
    """What Blockspin could not do, and why, in words for the person who asked."""


class CommandNotFound(Error):
    """There is no command line to ask."""


def command():
    """The words that call the command line: $BLOCKSPIN, else blockspin on the PATH, else npx."""
    given = os.environ.get("BLOCKSPIN")
    if given:
        return shlex.split(given)
    if shutil.which("blockspin"):
        return ["blockspin"]
    if shutil.which("npx"):
        return ["npx", "--no", "blockspin"]  # --no: never install what is not there
    raise CommandNotFound(
        "found no blockspin: put it on the PATH (npm install --global blockspin), "
        "or set BLOCKSPIN to the command that starts it"
    )


def call(*arguments, cwd=None):
    """Calls the command line, and returns what it prints. Raises Error with what it says is wrong."""
    words = [*command(), *(os.fspath(word) for word in arguments)]
    try:
        done = subprocess.run(words, cwd=cwd, capture_output=True, text=True, encoding="utf-8")
    except OSError as error:
        raise CommandNotFound(f"cannot start {words[0]}: {error.strerror}") from error
    if done.returncode == 0:
        return done.stdout
    said = done.stderr.strip()
    if re.search(r"npx canceled|could not determine executable|not found: blockspin|^npm (error|ERR!)", said):
        raise CommandNotFound(
            f"npx found no blockspin in {cwd or os.getcwd()}: change to the project's folder, "
            "put blockspin on the PATH, or set BLOCKSPIN to the command that starts it"
        )
    message = re.sub(r"^error: ", "", said)
    raise Error(message or f"{words[0]} ended with exit code {done.returncode}")
