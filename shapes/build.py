"""Build the contours of the départements and régions from IGN Admin Express.

    python shapes/build.py SOURCE [--out DIR]

SOURCE is the GeoJSON of the départements, as it was published or packed by xz; whichever it is, its content must have
the SHA-256 that `data/sources.yml` pins. The copy in `shapes/source/` is packed, not simplified: no border moves.

In the source, neighbours share their borders vertex by vertex. The full and the light contours are each simplified as
one coverage (Visvalingam-Whyatt, each shared border once; shapely.coverage_simplify), so that they still fit each other
without a gap and no island or enclave is lost, however small.

Known drawbacks: the smallest islands end as triangles; Lyon is not split from the Rhône.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import lzma
import sys
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

HERE = Path(__file__).resolve().parent
SOURCE_ID = "ign-admin-express-2018"
DECIMALS = 5
TOLERANCES_DEGREES = {"departements.geojson": 0.004, "departements-legers.geojson": 0.015}
"""About the side of the smallest detail that is kept; 0.001 degree is 111 m from south to north."""
BUILT = (*TOLERANCES_DEGREES, "regions.geojson")


class BuildError(Exception):
    """The source is not the pinned one, or the contours built from it are not what they must be."""


def checked(path: Path) -> bytes:
    """Return the content of the source, unpacked.

    Raises
    ------
    BuildError
        When it cannot be read, or when its content is not the pinned one.
    """
    from cdppe_analysis.sources import load_sources

    try:
        content = path.read_bytes()
        if path.suffix == ".xz":
            content = lzma.decompress(content)
    except (OSError, lzma.LZMAError) as error:
        raise BuildError(f"{path.name} cannot be read: {error}") from error
    found = hashlib.sha256(content).hexdigest()
    if found != load_sources()[SOURCE_ID].empreinte:
        raise BuildError(f"{path.name} is not the pinned source: the SHA-256 of its content is {found}")
    return content


def source_contours(content: bytes) -> NDArray[np.object_]:
    """Return the contours of the source, in the order of the 101 départements.

    Raises
    ------
    BuildError
        When its codes and names are not those of the 101, or when neighbours do not share their borders.
    """
    from cdppe_analysis.territories import DEPARTEMENTS

    features = json.loads(content)["features"]
    named = {feature["properties"]["code"]: feature["properties"]["nom"] for feature in features}
    for code in sorted({*named, *DEPARTEMENTS}):
        expected = DEPARTEMENTS[code].libelle if code in DEPARTEMENTS else None
        if named.get(code) != expected:
            raise BuildError(f"the source names {code} {named.get(code)!r} where {expected!r} is expected")
    by_code = {feature["properties"]["code"]: json.dumps(feature["geometry"]) for feature in features}
    contours = shapely.from_geojson([by_code[code] for code in DEPARTEMENTS])
    if len(features) != len(DEPARTEMENTS) or not _fits(contours):
        raise BuildError("the source is no valid coverage of the 101 départements")
    return contours


def simplified(contours: NDArray[np.object_], tolerance: float) -> NDArray[np.object_]:
    """Return the contours lightened together, rounded, in their one canonical order (RFC 7946: outer rings turn left).

    Raises
    ------
    BuildError
        When they no longer fit each other, or when an island or an enclave is lost.
    """
    light = shapely.transform(
        shapely.coverage_simplify(contours, tolerance), lambda degrees: np.round(degrees, DECIMALS)
    )
    if not _fits(light):
        raise BuildError(f"the contours simplified at {tolerance} degrees are no valid coverage")
    if (shapely.get_num_geometries(light) != shapely.get_num_geometries(contours)).any():
        raise BuildError(f"an island is lost when the contours are simplified at {tolerance} degrees")
    return _canonical(light)


def build(source: Path) -> dict[str, str]:
    """Return the text of each built file, by name.

    Raises
    ------
    BuildError
        When the source is not the pinned one, or the result is no valid coverage of the 101 départements.
    """
    from cdppe_analysis.territories import DEPARTEMENTS, REGIONS

    contours = source_contours(checked(source))
    lightened = {name: simplified(contours, tolerance) for name, tolerance in TOLERANCES_DEGREES.items()}
    own = list(DEPARTEMENTS.values())
    properties = [
        {
            "code_departement": d.code,
            "libelle_departement": d.libelle,
            "code_region": d.code_region,
            "libelle_region": d.libelle_region,
        }
        for d in own
    ]
    in_region = {code: [d.code_region == code for d in own] for code in REGIONS}
    regions = np.array([shapely.coverage_union_all(lightened[BUILT[0]][members]) for members in in_region.values()])
    return {
        **{name: as_geojson(properties, geometries) for name, geometries in lightened.items()},
        "regions.geojson": as_geojson(
            [{"code_region": code, "libelle_region": libelle} for code, libelle in REGIONS.items()], _canonical(regions)
        ),
    }


def as_geojson(properties: list[dict[str, str]], geometries: NDArray[np.object_]) -> str:
    """Write a FeatureCollection, one feature a line."""
    lines = [
        json.dumps(
            {"type": "Feature", "properties": own, "geometry": json.loads(shapely.to_geojson(geometry))},
            ensure_ascii=False,
            separators=(",", ":"),
        )
        for own, geometry in zip(properties, geometries, strict=True)
    ]
    return '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"


def _fits(geometries: NDArray[np.object_]) -> bool:
    return bool(shapely.is_valid(geometries).all() and shapely.coverage_is_valid(geometries))


def _canonical(geometries: NDArray[np.object_]) -> NDArray[np.object_]:
    return shapely.orient_polygons(shapely.normalize(geometries), exterior_cw=False)


def main(argv: list[str] | None = None) -> int:
    """Build the files, and write their hashes beside them."""
    from cdppe_analysis.errors import CdppeError
    from cdppe_analysis.storage.files import write_text

    parser = argparse.ArgumentParser(description="Build the contours of the départements and régions.")
    parser.add_argument("source", type=Path, help="the GeoJSON of IGN Admin Express, as published or packed by xz")
    parser.add_argument("--out", type=Path, default=HERE, help="folder to write to (default: beside this program)")
    arguments = parser.parse_args(argv)
    try:
        files = build(arguments.source)
        sums = "".join(f"{hashlib.sha256(text.encode()).hexdigest()}  {name}\n" for name, text in files.items())
        for name, text in {**files, "SHA256SUMS": sums}.items():
            write_text(arguments.out / name, text)
    except (BuildError, CdppeError) as error:
        print(f"shapes: {error}", file=sys.stderr)
        return 2
    for name, text in files.items():
        print(f"{arguments.out / name}: {len(text.encode()) // 1000} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
