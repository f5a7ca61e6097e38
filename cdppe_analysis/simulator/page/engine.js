// From a rule to euros, exactly: the port of `allocation.level`, `values` and `sharing`, held to them over 100 000 rules.
//
// s_i = sum_k w_k x_ik / sum_j x_jk; a_i = min(M_i, max(m_i, lambda s_i)) with the one lambda for which the amounts sum
// to the envelope; then whole euros. Everything is an integer over a common denominator.

class Refusal extends Error {
  constructor(motif, message, { champ = "", conseil = "", sommes = [], code = "" } = {}) {
    super(message);
    this.name = "Refus";
    Object.assign(this, { motif, champ, conseil, sommes, code });
  }
}

// Parse the rule of the contract: numbers as decimal text, the beneficiaries being the codes that have values.
function ruleFromText(given) {
  const exact = (value, field, words) => {
    if (value === null || value === undefined) return null;
    const found = fromExactText(value);
    if (!found) throw new Refusal("nombre", `${words}${NBSP}: «${NBSP}${String(value).slice(0, 60)}${NBSP}» n’est pas un nombre exact.`, { champ: field });
    return found;
  };
  const needed = (value, field, words) => {
    if (value === null || value === undefined) throw new Refusal("manque", `${words}${NBSP}: le nombre manque.`, { champ: field });
    return exact(value, field, words);
  };
  const codes = new Set((given.criteres ?? []).flatMap((criterion) => Object.keys(criterion.valeurs ?? {})));
  const garantie = given.garantie ?? null;
  return {
    codes: [...codes].sort(),
    enveloppe: needed(given.enveloppe, "enveloppe", "Enveloppe"),
    plancher: exact(given.plancher, "plancher", "Minimum"),
    plafond: exact(given.plafond, "plafond", "Maximum"),
    garantie: garantie && {
      minimum: exact(garantie.minimum, "garantie", "Garantie, minimum"),
      maximum: exact(garantie.maximum, "garantie", "Garantie, maximum"),
      montants: new Map(Object.entries(garantie.montants ?? {}).map(([code, amount]) => [code, needed(amount, "garantie", `Garantie, montant de ${code}`)])),
      libre: garantie.sans_reference === "libre",
      nulleBornee: garantie.reference_nulle === "bornee",
      prorata: garantie.depassement === "prorata",
    },
    methode: given.arrondi?.methode ?? "plus_forts_restes",
    unite: needed(given.arrondi?.unite_eur ?? 1, "arrondi", "Unité de l’arrondi"),
    criteres: (given.criteres ?? []).map(({ id, libelle, poids, valeurs }) => ({ id, titre: libelle ?? id, poids: needed(poids, "poids", `Poids de ${id}`), valeurs })),
  };
}

// Return the amounts of a rule, with their trace; throw a Refusal where there are none.
function allocateExactly(rule) {
  checkRule(rule);
  const bounds = boundsOf(rule);
  checkTotals(rule, bounds);
  checkWholes(rule);
  const columns = rule.criteres.map((criterion) => exactColumn(rule, criterion));
  const scores = scoresOf(rule, columns);
  const level = solve(scores.integers, rule.enveloppe, bounds);
  const whole = wholeAmounts(level, rule, bounds);
  return { rule, bounds, columns, scores, level, ...whole };
}

function allocateContract(given) {
  const found = allocateExactly(ruleFromText(given));
  const byCode = (values) => Object.fromEntries(found.rule.codes.map((code, rank) => [code, values(rank)]));
  return {
    montants: byCode((rank) => found.finals[rank].toNumber()),
    multiplicateur: found.level.multiplier.toNumber(),
    bornes: byCode((rank) => boundName(found, rank)),
  };
}

function boundName(found, rank) {
  const side = found.level.sides[rank];
  return side === "bas" ? found.bounds[rank].lowName : side === "haut" ? found.bounds[rank].highName : "";
}
function exactAmount(found, rank) { return new Rational(found.level.numerators[rank], found.level.denominator); }
function scoreOf(found, rank) { return new Rational(found.scores.integers[rank], found.scores.total); }

