"""A pytest plugin: a network that has no interface but the loopback."""

import shutil
import subprocess
import sys

import pytest

LOOPBACK_ONLY = ["unshare", "--net", "--map-root-user", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]


@pytest.fixture(scope="session")
def no_network():
    """What starts a command in a network namespace that has only the loopback, over which kernels talk."""
    if sys.platform != "linux":
        pytest.skip("only Linux has network namespaces")
    missing = [tool for tool in ("unshare", "ip") if not shutil.which(tool)]
    if missing:
        pytest.skip(f"{' and '.join(missing)} not installed: apt-get install util-linux iproute2")
    if subprocess.run([*LOOPBACK_ONLY, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this system allows no network namespace")
    return LOOPBACK_ONLY
