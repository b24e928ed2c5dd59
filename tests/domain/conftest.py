"""Property tests have no deadline: a slow machine is not a failure."""

from hypothesis import settings

settings.register_profile("tokendial", deadline=None, max_examples=100)
settings.load_profile("tokendial")
