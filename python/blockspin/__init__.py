"""Artifacts of Blockspin pipelines in Python: what `blockspin show` finds, as NumPy arrays."""

from ._command import CommandNotFound, Error, call, command
from ._load import load

__all__ = ["CommandNotFound", "Error", "call", "command", "load"]
