// The float kernel, compiled from the project's own source: it takes the carried draws of the criteria through a rule.

const KERNEL = (() => {
  if (typeof WebAssembly !== "object") return null;
  try {
    return new WebAssembly.Instance(new WebAssembly.Module(bytesOf(DATA.noyau)), {}).exports;
  } catch { return null; }
})();

function bytesOf(base64) { return Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0)); }

// Factors of a criterion, (draws, codes): 16 bits between the smallest and the largest of each code.
const factorsOf = (() => {
  const read = new Map();
  return (key) => {
    if (!read.has(key)) {
      const { bas, haut, bits } = DATA.tirages.matrices[key];
      const steps = new Uint16Array(bytesOf(bits).buffer), units = bas.length;
      read.set(key, Float64Array.from(steps, (step, k) => bas[k % units] + (haut[k % units] - bas[k % units]) * step / 65535));
    }
    return read.get(key);
  };
})();

// Which draws hold for each criterion of a rule: those of its scenario, of its baseline, or of the criterion anywhere.
function drawsFor(criterion, base, scenario) {
  const { par_scenario, par_regle, par_critere } = DATA.tirages;
  return par_scenario[scenario]?.[criterion] ?? par_regle[base]?.[criterion] ?? par_critere[criterion];
}

// Return the amounts of every draw, (draws, units), or null where nothing is drawn or the kernel is missing.
function drawnAmounts(found, base, scenario) {
  const { rule, bounds, columns } = found;
  const keys = rule.criteres.map(({ id }) => drawsFor(id, base, scenario));
  if (!KERNEL || keys.every((key) => key === undefined)) return null;
  const units = rule.codes.length, { nombre, codes } = DATA.tirages;
  const places = rule.codes.map((code) => codes.indexOf(code));
  const at = arraysInMemory(units);
  bounds.forEach(({ low, high }, rank) => { at.lows[rank] = low.toNumber(); at.highs[rank] = high ? high.toNumber() : Infinity; });
  const weights = rule.criteres.map(({ poids }) => poids.toNumber());
  const values = columns.map((column) => column.integers.map((value) => nearestFloat(value, column.denominator)));
  const amounts = new Float64Array(nombre * units), drawn = new Float64Array(units);
  const envelope = rule.enveloppe.toNumber();
  for (let draw = 0; draw < nombre; draw += 1) {
    at.scores.fill(0);
    weights.forEach((weight, k) => {
      const factors = keys[k] === undefined ? null : factorsOf(keys[k]);
      let total = 0;
      for (let unit = 0; unit < units; unit += 1) {
        const factor = factors && places[unit] >= 0 ? factors[draw * codes.length + places[unit]] : 1;
        drawn[unit] = values[k][unit] * factor;
        total += drawn[unit];
      }
      for (let unit = 0; unit < units; unit += 1) at.scores[unit] += weight * drawn[unit] / total;
    });
    KERNEL.bounded_amounts(at.start, at.start + 8, at.scores.byteOffset, envelope, at.lows.byteOffset, at.highs.byteOffset, at.amounts.byteOffset, units);
    amounts.set(at.amounts, draw * units);
  }
  return amounts;
}

function arraysInMemory(units) {
  const start = (KERNEL.__heap_base.value + 15) & ~15, needed = start + 16 + 4 * 8 * units;
  const lacking = needed - KERNEL.memory.buffer.byteLength;
  if (lacking > 0) KERNEL.memory.grow(Math.ceil(lacking / 65536));
  const array = (place) => new Float64Array(KERNEL.memory.buffer, start + 16 + place * 8 * units, units);
  return { start, scores: array(0), lows: array(1), highs: array(2), amounts: array(3) };
}

// The 5-95 % interval of each amount, and how often it is above that of the baseline in the same draw.
function bandOf(found, amounts, reference, referenceCodes) {
  const units = found.rule.codes.length, { nombre } = DATA.tirages;
  return found.rule.codes.map((code, unit) => {
    const series = new Float64Array(nombre);
    const before = referenceCodes.indexOf(code);
    let above = 0, impossible = 0;
    for (let draw = 0; draw < nombre; draw += 1) {
      series[draw] = amounts[draw * units + unit];
      if (Number.isNaN(series[draw])) impossible += 1;
      else if (before >= 0 && series[draw] - reference[draw * referenceCodes.length + before] > 0.5) above += 1;
    }
    const told = series.filter((amount) => !Number.isNaN(amount)).sort();
    return { low: quantile(told, 0.05), high: quantile(told, 0.95), gain: before < 0 ? null : above / Math.max(1, told.length), impossible };
  });
}

function quantile(sorted, share) {
  const place = (sorted.length - 1) * share, under = Math.floor(place);
  return sorted[under] + (place - under) * ((sorted[under + 1] ?? sorted[under]) - sorted[under]);
}
