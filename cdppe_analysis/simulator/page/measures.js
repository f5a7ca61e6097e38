// Two distributions side by side: who gains and loses, and the measures of equity (the port of `simulation.comparison`).

const DEAD_BAND = 0.5;

// Map.groupBy, which browsers of 2023 do not have.
function groupedBy(values, keyOf) {
  const groups = new Map();
  for (const value of values) { const key = keyOf(value); groups.set(key, [...(groups.get(key) ?? []), value]); }
  return groups;
}

const childrenOf = (() => {
  const known = new Map();
  return (code) => {
    if (!known.has(code)) {
      const { critere, millesime, edition } = DATA.enfants;
      known.set(code, Number(valueIn(seriesRows({ id: critere, millesime, edition }), code) ?? NaN));
    }
    return known.get(code);
  };
})();

function amountsByCode(found) { return new Map(found.rule.codes.map((code, rank) => [code, exactAmount(found, rank).toNumber()])); }
function finalsByCode(found) { return new Map(found.rule.codes.map((code, rank) => [code, found.finals[rank]])); }

function compare(before, after) {
  const [old, now] = [amountsByCode(before), amountsByCode(after)];
  const [oldFinal, nowFinal] = [finalsByCode(before), finalsByCode(after)];
  const bounds = new Map(after.rule.codes.map((code, rank) => [code, boundName(after, rank)]));
  const rows = [...new Set([...old.keys(), ...now.keys()])].sort().map((code) => {
    const situation = !old.has(code) ? "entrant" : !now.has(code) ? "sortant" : "commun";
    const gap = situation === "commun" ? now.get(code) - old.get(code) : null;
    const effect = gap === null ? situation : gap > DEAD_BAND ? "gagnant" : gap < -DEAD_BAND ? "perdant" : "inchangé";
    const [official, chosen] = [oldFinal.get(code) ?? null, nowFinal.get(code) ?? null];
    return {
      code, situation, effect, official, chosen, bound: bounds.get(code) ?? "",
      difference: gap === null ? null : chosen.minus(official),
      share: gap === null ? null : old.get(code) ? gap / old.get(code) : gap ? Infinity : 0,
      before: old.get(code) ?? null, after: now.get(code) ?? null,
      perChild: chosen === null || !(childrenOf(code) > 0) ? null : now.get(code) / childrenOf(code),
    };
  });
  const count = (name) => rows.filter((row) => row.effect === name).length;
  const gaps = rows.map((row) => (row.after ?? 0) - (row.before ?? 0)), total = (values) => values.reduce((sum, value) => sum + value, 0);
  // What the envelope gains or loses, nobody gives to another: half of it is no money that changes hands.
  const added = after.rule.enveloppe.minus(before.rule.enveloppe), moved = (total(gaps.map(Math.abs)) - Math.abs(total(gaps))) / 2;
  const whole = total([...old.values()]);
  return {
    rows, added, moved, movedShare: moved / whole, winners: count("gagnant"), losers: count("perdant"), unchanged: count("inchangé"),
    newcomers: count("entrant"), leavers: count("sortant"), before: inequality(old), after: inequality(now), groups: thirds(rows),
  };
}

// Gini and Theil by protected child; Theil splits into what lies between régions and within them.
function inequality(amounts) {
  const codes = [...amounts.keys()];
  const money = codes.map((code) => amounts.get(code)), heads = codes.map(childrenOf);
  if (heads.some((count) => !(count > 0))) return { gini: NaN, theil: NaN, between: NaN, within: NaN };
  const total = (values) => values.reduce((sum, value) => sum + value, 0);
  const theil = (parts, people) => {
    const [all, everybody] = [total(parts), total(people)];
    return total(parts.map((part, k) => (part > 0 ? part / all * Math.log(part / all / (people[k] / everybody)) : 0)));
  };
  const order = codes.map((_, k) => k).sort((a, b) => money[a] / heads[a] - money[b] / heads[b]);
  let gini = 1, reached = 0;
  for (const k of order) {
    const next = reached + money[k] / total(money);
    gini -= (reached + next) * heads[k] / total(heads);
    reached = next;
  }
  const regions = groupedBy(codes.keys(), (k) => DATA.territoires[codes[k]][1]);
  const sums = (values) => [...regions.values()].map((ranks) => total(ranks.map((k) => values[k])));
  const [whole, between] = [theil(money, heads), theil(sums(money), sums(heads))];
  return { gini, theil: whole, between, within: whole - between };
}

// Thirds of the official amounts, formed before any change; ties stand together.
function thirds(rows) {
  const common = rows.filter((row) => row.before !== null);
  const names = ["Tiers le moins doté", "Tiers médian", "Tiers le mieux doté"];
  const groups = names.map((nom) => ({ nom, unites: 0, gagnants: 0, inchanges: 0, perdants: 0, ecart: 0 }));
  for (const row of common.filter((one) => one.situation === "commun")) {
    const standing = 1 + common.filter((other) => other.before < row.before).length;
    const group = groups[Math.min(2, Math.ceil(3 * standing / common.length) - 1)];
    group.unites += 1;
    group.ecart += row.after - row.before;
    group[{ gagnant: "gagnants", perdant: "perdants", "inchangé": "inchanges" }[row.effect]] += 1;
  }
  return groups.filter((group) => group.unites);
}
