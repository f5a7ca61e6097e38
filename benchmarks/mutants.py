"""Put small faults into a room, one at a time, and see which its tests notice (`make mutants ROOM=allocation`).

Faults are made by cosmic-ray's operators (a sign, a bound, a number off by one, a condition) and by five of ours in the
same form: a word for its counterpart (min and max, plancher and plafond), a text for its neighbour, a unit that
vanishes, a thousand for a hundred, two arguments in each other's place. No file is written: each fault is compiled in
a process of its own, forked from one that has the libraries loaded, and only the test file that mirrors the module and
the examples of the module are run, up to the first failure. A room that has more faults than `--sample` is sampled,
always the same way.

Known drawbacks: annotations, decorators, docstrings, `strict=` and the words of errors are left alone; a process that a
test starts sees the sound code; what only the tests of another module would notice counts as unseen.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import importlib.machinery
import os
import random
import re
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import parso
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.operator import Operator
from cosmic_ray.plugins import get_operator

ROOT = Path(__file__).resolve().parent.parent
COUNTERPARTS = """min max, minimum maximum, fmin fmax, idxmin idxmax, argmin argmax, floor ceil, low high, lows highs,
lowest highest, lower upper, bas haut, bass haute, basse haute, plancher plafond, planchers plafonds, before after,
avant apres, left right, top bottom, gain loss, gains losses, gagne perd, gagnants perdants, hausse baisse, more less,
rise fall, start end, first last, above below, over under, width height, x y, any all, x0 x1, y0 y1, inner outer,
sorted list, numerator denominator, part whole, smallest largest, debut fin, ha va, dark light, positive negative"""
PAIRS = [tuple(pair.split()) for pair in COUNTERPARTS.replace("\n", " ").split(",")]
OTHER = dict(PAIRS) | {second: first for first, second in PAIRS}
BUILTIN = {"min", "max", "any", "all", "sorted", "list", "floor", "ceil", "minimum", "maximum", "fmin", "fmax"}
CORE = [
    *(f"ReplaceComparisonOperator_{pair}" for pair in "Lt_LtE LtE_Lt Gt_GtE GtE_Gt Eq_NotEq NotEq_Eq".split()),
    *("ReplaceComparisonOperator_Is_IsNot", "ReplaceComparisonOperator_IsNot_Is"),
    *(f"ReplaceBinaryOperator_{pair}" for pair in "Add_Sub Sub_Add Mul_Div Div_Mul FloorDiv_Mul Mod_Add".split()),
    *("ReplaceBinaryOperator_BitAnd_BitOr", "ReplaceBinaryOperator_BitOr_BitAnd", "ReplaceUnaryOperator_USub_UAdd"),
    *("ReplaceUnaryOperator_Delete_Not", "ReplaceUnaryOperator_Delete_Invert", "ReplaceAndWithOr", "ReplaceOrWithAnd"),
    *("ReplaceTrueWithFalse", "ReplaceFalseWithTrue", "ReplaceBreakWithContinue", "ReplaceContinueWithBreak"),
    "NumberReplacer",
]


class _Leaf(Operator):
    """A fault in one leaf: `changed` gives the text that stands in its place, or None."""

    def __init__(self, source: str) -> None:
        found = [leaf for leaf in ast_nodes(get_ast(source)) if hasattr(leaf, "value")]
        self.names = {leaf.value for leaf in found if leaf.type == "name"}
        self.words = sorted({leaf.value for leaf in found if leaf.type == "string" and _is_word(leaf.value)})

    def changed(self, leaf: parso.tree.Leaf) -> str | None:
        """Return what stands in the place of the leaf."""
        raise NotImplementedError

    def mutation_positions(self, node: parso.tree.NodeOrLeaf) -> Iterator[tuple[object, object]]:
        """Give the place of a leaf that can be changed."""
        if hasattr(node, "value") and self.changed(node) not in (None, node.value):
            yield node.start_pos, node.end_pos

    def mutate(self, node: parso.tree.Leaf, _index: int) -> parso.tree.Leaf:
        """Change the leaf."""
        node.value = self.changed(node)
        return node

    @classmethod
    def examples(cls) -> tuple[()]:
        """Give none: they are for the tests of cosmic-ray."""
        return ()


def _is_word(text: str) -> bool:
    return len(text) < 40 and re.fullmatch(r"""["'][#\w.-]+["']""", text) is not None


class Counterpart(_Leaf):
    """A name or a word for its counterpart, where the module knows it."""

    def changed(self, leaf: parso.tree.Leaf) -> str | None:
        """Swap the first part that has a counterpart."""
        if leaf.type not in ("name", "string"):
            return None
        parts = re.split(r"([^\W_]+)", leaf.value)
        for place, part in enumerate(parts):
            if part.lower() in OTHER:
                other = OTHER[part.lower()]
                parts[place] = other.upper() if part.isupper() else other
                swapped = "".join(parts)
                known = self.words if leaf.type == "string" else self.names | BUILTIN
                return swapped if swapped in known else None
        return None


class Neighbour(_Leaf):
    """A word (a column, a colour, a choice) for the next of the module."""

    def changed(self, leaf: parso.tree.Leaf) -> str | None:
        """Give the next word in alphabetical order."""
        if leaf.type == "string" and leaf.value in self.words:
            return self.words[(self.words.index(leaf.value) + 1) % len(self.words)]
        return None


class Unit(_Leaf):
    """A unit that vanishes from a text."""

    def changed(self, leaf: parso.tree.Leaf) -> str | None:
        """Take the unit out."""
        return re.sub("k€|M€|€|%|‰", "", leaf.value) if leaf.type in ("string", "fstring_string") else None


class Scale(_Leaf):
    """A thousand for a hundred, and the other way round."""

    def changed(self, leaf: parso.tree.Leaf) -> str | None:
        """Move the decimal point by one."""
        if leaf.type != "number" or not re.fullmatch(r"1[0_]*0|1e[36]", leaf.value):
            return None
        return {"10": "100", "100": "1000"}.get(leaf.value, f"({leaf.value} // 10)")


class Swap(Operator):
    """Two names given as arguments, the first and the second, in each other's place where they are not one name."""

    def mutation_positions(self, node: parso.tree.NodeOrLeaf) -> Iterator[tuple[object, object]]:
        """Give the place of the two."""
        pair = node.children[:3:2] if node.type == "arglist" else []
        if [child.type for child in pair] == ["name", "name"] and pair[0].value != pair[1].value:
            yield node.start_pos, node.end_pos

    def mutate(self, node: parso.tree.BaseNode, _index: int) -> parso.tree.BaseNode:
        """Swap them."""
        first, second = node.children[0], node.children[2]
        first.value, second.value = second.value, first.value
        return node

    examples = _Leaf.examples


def _is_of_the_code(node: parso.tree.NodeOrLeaf) -> bool:
    """Tell whether a fault here changes what is done: no annotation, decorator, import, docstring or error."""
    if node.type == "name" and node.is_definition():
        return False
    while (parent := node.parent) is not None:
        kind, place = parent.type, parent.children.index(node)
        if kind in ("decorator", "import_name", "import_from", "tfpdef", "raise_stmt", "assert_stmt"):
            return False
        if kind == "parameters" and node.type == "operator":
            return False
        if (kind == "annassign" and place == 1) or (kind == "argument" and place == 0 and len(parent.children) == 3):
            return False
        if (kind == "funcdef" and parent.annotation is node) or (kind == "simple_stmt" and node.type == "string"):
            return False
        if kind in ("atom_expr", "power") and parent.children[0].get_code().strip() == "Literal":
            return False
        if kind == "argument" and parent.children[0].get_code().strip() == "strict":
            return False
        if kind == "expr_stmt" and parent.children[0].get_code().strip() == "__all__":
            return False
        node = parent
    return True


def _operator(name: str, source: str) -> Operator:
    kinds = {kind.__name__: kind for kind in (Counterpart, Neighbour, Unit, Scale)}
    if name in kinds:
        return kinds[name](source)
    return Swap() if name == "Swap" else get_operator(f"core/{name}")()


def faults(path: Path) -> Iterator[tuple[Path, int, str, int]]:
    """Give every fault of a module: its file, its line, the name of its kind, its number among those of the kind."""
    source = path.read_text(encoding="utf-8")
    nodes = list(ast_nodes(get_ast(source)))
    for name in (*CORE, "Counterpart", "Neighbour", "Unit", "Scale", "Swap"):
        operator = _operator(name, source)
        places = ((node, start[0]) for node in nodes for start, _ in operator.mutation_positions(node))
        for number, (node, line) in enumerate(places):
            if _is_of_the_code(node):
                yield path, line, name, number


def _faulty(path: Path, name: str, number: int) -> str:
    source = path.read_text(encoding="utf-8")
    return str(mutate_code(source, _operator(name, source), number))


class _QuickestFirst:
    """What many examples hold comes last: most faults are seen by one."""

    def pytest_collection_modifyitems(self, items: list) -> None:
        items.sort(key=lambda item: hasattr(getattr(item, "function", None), "hypothesis"))


def _run(path: Path, code: str | None, tests: list[str]) -> int:
    """Fork a process that runs the tests with the code in the place of that of the file; return its number."""
    child = os.fork()
    if child:
        return child
    os.setsid()
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, 1)
    os.dup2(sink, 2)
    failed, options = 1, list[str]()
    try:
        if code is not None:
            sound = importlib.machinery.SourceFileLoader.get_code

            def get_code(loader, name):
                if Path(loader.path) == path:
                    return compile(code, loader.path, "exec", dont_inherit=True)
                return sound(loader, name)

            importlib.machinery.SourceFileLoader.get_code = get_code
            if "njit" in code:
                # As Python, a fault is seen in a second instead of being compiled; what is told of the compiler is not.
                import numba

                numba.config.DISABLE_JIT = True
                options = ["-W", "ignore::RuntimeWarning", "-k", "not compile and not xarray"]
        import pytest

        options += ["-x", "-n", "0", "--assert=plain", "-p", "no:cacheprovider"]
        # The first example that fails is enough: none simpler is looked for.
        phases = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
        hypothesis.settings.register_profile("faults", phases=phases, database=None, derandomize=True, deadline=None)
        options += ["--hypothesis-profile=faults"]
        failed = pytest.main([*options, *tests], plugins=[_QuickestFirst()])
    finally:
        os._exit(int(failed))


