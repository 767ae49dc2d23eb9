"""What all tests share."""

from hypothesis import settings

# A machine that is busy with other things is no fault: how long an example takes says nothing here.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
