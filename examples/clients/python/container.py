"""The sandbox in a container, in place of Sandbox.

It needs the package testcontainers, a Docker, and the image: see
cmd/pmpsmart-sandbox/Dockerfile.
"""

from __future__ import annotations

from testcontainers.core.container import DockerContainer
from testcontainers.core.waiting_utils import wait_for_logs


class SandboxContainer:
    def __init__(self, image: str = "pmpsmart-sandbox") -> None:
        self._container = DockerContainer(image)
        self._container.with_env("PMPSMART_SANDBOX_PASSWORD", "rahasia-uji")
        self._container.with_exposed_ports(8089)
        self._container.start()
        wait_for_logs(self._container, "PMP Smart sandbox")
        host, port = self._container.get_container_host_ip(), self._container.get_exposed_port(8089)
        self.control_url = f"http://{host}:{port}/_sandbox"

    def stop(self) -> None:
        self._container.stop()
