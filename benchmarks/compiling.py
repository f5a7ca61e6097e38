"""The float kernel as WebAssembly: numba's own LLVM IR of `allocation.kernel`, lowered to wasm32 and linked.

`python benchmarks/compiling.py` writes `cdppe_analysis/simulator/kernel.wasm`, which the page carries. The module
exports `memory`, `__heap_base` and `bounded_amounts(result, error, scores, envelope, lows, highs, amounts, units)`: two
addresses of eight bytes that numba's convention asks for, then those of float64 arrays. It imports nothing.

The IR is made for the plainest processor, so that the bytes depend on the versions of numba, llvmlite and ziglang alone
and not on the machine. Known drawback: sums are then formed in another order than on a processor with wide vectors, so
that amounts agree with those of NumPy to the last bits (1e-6 € is tested), not to the bit.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from cdppe_analysis.errors import ReportError
from cdppe_analysis.storage.files import replaced

MODULE = Path(__file__).parents[1] / "cdppe_analysis" / "simulator" / "kernel.wasm"
"""The compiled kernel that the package carries."""

MADE_WITH = {"numba": "0.68.1", "llvmlite": "0.50.0", "ziglang": "0.17.1"}
"""The versions that these bytes come from, with Python 3.11; others may write other bytes of the same meaning."""

_TRIPLE = "wasm32-unknown-unknown"
_ENTRY = "bounded_amounts"
# The arrays are the page's: nothing counts their references.
_REFERENCES = ("NRT_incref", "NRT_decref")


def compile_kernel() -> bytes:
    """Return the kernel as a WebAssembly module.

    Raises
    ------
    ReportError
        When ziglang, whose linker is used, is not installed, or the linker fails.
    """
    with tempfile.TemporaryDirectory(prefix="cdppe-wasm-") as folder:
        target = Path(folder) / "kernel.wasm"
        plain = {**os.environ, "NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": "", "NUMBA_CACHE_DIR": folder}
        done = subprocess.run(
            [sys.executable, __file__, str(target)], env=plain, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise ReportError(f"the kernel cannot be compiled: {(done.stderr.strip() or 'no reason').splitlines()[-1]}")
        return target.read_bytes()


def _link(target: Path) -> None:
    import llvmlite.binding as llvm

    linker = [sys.executable, "-m", "ziglang", "wasm-ld"]
    subprocess.run([*linker, "--version"], stdout=subprocess.DEVNULL, check=True)
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    machine = llvm.Target.from_triple(_TRIPLE).create_target_machine(opt=2)
    text, entry = _intermediate()
    module = llvm.parse_assembly(text)
    module.triple, module.data_layout = _TRIPLE, str(machine.target_data)
    for function in module.functions:
        if function.name == entry:
            function.name, function.linkage = _ENTRY, "external"
        elif not function.is_declaration:
            function.linkage = "internal"
    for variable in module.global_variables:
        if not variable.is_declaration:
            variable.linkage = "internal"
    passes = llvm.create_new_module_pass_manager()
    passes.add_global_dead_code_eliminate_pass()
    builder = llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options(speed_level=2))
    passes.run(module, builder)
    object_file = target.with_suffix(".o")
    object_file.write_bytes(machine.emit_object(module))
    exported = [f"--export={name}" for name in (_ENTRY, "__heap_base")]
    options = ["--no-entry", "--strip-all", *exported]
    subprocess.run([*linker, *options, str(object_file), "-o", str(target)], check=True)


def _intermediate() -> tuple[str, str]:
    """Return the IR of the kernel on addresses, and the name of its entry."""
    from cdppe_analysis.allocation import kernel

    numba: Any = import_module("numba")
    solve: Any = kernel._solve
    are_bounds: Any = kernel._are_bounds
    carray, address = numba.carray, numba.types.CPointer(numba.types.float64)

    @numba.njit((address, numba.float64, address, address, address, numba.int32))  # type: ignore[untyped-decorator]
    def on_addresses(scores: Any, envelope: float, lows: Any, highs: Any, amounts: Any, units: int) -> None:
        low, high = carray(lows, units), carray(highs, units)
        possible = envelope if are_bounds(low, high) else np.nan
        solve(carray(scores, units), possible, low, high, carray(amounts, units))

    compiled = on_addresses.overloads[on_addresses.signatures[0]]
    text = compiled.library.get_llvm_str()
    for name in _REFERENCES:
        nothing = f"define internal void @{name}(ptr %0) {{\n  ret void\n}}\n"
        text = re.sub(rf"^define [^\n]*@{name}\([^\n]*\{{\n.*?^\}}\n", nothing, text, flags=re.MULTILINE | re.DOTALL)
    return text, compiled.fndesc.llvm_func_name


if __name__ == "__main__":
    if len(sys.argv) > 1:
        _link(Path(sys.argv[1]))
    else:
        with replaced(MODULE) as unfinished:
            unfinished.write_bytes(compile_kernel())
