"""Run the `cdppe` command; a signal while it is being imported is one sentence too.

What a library warns of, in its own words and with a line of its own code, is told with `--debug`, or where Python is
asked to (`PYTHONWARNINGS`): a person is told in a sentence, or not at all.
"""

import sys
import warnings


def main() -> int:
    """Import the command and run it."""
    if not sys.warnoptions and "--debug" not in sys.argv:
        warnings.simplefilter("ignore")
    try:
        from cdppe_analysis.cli import main as command

        return command()
    except KeyboardInterrupt:
        print("cdppe: interrupted", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
