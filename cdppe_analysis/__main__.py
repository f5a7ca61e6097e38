"""Run the `cdppe` command; a signal while it is being imported is one sentence too."""

import sys


def main() -> int:
    """Import the command and run it."""
    try:
        from cdppe_analysis.cli import main as command

        return command()
    except KeyboardInterrupt:
        print("cdppe: interrupted", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
