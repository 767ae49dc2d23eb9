"""What this project calls itself when it asks other people's servers for a picture."""

from functools import cache
from importlib.metadata import metadata, version


@cache
def user_agent(library: str) -> str:
    """The value of ``User-Agent``, in the form that Wikimedia asks of everyone: name, version, where to write to.

    ``library`` is the distribution that sends the request.

    >>> user_agent("requests").startswith("cvhelpers/")
    True
    """
    about = metadata("cvhelpers")
    contact = str(about["Project-URL"]).split(",")[-1].strip()
    return f"cvhelpers/{about['Version']} ({contact}) {library}/{version(library)}"