function checkRule(rule) {
  if (!rule.codes.length) throw new Refusal("aucun_beneficiaire", "Il n’y a aucun bénéficiaire.", { champ: "beneficiaires", conseil: "Ajoutez-en un au moins." });
  const seen = new Set();
  for (const { id, titre } of rule.criteres) {
    if (seen.has(id)) throw new Refusal("critere_double", `Le critère «${NBSP}${titre}${NBSP}» est donné deux fois.`, { champ: "poids" });
    seen.add(id);
  }
  for (const { titre, poids } of rule.criteres) {
    if (poids.sign() < 0) throw new Refusal("poids_negatif", `Le poids de «${NBSP}${titre}${NBSP}» est négatif (${weightText(poids)}${NNBSP}%).`, { champ: "poids", conseil: "Un poids va de 0 à 100." });
  }
  const total = sumOf(rule.criteres.map((criterion) => criterion.poids));
  if (!total.equals(ONE)) {
    throw new Refusal("poids_somme", `Les poids font ${weightText(total)}${NNBSP}% et non 100${NNBSP}%.`, { champ: "poids", conseil: "Libérez un poids verrouillé, ou corrigez-en un.", sommes: [total, ONE] });
  }
  if (!["plus_forts_restes", "independant", "aucun"].includes(rule.methode)) throw new Refusal("arrondi_methode", `«${NBSP}${String(rule.methode).slice(0, 60)}${NBSP}» n’est pas une façon d’arrondir.`, { champ: "arrondi" });
  if (rule.unite.sign() <= 0) throw new Refusal("arrondi_unite", `L’unité de l’arrondi est de ${exactEuros(rule.unite)}.`, { champ: "arrondi" });
  if (rule.methode === "plus_forts_restes" && !rule.enveloppe.over(rule.unite).isWhole()) {
    throw new Refusal("arrondi_multiple", `L’enveloppe de ${exactEuros(rule.enveloppe)} n’est pas un multiple de l’unité d’arrondi, ${exactEuros(rule.unite)}.`, { champ: "enveloppe", conseil: "Donnez une enveloppe en euros entiers.", sommes: [rule.enveloppe, rule.unite] });
  }
  checkBounds(rule);
}

function checkBounds(rule) {
  if (rule.enveloppe.sign() <= 0) throw new Refusal("enveloppe", `L’enveloppe est de ${exactEuros(rule.enveloppe)}.`, { champ: "enveloppe", conseil: "Donnez une enveloppe supérieure à zéro." });
  for (const [field, words] of [["plancher", "minimum"], ["plafond", "maximum"]]) {
    if (rule[field] && rule[field].sign() < 0) throw new Refusal("borne_negative", `Le ${words} est négatif (${exactEuros(rule[field])}).`, { champ: field, conseil: "Donnez un montant à partir de zéro." });
  }
  if (rule.plancher && rule.plafond && rule.plancher.compare(rule.plafond) > 0) {
    throw new Refusal("plancher_plafond", `Le minimum (${exactEuros(rule.plancher)}) est supérieur au maximum (${exactEuros(rule.plafond)}).`, { champ: "plancher", conseil: "Baissez le minimum ou relevez le maximum.", sommes: [rule.plancher, rule.plafond] });
  }
  if (rule.garantie) checkGarantie(rule, rule.garantie);
}

function checkGarantie(rule, { minimum, maximum, montants, libre }) {
  const champ = "garantie";
  if (!minimum && !maximum) throw new Refusal("garantie_vide", "La garantie ne donne ni minimum ni maximum.", { champ });
  for (const [words, factor] of [["minimum", minimum], ["maximum", maximum]]) {
    if (factor && factor.sign() < 0) throw new Refusal("garantie_negative", `Le ${words} de la garantie est négatif (${weightText(factor)}${NNBSP}%).`, { champ });
  }
  if (minimum && maximum && minimum.compare(maximum) > 0) {
    throw new Refusal("garantie_bornes", `Le minimum garanti (${weightText(minimum)}${NNBSP}%) est supérieur au maximum (${weightText(maximum)}${NNBSP}%).`, { champ, conseil: "Baissez l’un ou relevez l’autre.", sommes: [minimum, maximum] });
  }
  for (const [code, amount] of montants) {
    if (amount.sign() < 0) throw new Refusal("garantie_montant", `Le montant de référence de ${nameOf(code)} est négatif.`, { champ, code });
  }
  const missing = libre ? undefined : rule.codes.find((code) => !montants.has(code));
  if (missing !== undefined) throw new Refusal("sans_reference", `${nameOf(missing)} n’a pas de montant de référence, dont la garantie a besoin.`, { champ, code: missing });
}

