"""Run the `cdppe` command as `python -m cdppe_analysis`."""

import sys

from cdppe_analysis.cli import main

if __name__ == "__main__":
    sys.exit(main())
