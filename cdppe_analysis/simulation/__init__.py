"""Another rule, uncertain inputs: who gains, who loses, and how sure we are.

- `comparison` and `measures`: what another rule changes, and by how much.
- `laws`, `draws`, `model`, `study`, `montecarlo`: uncertain inputs drawn through the whole rule, in chunks
  (`scheduling`) whose number changes no result (`counting`).
- `effects`, `switching`: what the result is sensitive to; `coverage`: what amounts cover of a need.
- `record`: what binds a run to its inputs.

Nothing here reads or writes a file.
"""

from cdppe_analysis.simulation.draws import drawn_blocks
from cdppe_analysis.simulation.record import verdict

__all__ = ["drawn_blocks", "verdict"]