function boundsOf(rule) {
  const bounds = rule.codes.map((code) => {
    let low = ZERO, lowName = "", high = rule.plafond, highName = rule.plafond ? "plafond" : "";
    if (rule.plancher && rule.plancher.sign()) [low, lowName] = [rule.plancher, "plancher"];
    const reference = rule.garantie?.montants.get(code);
    if (reference && (reference.sign() || rule.garantie.nulleBornee)) {
      const { minimum, maximum } = rule.garantie;
      if (minimum && minimum.times(reference).compare(low) > 0) [low, lowName] = [minimum.times(reference), "garantie"];
      if (maximum && (!high || maximum.times(reference).compare(high) < 0)) [high, highName] = [maximum.times(reference), "garantie"];
    }
    return { low, lowName, high, highName };
  });
  return rule.garantie?.prorata ? reduced(rule, bounds) : bounds;
}

// Where rounding alone makes the guaranteed minima exceed the envelope, they are reduced in proportion.
function reduced(rule, bounds) {
  const held = sumOf(bounds.filter((one) => one.lowName === "garantie").map((one) => one.low));
  const excess = sumOf(bounds.map((one) => one.low)).minus(rule.enveloppe);
  const most = rule.unite.times(new Rational(BigInt(bounds.length), 2n));
  if (excess.sign() <= 0 || excess.compare(most) > 0 || held.compare(excess) <= 0) return bounds;
  const kept = ONE.minus(excess.over(held));
  return bounds.map((one) => (one.lowName === "garantie" ? { ...one, low: one.low.times(kept) } : one));
}

function checkTotals(rule, bounds) {
  const words = { plancher: "minimum", plafond: "maximum", garantie: "montant garanti", "": "minimum" };
  const count = rule.codes.length;
  bounds.forEach(({ low, lowName, high, highName }, rank) => {
    if (high && low.compare(high) > 0) {
      throw new Refusal("bornes_croisees", `Pour ${nameOf(rule.codes[rank])}, le ${words[lowName]} (${exactEuros(low)}) est supérieur au ${highName === "garantie" ? "maximum garanti" : words[highName]} (${exactEuros(high)}).`, { champ: lowName || highName, code: rule.codes[rank], conseil: "Élargissez la garantie, ou rapprochez le minimum et le maximum.", sommes: [low, high] });
    }
  });
  const lows = sumOf(bounds.map((one) => one.low));
  if (lows.compare(rule.enveloppe) > 0) {
    const garantie = bounds.some((one) => one.lowName === "garantie");
    const told = garantie ? "les montants garantis font" : `${written(count)} bénéficiaires × ${exactEuros(rule.plancher)} =`;
    throw new Refusal("minimums", `Les ${garantie ? "garanties" : "minimums"} dépassent l’enveloppe${NBSP}: ${told} ${exactEuros(lows)}, pour une enveloppe de ${exactEuros(rule.enveloppe)}.`, {
      champ: garantie ? "garantie" : "plancher", sommes: [lows, rule.enveloppe],
      conseil: garantie ? "Baissez la part garantie, ou relevez l’enveloppe." : `Avec cette enveloppe, le minimum peut aller jusqu’à ${euros(rule.enveloppe.over(new Rational(BigInt(count))).floorRational())}.`,
    });
  }
  if (bounds.every((one) => one.high)) {
    const highs = sumOf(bounds.map((one) => one.high));
    if (highs.compare(rule.enveloppe) < 0) {
      const garantie = bounds.some((one) => one.highName === "garantie");
      const told = garantie ? "les montants ne peuvent dépasser" : `${written(count)} bénéficiaires × ${exactEuros(rule.plafond)} =`;
      const least = rule.enveloppe.over(new Rational(BigInt(count)));
      throw new Refusal("maximums", `Les maximums ne suffisent pas à dépenser l’enveloppe${NBSP}: ${told} ${exactEuros(highs)}${garantie ? " en tout" : ""}, pour une enveloppe de ${exactEuros(rule.enveloppe)}.`, {
        champ: garantie ? "garantie" : "plafond", sommes: [highs, rule.enveloppe],
        conseil: garantie ? "Relevez la part maximale, ou baissez l’enveloppe." : `Avec cette enveloppe, le maximum ne peut pas descendre sous ${euros(least.isWhole() ? least : least.floorRational().plus(ONE))}.`,
      });
    }
  }
}

function checkWholes(rule) {
  for (const code of rule.codes) {
    const parts = DATA.parties[code] ?? [];
    const part = parts.find((one) => one !== code && rule.codes.includes(one));
    if (part) throw new Refusal("tout_et_parties", `${nameOf(code)} et ${nameOf(part)} sont ensemble parmi les bénéficiaires${NBSP}: le second est déjà dans le premier.`, { champ: "beneficiaires", conseil: "Retirez l’un des deux.", code });
  }
}

Rational.prototype.floorRational = function () { return new Rational(this.floor()); };