def _notice(work: list, jobs: int, limit: float, tests_of) -> Iterator[tuple[tuple, bool]]:
    """Run each fault against its tests, `jobs` at a time; give the fault, and whether it was noticed."""
    waiting, running = list(reversed(work)), {}
    while waiting or running:
        while waiting and len(running) < jobs:
            fault = waiting.pop()
            path, _, name, number = fault
            running[_run(path, _faulty(path, name, number), tests_of(path))] = fault, time.monotonic()
        time.sleep(0.05)
        for child, (fault, since) in list(running.items()):
            ended, status = os.waitpid(child, os.WNOHANG)
            took = time.monotonic() - since
            if not ended and took > limit:
                os.killpg(child, signal.SIGKILL)
                os.waitpid(child, 0)
                ended, status = child, 1
            if ended:
                del running[child]
                yield fault, status != 0


def main() -> int:
    """Print what no test noticed, and the score."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("room", help="a room (allocation), or a module (allocation/level)")
    parser.add_argument("--sample", type=int, default=150, help="the number of faults tried (150)")
    parser.add_argument("--seed", type=int, default=2020)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--also", nargs="*", default=[], help="more tests to run than the mirror and the examples")
    chosen = parser.parse_args()
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    # What tests and plugins of pytest import, loaded once: a process then takes a second before its first test.
    for library in ("scipy.optimize", "numba", "matplotlib.pyplot", "geopandas", "nbformat", "pytest"):
        importlib.import_module(library)
    gc.freeze()
    place = ROOT / "cdppe_analysis" / chosen.room
    files = [place.with_suffix(".py")] if place.with_suffix(".py").is_file() else sorted(place.rglob("*.py"))
    files = [path for path in files if path.name != "__init__.py"]
    if not files or chosen.sample < 1:
        # Without files there are no tests to name, and pytest would run all of them.
        parser.error(f"a sample of {chosen.sample} of {chosen.room!r} is empty: name a room or a module of the package")

    def tests_of(path: Path) -> list[str]:
        inside = path.relative_to(ROOT / "cdppe_analysis")
        return [str(Path("tests") / inside.parent / f"test_{inside.name}"), str(path), *chosen.also]

    every = [fault for path in files for fault in faults(path)]
    work = every
    if len(every) > chosen.sample:
        work = sorted(random.Random(chosen.seed).sample(every, chosen.sample))
    since = time.monotonic()
    # The test files first, as for each fault: a module that its examples import before them is another one to pytest.
    every_test = {test for fault in work for test in tests_of(fault[0])}
    _, status = os.waitpid(_run(ROOT, None, sorted(every_test, key=lambda test: (Path(test).is_absolute(), test))), 0)
    if status:
        sys.exit(f"the tests of {chosen.room} fail without any fault")
    limit = 60 + 3 * (time.monotonic() - since)
    unseen = 0
    for (path, line, name, number), noticed in _notice(work, chosen.jobs, limit, tests_of):
        if not noticed:
            unseen += 1
            before = path.read_text(encoding="utf-8").split("\n")[line - 1].strip()
            after = _faulty(path, name, number).split("\n")[line - 1].strip()
            print(f"{path.relative_to(ROOT)}:{line} {name}\n  - {before}\n  + {after}", flush=True)
    seen = len(work) - unseen
    print(f"{chosen.room}: {seen} of {len(work)} noticed ({seen / len(work):.1%}), of {len(every)} faults")
    return 0


if __name__ == "__main__":
    sys.exit(main())
