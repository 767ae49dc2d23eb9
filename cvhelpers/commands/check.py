"""cvhelpers check: does Azure answer to your endpoint and key? One call at most."""

import argparse
from collections.abc import Sequence

from cvhelpers.clients.check import SECONDS, check_setup


def main(arguments: Sequence[str]) -> int:
    """Say in words what is wrong, and what to do. Exit status 1 if something is."""
    parser = argparse.ArgumentParser(
        prog="cvhelpers check",
        description="Test whether Azure Computer Vision answers with your endpoint and key, with one call at most. "
        "They are taken from the environment (VISION_ENDPOINT, VISION_KEY) or from a file named .env; "
        "a key that is nowhere is asked for, and not stored.",
    )
    parser.add_argument("--endpoint", help="the address of your resource, or the name of its region")
    parser.add_argument("--api-version", default="v3.2", help="the version that you want to use (default: %(default)s)")
    parser.add_argument(
        "--timeout", type=float, default=SECONDS, help="seconds that it may take (default: %(default)g)"
    )
    options = parser.parse_args(arguments)
    found = check_setup(options.endpoint, api_version=options.api_version, timeout=options.timeout)
    print(found)
    return 0 if found else 1