function exactColumn(rule, criterion) {
  const values = rule.codes.map((code) => {
    const text = criterion.valeurs?.[code];
    const value = text === undefined || text === null || String(text).trim() === "" ? null : fromDecimal(String(text).trim());
    if (value && value.sign() >= 0) return value;
    const problem = value ? `est négative (${written(value, 2)})` : text === undefined || text === null || String(text).trim() === "" ? "manque" : `n’est pas un nombre (${String(text).slice(0, 40)})`;
    throw new Refusal("valeur", `Critère «${NBSP}${criterion.titre}${NBSP}»${NBSP}: la valeur de ${nameOf(code)} ${problem}.`, { champ: "beneficiaires", code, conseil: "Choisissez une autre liste de bénéficiaires, ou un autre critère." });
  });
  const denominator = values.reduce((common, value) => lcm(common, value.d), 1n);
  const integers = values.map((value) => value.n * (denominator / value.d));
  const total = integers.reduce((sum, value) => sum + value, 0n);
  if (total === 0n) throw new Refusal("critere_nul", `Le critère «${NBSP}${criterion.titre}${NBSP}» est nul pour tous les bénéficiaires.`, { champ: "beneficiaires" });
  return { integers, denominator, total };
}

function scoresOf(rule, columns) {
  const denominator = columns.reduce((common, column, k) => lcm(common, rule.criteres[k].poids.d * column.total), 1n);
  const factors = columns.map((column, k) => rule.criteres[k].poids.n * (denominator / (rule.criteres[k].poids.d * column.total)));
  const integers = rule.codes.map((_, rank) => columns.reduce((sum, column, k) => sum + factors[k] * column.integers[rank], 0n));
  const common = integers.reduce(gcd, denominator);
  return { integers: integers.map((score) => score / common), total: denominator / common };
}

// --- lambda: a search by medians over the breakpoints leaves one linear piece to solve -------------------------------

function solve(scores, envelope, bounds) {
  const unit = bounds.reduce((common, { low, high }) => lcm(lcm(common, low.d), high ? high.d : 1n), envelope.d);
  const integer = (value) => value.n * (unit / value.d);
  const problem = {
    scores, unit, total: integer(envelope), scale: scores.reduce((sum, score) => sum + score, 0n),
    lows: bounds.map((one) => integer(one.low)), highs: bounds.map((one) => (one.high ? integer(one.high) : null)),
  };
  const highs = problem.highs;
  if (!highs.includes(null) && highs.reduce((sum, high) => sum + high, 0n) === problem.total) return allHigh(problem);
  checkReach(problem);
  return finished(problem, search(problem));
}

function checkReach({ scores, lows, highs, total, unit }) {
  let reachable = 0n;
  for (let rank = 0; rank < scores.length; rank += 1) {
    if (scores[rank] && highs[rank] === null) return;
    reachable += scores[rank] ? highs[rank] : lows[rank];
  }
  if (reachable < total) {
    const [most, envelope] = [new Rational(reachable, unit), new Rational(total, unit)];
    const idle = scores.filter((score) => score === 0n).length;
    throw new Refusal("inatteignable", `Les montants ne peuvent atteindre que ${exactEuros(most)}${idle ? `, ${plural(idle, "bénéficiaire")} de score nul restant au minimum` : ""}, pour une enveloppe de ${exactEuros(envelope)}.`, { champ: "plafond", conseil: "Relevez le maximum, ou baissez l’enveloppe.", sommes: [most, envelope] });
  }
}

function search({ scores, lows, highs, total }) {
  let fixed = 0n, slope = 0n, under = [0n, 1n], over = null;
  let active = [];
  scores.forEach((score, rank) => { if (score) active.push(rank); else fixed += lows[rank]; });
  for (;;) {
    const breakpoints = [], undecided = [];
    for (const rank of active) {
      const score = scores[rank], low = lows[rank], high = highs[rank];
      if (over && low * over[1] >= over[0] * score) fixed += low;
      else if (high !== null && high * under[1] <= under[0] * score) fixed += high;
      else {
        const before = breakpoints.length;
        if (low * under[1] > under[0] * score) breakpoints.push([low, score]);
        if (high !== null && (!over || high * over[1] < over[0] * score)) breakpoints.push([high, score]);
        if (breakpoints.length > before) undecided.push(rank); else slope += score;
      }
    }
    active = undecided;
    if (!breakpoints.length) return slope ? [total - fixed, slope] : under;
    // Any breakpoint would do: the median only makes the search short.
    const sorted = breakpoints.map((point) => [Number(point[0]) / Number(point[1]) || 0, point]).sort((a, b) => a[0] - b[0]);
    const pivot = sorted[sorted.length >> 1][1];
    const [p, q] = pivot;
    let sum = fixed * q + slope * p;
    for (const rank of active) {
      const free = p * scores[rank], low = lows[rank] * q, high = highs[rank] === null ? null : highs[rank] * q;
      const amount = free > low ? free : low;
      sum += high !== null && high < amount ? high : amount;
    }
    if (sum === total * q) return pivot;
    if (sum < total * q) under = pivot; else over = pivot;
  }
}

