"""How the command line is found, and what becomes of its errors. Programs stand in for nothing: sh runs."""

import os
import stat
import tempfile
import unittest
from unittest import mock

import blockspin


class Command(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        patch = mock.patch.dict(os.environ, {"PATH": folder.name})
        patch.start()
        self.addCleanup(patch.stop)
        os.environ.pop("BLOCKSPIN", None)

    def program(self, name, code):
        path = os.path.join(self.folder, name)
        with open(path, "w") as file:
            file.write(f"#!/bin/sh\n{code}\n")
        os.chmod(path, os.stat(path).st_mode | stat.S_IXUSR)
        return path

    def test_nothing_is_there(self):
        with self.assertRaisesRegex(blockspin.CommandNotFound, "put it on the PATH"):
            blockspin.load("p.yaml", "lattices")

    def test_where_it_is_looked_for(self):
        self.program("npx", "")
        self.assertEqual(blockspin.command(), ["npx", "--no", "blockspin"])
        self.program("blockspin", "")
        self.assertEqual(blockspin.command(), ["blockspin"])
        os.environ["BLOCKSPIN"] = "node 'my folder/main.js'"
        self.assertEqual(blockspin.command(), ["node", "my folder/main.js"])

    def test_what_it_says_is_wrong(self):
        self.program("blockspin", 'echo "error: a has not been computed" >&2; exit 2')
        with self.assertRaisesRegex(blockspin.Error, "^a has not been computed$"):
            blockspin.load("p.yaml", "a")
        self.program("blockspin", "exit 3")
        with self.assertRaisesRegex(blockspin.Error, "exit code 3"):
            blockspin.call("run")

    def test_names_are_no_options(self):
        self.program("blockspin", 'while [ "$1" != -- ]; do shift; done; echo "error: $2 of $3" >&2; exit 2')
        with self.assertRaisesRegex(blockspin.Error, "^--help of --version$"):
            blockspin.load("--help", "--version", set={"size": 8})

    def test_npx_that_finds_nothing(self):
        self.program("npx", 'echo "npm error code E404" >&2; exit 1')
        with self.assertRaisesRegex(blockspin.CommandNotFound, "npx found no blockspin in "):
            blockspin.load("p.yaml", "a")

    def test_a_command_that_does_not_start(self):
        os.environ["BLOCKSPIN"] = "/missing/blockspin"
        with self.assertRaisesRegex(blockspin.CommandNotFound, "cannot start /missing/blockspin"):
            blockspin.call("run")

    def test_an_unknown_kind(self):
        with self.assertRaisesRegex(ValueError, "as_ must be one of"):
            blockspin.load("p.yaml", "a", as_="excel")


if __name__ == "__main__":
    unittest.main()
