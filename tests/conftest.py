"""What all tests share: how hypothesis searches."""

import os

from hypothesis import settings

# No deadline: the first example of a test also pays for imports, and a busy machine for others.
# The same examples each time, so that it is the change that fails; with HYPOTHESIS_RANDOM=1 others.
settings.register_profile(
    "minigraph",
    deadline=None,
    max_examples=60,
    derandomize="HYPOTHESIS_RANDOM" not in os.environ,
)
settings.load_profile("minigraph")