function finished(problem, [p, q]) {
  const chosen = nearestToEnvelope(problem, new Rational(p, q));
  const numerators = [], sides = [];
  problem.scores.forEach((score, rank) => {
    const free = chosen.n * score, low = problem.lows[rank] * chosen.d;
    const high = problem.highs[rank] === null ? null : problem.highs[rank] * chosen.d;
    if (low && free <= low) { numerators.push(low); sides.push("bas"); }
    else if (high !== null && free >= high) { numerators.push(high); sides.push("haut"); }
    else { numerators.push(free); sides.push(""); }
  });
  return levelOf(problem, chosen, numerators, chosen.d, sides);
}

// Where no unit is strictly between its bounds lambda is not unique: the admissible value nearest to the envelope.
function nearestToEnvelope({ scores, lows, highs, total, scale }, x) {
  let below = ZERO, above = null;
  for (let rank = 0; rank < scores.length; rank += 1) {
    const score = scores[rank], low = lows[rank], high = highs[rank];
    if (!score || low === high) continue;
    const free = x.n * score;
    if (free <= low * x.d) { const leave = new Rational(low, score); above = above ? smallerOf(above, leave) : leave; }
    else if (high !== null && free >= high * x.d) below = largerOf(below, new Rational(high, score));
    else return x;
  }
  const wanted = new Rational(total, scale);
  return largerOf(below, above ? smallerOf(above, wanted) : wanted);
}

function allHigh(problem) {
  const { scores, highs, total, scale } = problem;
  const leaves = scores.map((score, rank) => score && new Rational(highs[rank], score)).filter(Boolean);
  const x = leaves.reduce(largerOf, new Rational(total, scale));
  return levelOf(problem, x, highs, 1n, highs.map(() => "haut"));
}

function levelOf({ scale, unit }, x, numerators, q, sides) {
  return { numerators, denominator: q * unit, multiplier: x.times(new Rational(scale, unit)), sides };
}

// --- whole amounts ----------------------------------------------------------------------------------------------------

function wholeAmounts(level, { methode, unite }, bounds) {
  const ranks = level.numerators.keys();
  if (methode === "aucun") {
    const finals = level.numerators.map((numerator) => new Rational(numerator, level.denominator));
    return { finals, received: finals.map(() => false), remainders: finals.map(() => ZERO) };
  }
  const step = level.denominator * unite.n;
  const numerators = level.numerators.map((numerator) => numerator * unite.d);
  const whole = numerators.map((numerator) => numerator / step);
  const left = numerators.map((numerator) => numerator % step);
  let added = left.map((remainder) => (2n * remainder >= step ? 1n : 0n));
  if (methode !== "independant") {
    const room = bounds.map(({ high }) => (high ? high.over(unite).floor() : null));
    added = largestRemainders([...ranks], numerators, whole, left, step, room);
  }
  return {
    finals: whole.map((count, rank) => unite.times(new Rational(count + added[rank]))),
    received: added.map((more) => more > 0n),
    remainders: left.map((remainder) => new Rational(remainder * unite.n, step * unite.d)),
  };
}

function largestRemainders(ranks, numerators, whole, left, step, room) {
  let missing = left.reduce((sum, remainder) => sum + remainder, 0n) / step;
  const added = whole.map(() => 0n);
  const larger = (a, b) => (a > b ? -1 : a < b ? 1 : 0);
  const order = ranks.sort((a, b) => larger(left[a], left[b]) || larger(numerators[a], numerators[b]) || a - b);
  while (missing) {
    const eligible = order.filter((rank) => room[rank] === null || whole[rank] + added[rank] < room[rank]);
    if (!eligible.length) throw new Refusal("arrondi_place", "Les maximums ne laissent pas la place d’arrondir à l’euro des montants qui fassent l’enveloppe.", { champ: "plafond", conseil: "Relevez le maximum d’un euro." });
    const chosen = eligible.slice(0, Number(missing < BigInt(eligible.length) ? missing : BigInt(eligible.length)));
    for (const rank of chosen) added[rank] += 1n;
    missing -= BigInt(chosen.length);
  }
  return added;
}
