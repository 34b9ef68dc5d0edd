"""`python -m begat` is the command line."""

import sys

from begat.api.cli import main

sys.exit(main())
