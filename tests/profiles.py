"""A pytest plugin: how many examples the tests of properties try, and how long each may take.

No conftest.py: with --doctest-modules it would be collected, and clash with the one of tests/browser.
"""

from hypothesis import HealthCheck, settings

# A machine that is busy with other things is no fault: how long an example takes says nothing here.
settings.register_profile("patient", deadline=None)
# For `--hypothesis-profile nightly`: 10,000 examples for each test that does not say how many it tries.
settings.register_profile(
    "nightly", max_examples=10_000, deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("patient")
