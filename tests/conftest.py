"""What all tests share: how hypothesis searches."""

from hypothesis import settings

# No deadline: the first example of a test also pays for imports, and a busy machine for others.
settings.register_profile("minigraph", deadline=None, max_examples=60)
settings.load_profile("minigraph")
