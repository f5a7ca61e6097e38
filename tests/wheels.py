"""For each locked package, for which Pythons and systems it has a wheel: `python tests/wheels.py PYLOCK OUT`.

`make lock` runs it on the resolution in the format of PEP 751, which names every wheel; the lock itself keeps no
address, hence no name of a file. What is written is what `tests/test_packaging.py` holds the lock against.
"""

import csv
import sys
import tomllib
from pathlib import Path

from packaging.utils import parse_wheel_filename

SYSTEMS = {"manylinux": "linux", "macosx": "macos", "win": "windows", "any": "any"}
MACHINES = {"linux": "x86_64", "macos": ("arm64", "universal2"), "windows": "amd64", "any": "any"}


def supported(wheel):
    """Return the `interpreter-abi-system` of a wheel's tags, for the machines most people have."""
    for tag in parse_wheel_filename(wheel)[3]:
        system = next((name for start, name in SYSTEMS.items() if tag.platform.startswith(start)), None)
        if system and tag.platform.endswith(MACHINES[system]):
            yield f"{tag.interpreter}-{tag.abi}-{system}"


def main(pylock, out):
    packages = tomllib.loads(Path(pylock).read_text(encoding="utf-8"))["packages"]
    with Path(out).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["paquet", "version", "roues"])
        for package in packages:
            wheels = [wheel["url"].rsplit("/", 1)[1].split("#")[0] for wheel in package.get("wheels", [])]
            tags = sorted({tag for wheel in wheels for tag in supported(wheel)})
            writer.writerow([package["name"], package["version"], " ".join(tags)])


if __name__ == "__main__":
    main(*sys.argv[1:])
