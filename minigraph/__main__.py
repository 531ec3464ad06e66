"""`python -m minigraph` is `minigraph`."""

import sys

from minigraph.cli import main

sys.exit(main())
