"""The sandbox, for tests: one for all of them, and in it a world for each."""

from __future__ import annotations

import json
import os
import subprocess
import unittest
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, Optional

REPOSITORY = Path(__file__).resolve().parents[3]


class Sandbox:
    """A sandbox that runs: the one at PMPSMART_SANDBOX_URL, else one of its own.

    PMPSMART_SANDBOX_BIN is the program; without it Go runs it from this repository.
    """

    def __init__(self) -> None:
        self._process: Optional[subprocess.Popen[str]] = None
        if url := os.environ.get("PMPSMART_SANDBOX_URL"):
            self.control_url = f"{url.rstrip('/')}/_sandbox"
            return
        program = os.environ.get("PMPSMART_SANDBOX_BIN")
        command = [program] if program else ["go", "-C", str(REPOSITORY), "run", "./cmd/pmpsmart-sandbox"]
        self._process = subprocess.Popen(
            [*command, "-addr", "127.0.0.1:0", "-json", "-quiet", "-until-eof"],
            stdin=subprocess.PIPE,  # when this process is gone, so is the sandbox
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the sandbox ended with exit status {self._process.wait()}")
        self.control_url: str = json.loads(line)["control_url"]

    def stop(self) -> None:
        if self._process:
            self._process.communicate()  # closes its input


class World:
    """A sandbox of a test's own: data, tokens, faults, requests and clock.

    start is what docs/testing.md says of a world's body.
    """

    def __init__(self, sandbox: Sandbox, **start: Any) -> None:
        answer = _control("POST", f"{sandbox.control_url}/worlds", start)
        self.base_url: str = answer["base_url"]
        self.email: str = answer["email"]
        self.password: str = answer["password"]
        self._control_url: str = answer["control_url"]
        self._url = f"{sandbox.control_url}/worlds/{answer['id']}"

    def end(self) -> list[dict[str, Any]]:
        """Ends it and returns the faults that no request has met."""
        return _control("DELETE", self._url)["unmet"]

    def fail(self, *faults: dict[str, Any]) -> None:
        """Says what is to go wrong."""
        self.post("faults", faults)

    def requests(self, op: str = "") -> list[dict[str, Any]]:
        """Returns the requests to an endpoint, by the name of the Go method, such as InsertJSONOrder."""
        return self.get(f"requests?op={op}")["requests"]

    def get(self, path: str) -> Any:
        return _control("GET", f"{self._control_url}/{path}")

    def post(self, path: str, body: Any = None) -> Any:
        return _control("POST", f"{self._control_url}/{path}", body)


class SandboxTestCase(unittest.TestCase):
    """A test with worlds."""

    sandbox: Sandbox

    @classmethod
    def setUpClass(cls) -> None:
        cls.sandbox = Sandbox()
        cls.addClassCleanup(cls.sandbox.stop)

    def new_world(self, **start: Any) -> World:
        """Makes a world that ends with the test, and fails it for a fault that no request has met."""
        world = World(self.sandbox, **start)
        self.addCleanup(lambda: self.assertEqual(world.end(), [], "no request met these faults"))
        return world


_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # the sandbox is near


def _control(method: str, url: str, body: Any = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    try:
        with _opener.open(urllib.request.Request(url, data, method=method)) as response:
            text = response.read()
    except urllib.error.HTTPError as error:
        with error:
            raise AssertionError(f"{method} {url}: {error.code} {error.read().decode()}") from None
    return json.loads(text) if text else None
