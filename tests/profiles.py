"""A pytest plugin: how many examples the tests of properties try. Few in an ordinary run, 10,000 in the nightly one.

uv run pytest tests/test_mutated_answers.py -n 0 --hypothesis-profile nightly
"""

from hypothesis import HealthCheck, settings

settings.register_profile("ordinary", max_examples=100, deadline=None)
settings.register_profile(
    "nightly", max_examples=10_000, deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("ordinary")
