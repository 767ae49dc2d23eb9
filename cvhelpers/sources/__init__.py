"""The places an answer can come from, each a `requests` adapter that is mounted on a session."""
