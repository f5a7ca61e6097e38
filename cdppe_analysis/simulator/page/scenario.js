// A scenario: a baseline rule and what differs from it, by path. The port of `simulation.scenario`, `loading` and
// `studies.preparation`: from differences to the rule that the engine takes, with the values of its criteria.

const AMOUNTS = ["enveloppe", "plancher", "plafond"];
const PARTS = {
  enveloppe: ["valeur"], plancher: ["valeur"], plafond: ["valeur"],
  garantie: ["minimum", "maximum", "reference", "montants", "sans_reference", "reference_nulle", "depassement"], arrondi: ["methode", "unite_eur"],
};
const CRITERION_KEYS = ["id", "poids", "millesime", "source", "emplacement", "libelle", "edition", "variantes", "statut", "note"];

function refuse(message, champ = "") { return new Refusal("scenario", message, { champ }); }
function quoted(value) {
  const text = typeof value === "string" ? value : JSON.stringify(value) ?? String(value);
  return `«${NBSP}${text.length > 60 ? `${text.slice(0, 59)}…` : text}${NBSP}»`;
}
function isMapping(value) { return typeof value === "object" && value !== null && !Array.isArray(value); }
function nameOf(code) { return DATA.territoires[code]?.[0] ?? code; }

function exactOf(value, words, champ = "") {
  const found = fromExactText(value);
  if (!found) throw refuse(`${words}${NBSP}: ${quoted(value)} n’est pas un nombre exact (écrivez-le en texte, "0.285").`, champ);
  return found;
}

// Apply differences (pairs of a path and a value) to the content of a rule file; whole criteria come before their parts.
function applyDifferences(base, differences, renormalise = false) {
  for (const [path] of differences) {
    if (differences.some(([other]) => other.startsWith(`${path}.`))) throw refuse(`Les changements ${quoted(path)} et de ses parties se recouvrent.`);
  }
  const mapping = structuredClone(base);
  const known = knownPaths(mapping);
  const depth = (path) => path.split(".").length;
  for (const [path, value] of [...differences].sort((a, b) => depth(a[0]) - depth(b[0]))) writeDifference(mapping, path, value, known);
  settleWeights(mapping, renormalise);
  return mapping;
}

function knownPaths(mapping) {
  const paths = ["millesime", "beneficiaires", "criteres"];
  for (const [name, parts] of Object.entries(PARTS)) paths.push(name, ...parts.map((part) => `${name}.${part}`));
  for (const { id } of mapping.criteres) paths.push(`criteres.${id}`, ...["poids", "millesime", "edition"].map((part) => `criteres.${id}.${part}`));
  return paths;
}

function splitPath(path) {
  const [first, second, ...rest] = path.split(".");
  return second === undefined ? [first] : rest.length ? [first, second, rest.join(".")] : [first, second];
}

function writeDifference(mapping, path, value, known) {
  const [first, ...rest] = splitPath(path);
  const adds = first === "criteres" && rest.length === 1 && isMapping(value);
  if (!known.includes(path) && !adds) throw refuse(`Chemin inconnu${NBSP}: ${quoted(path)}${NNBSP}; le plus proche est ${quoted(nearestName(path, known))}.`);
  if (AMOUNTS.includes(first)) {
    if (rest.length && !mapping[first]) throw refuse(`La règle de départ n’a pas de ${first}${NBSP}: donnez-le en entier.`, first);
    const amount = isMapping(value) ? value.valeur ?? null : value;
    if (amount === null && first === "enveloppe") throw refuse("Une règle a besoin d’une enveloppe.", first);
    mapping[first] = amount === null ? null : { valeur: exactOf(amount, path, first).toString(), unite: "EUR" };
  } else if (first === "criteres") {
    mapping.criteres = rest.length ? withCriterion(mapping.criteres, rest, value) : criteriaList(value);
  } else if (rest.length) {
    mapping[first] = { ...(mapping[first] ?? {}), [rest[0]]: value };
  } else {
    mapping[first] = value;
  }
}

function criteriaList(value) {
  if (!Array.isArray(value) || !value.every((entry) => isMapping(entry) && typeof entry.id === "string")) throw refuse("Une liste de critères était attendue, chacun avec son « id ».", "poids");
  return structuredClone(value);
}

function withCriterion(criteria, [name, part], value) {
  const place = criteria.findIndex((criterion) => criterion.id === name);
  if (part !== undefined) {
    if (place < 0) throw refuse(`Le critère ${quoted(name)} a été retiré.`, "poids");
    const changed = { ...criteria[place], [part]: part === "poids" ? exactOf(value, `Poids de ${name}`, "poids").toString() : value };
    // An edition is that of a year: the baseline's own does not hold for another.
    if (part === "millesime") delete changed.edition;
    return criteria.with(place, changed);
  }
  if (value === null) return criteria.filter((criterion) => criterion.id !== name);
  if (!isMapping(value)) throw refuse(`Le critère ${quoted(name)} doit être décrit par des clés et des valeurs.`, "poids");
  const entry = { ...value, id: name };
  return place < 0 ? [...criteria, entry] : criteria.with(place, entry);
}

function settleWeights(mapping, renormalise) {
  const weights = mapping.criteres.map(({ id, poids }) => exactOf(poids ?? null, `Poids de ${id}`, "poids"));
  if (!weights.length) return;
  const total = sumOf(weights);
  if (weights.some((weight) => weight.sign() < 0)) throw refuse("Un poids est négatif.", "poids");
  if (total.equals(ONE)) return;
  if (!renormalise) {
    throw new Refusal("poids_somme", `Les poids font ${weightText(total)}${NNBSP}% et non 100${NNBSP}%.`, { champ: "poids", conseil: "Libérez un poids verrouillé, ou corrigez-en un.", sommes: [total, ONE] });
  }
  if (!total.sign()) throw refuse("Tous les poids sont nuls.", "poids");
  mapping.criteres = mapping.criteres.map((criterion, k) => ({ ...criterion, poids: weights[k].over(total).toString() }));
}

// --- from the content of a rule file to what the engine takes -------------------------------------------------------

function ruleOf(mapping, hypotheses) {
  const codes = beneficiariesOf(mapping.beneficiaires);
  const amount = (name) => (mapping[name] ? exactOf(mapping[name].valeur, name, name) : null);
  if (!Array.isArray(mapping.criteres) || !mapping.criteres.length) throw refuse("La règle n’a aucun critère.", "poids");
  const completed = [];
  return {
    codes,
    enveloppe: amount("enveloppe"), plancher: amount("plancher"), plafond: amount("plafond"),
    garantie: garantieOf(mapping.garantie ?? null),
    methode: mapping.arrondi?.methode ?? "plus_forts_restes",
    unite: exactOf(mapping.arrondi?.unite_eur ?? 1, "Unité de l’arrondi", "arrondi"),
    criteres: mapping.criteres.map((criterion) => {
      checkKeys(criterion, CRITERION_KEYS, `Critère ${criterion.id}`);
      if (!Number.isInteger(criterion.millesime)) throw refuse(`Critère ${quoted(criterion.id)}${NBSP}: ${quoted(criterion.millesime ?? null)} n’est pas une année.`, "poids");
      const hypothesis = hypotheses.find((one) => one.critere === criterion.id);
      const supposed = hypothesis ? completion(criterion, hypothesis, codes) : new Map();
      for (const code of supposed.keys()) completed.push({ code, hypothesis, criterion });
      return {
        id: criterion.id, titre: titleOf(criterion), millesime: criterion.millesime, edition: criterion.edition, variantes: criterion.variantes ?? [],
        poids: exactOf(criterion.poids ?? null, `Poids de ${criterion.id}`, "poids"),
        valeurs: valuesOf(criterion, codes, supposed),
      };
    }),
    completed,
  };
}

function titleOf(criterion) { return criterion.libelle ?? DATA.titres[criterion.id] ?? criterion.id; }

function checkKeys(mapping, known, place) {
  for (const key of Object.keys(mapping)) {
    if (!known.includes(key)) throw refuse(`${place}${NBSP}: clé inconnue ${quoted(key)}${NNBSP}; la plus proche est ${quoted(nearestName(key, known))}.`);
  }
}

function beneficiariesOf(value) {
  const given = isMapping(value) ? value.liste ?? value.codes : value;
  const codes = typeof given === "string" ? DATA.listes[given]?.codes : given;
  if (codes === undefined) throw refuse(`Il n’y a pas de liste de bénéficiaires ${quoted(given)}.`, "beneficiaires");
  if (!Array.isArray(codes)) throw refuse("Une liste de bénéficiaires était attendue.", "beneficiaires");
  for (const code of codes) {
    if (typeof code !== "string" || !DATA.territoires[code]) throw refuse(`${quoted(code)} n’est pas le code d’un département.`, "beneficiaires");
  }
  const sorted = [...codes].sort();
  const twice = sorted.find((code, rank) => code === sorted[rank + 1]);
  if (twice) throw refuse(`${nameOf(twice)} est donné deux fois.`, "beneficiaires");
  return sorted;
}

function garantieOf(value) {
  if (value === null) return null;
  if (!isMapping(value)) throw refuse("La garantie doit être décrite par des clés et des valeurs.", "garantie");
  checkKeys(value, [...PARTS.garantie, "source", "emplacement", "statut", "note"], "Garantie");
  if ((value.reference ?? null) === null === ((value.montants ?? null) === null)) throw refuse("La garantie donne soit « reference », soit « montants ».", "garantie");
  const amounts = value.montants ?? DATA.references[value.reference];
  if (!amounts) throw refuse(`Il n’y a pas de montants de référence ${quoted(value.reference)}.`, "garantie");
  if (!isMapping(amounts)) throw refuse("La garantie demande un montant par code.", "garantie");
  beneficiariesOf(Object.keys(amounts));
  for (const [key, usual, other] of [["sans_reference", "erreur", "libre"], ["reference_nulle", "libre", "bornee"], ["depassement", "erreur", "prorata"]]) {
    if (![usual, other, undefined].includes(value[key])) throw refuse(`${quoted(value[key])} n’est ni « ${usual} » ni « ${other} ».`, "garantie");
  }
  const factor = (key) => ((value[key] ?? null) === null ? null : exactOf(value[key], `Garantie, ${key}`, "garantie"));
  return {
    minimum: factor("minimum"), maximum: factor("maximum"), libre: value.sans_reference === "libre",
    nulleBornee: value.reference_nulle === "bornee", prorata: value.depassement === "prorata",
    montants: new Map(Object.entries(amounts).map(([code, amount]) => [code, exactOf(amount, `Garantie, ${code}`, "garantie")])),
  };
}

// --- the values of a criterion ---------------------------------------------------------------------------------------

function seriesRows({ id, millesime, edition }) {
  const all = DATA.series.filter((one) => one.critere === id);
  if (!all.length) throw refuse(`La série du critère ${quoted(id)} n’est pas dans les données du projet.`, "poids");
  const ofYear = all.filter((one) => one.millesime === millesime);
  const years = [...new Set(all.map((one) => one.millesime))].sort();
  if (!ofYear.length) throw refuse(`Critère ${quoted(DATA.titres[id] ?? id)}${NBSP}: pas de valeur pour ${millesime}${NNBSP}; il y en a pour ${years.join(", ")}.`, "poids");
  const wanted = edition ?? (ofYear.length === 1 ? ofYear[0].edition : DATA.editions[id]);
  const found = ofYear.find((one) => one.edition === wanted);
  if (!found) throw refuse(`Critère ${quoted(DATA.titres[id] ?? id)}${NBSP}: ${wanted ? `l’édition ${quoted(wanted)} n’existe pas` : "plusieurs éditions sont possibles"}${NNBSP}; il y a ${ofYear.map((one) => one.edition).join(", ")}.`, "poids");
  return found;
}

function valueIn(rows, code, supposed) {
  if (supposed?.has(code)) return supposed.get(code);
  if (code in rows.valeurs) return rows.valeurs[code];
  const parts = DATA.parties[code];
  if (parts?.every((part) => part in rows.valeurs)) return String(parts.reduce((sum, part) => sum + Number(rows.valeurs[part]), 0));
  return undefined;
}

function valuesOf(criterion, codes, supposed) {
  const rows = seriesRows(criterion);
  return Object.fromEntries(codes.map((code) => [code, valueIn(rows, code, supposed)]));
}

// A declared hypothesis: where a criterion is not known it is proportional to another series (`simulation.extension`).
function completion(criterion, hypothesis, codes) {
  const rows = seriesRows(criterion);
  const known = Object.fromEntries(Object.entries(rows.valeurs).map(([code, value]) => [code, Number(value)]));
  const asked = codes.filter((code) => !(code in known));
  if (!asked.length) return new Map();
  const other = seriesRows({ id: hypothesis.par, millesime: hypothesis.millesime, edition: hypothesis.edition });
  const series = (code) => Number(valueIn(other, code));
  for (const code of [...asked, ...Object.keys(known)]) {
    if (!(series(code) > 0)) throw refuse(`La série qui complète ${quoted(titleOf(criterion))} n’a pas de valeur pour ${nameOf(code)}.`, "beneficiaires");
  }
  // Codes that look like integers come first in a JavaScript object: the sums follow the order of the table's rows.
  const order = Object.keys(known).sort();
  const ratio = order.reduce((sum, code) => sum + known[code], 0) / order.reduce((sum, code) => sum + series(code), 0);
  return new Map(asked.map((code) => {
    const whole = Object.keys(known).find((one) => DATA.parties[one]?.includes(code));
    const value = whole ? known[whole] * series(code) / DATA.parties[whole].reduce((sum, part) => sum + series(part), 0) : ratio * series(code);
    return [code, String(value)];
  }));
}

// What the project supposes of a criterion that the beneficiaries go beyond.
function supposedFor(mapping, own) {
  const codes = beneficiariesOf(mapping.beneficiaires);
  const asked = (one) => mapping.criteres.some(({ id }) => id === one.critere) && !own.some((other) => other.critere === one.critere);
  const unknown = (one) => { const rows = seriesRows(mapping.criteres.find(({ id }) => id === one.critere)); return codes.some((code) => valueIn(rows, code) === undefined); };
  return [...own, ...DATA.hypotheses.filter((one) => asked(one) && unknown(one))];
}

// Return all that a scenario gives.
function evaluate(scenario, differences = scenario.differences) {
  const mapping = applyDifferences(DATA.regles[scenario.base], differences, scenario.renormaliser);
  const hypotheses = supposedFor(mapping, scenario.hypotheses ?? []);
  return { ...allocateExactly(ruleOf(mapping, hypotheses)), mapping, hypotheses };
}

// --- what each change brings: Shapley values over the order of the changes ------------------------------------------

const MOST_CHANGES = 8;

function changeGroups(differences) {
  const groups = new Map();
  for (const pair of differences) {
    const parts = pair[0].split(".");
    const data = parts[0] === "criteres" && parts.length === 3 && ["millesime", "edition"].includes(parts[2]);
    const label = data ? `criteres.${parts[1]}.millesime` : parts[0];
    groups.set(label, [...(groups.get(label) ?? []), pair[0]]);
  }
  return groups;
}

// Return for each change the euros that it brings to each code, or null where some changes alone make no rule.
function contributionsOf(scenario) {
  const groups = changeGroups(scenario.differences), labels = [...groups.keys()];
  if (!labels.length || labels.length > MOST_CHANGES) return null;
  const values = [];
  try {
    for (let set = 0; set < 2 ** labels.length; set += 1) {
      const chosen = new Set(labels.flatMap((label, i) => (set & (1 << i) ? groups.get(label) : [])));
      const found = evaluate(scenario, scenario.differences.filter(([path]) => chosen.has(path)));
      values.push(new Map(found.rule.codes.map((code, rank) => [code, exactAmount(found, rank).toNumber()])));
    }
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
  const factorial = (n) => (n < 2 ? 1 : n * factorial(n - 1));
  const codes = new Set(values.flatMap((one) => [...one.keys()]));
  return labels.map((label, i) => {
    const brought = new Map([...codes].map((code) => [code, 0]));
    for (let set = 0; set < values.length; set += 1) {
      if (set & (1 << i)) continue;
      const size = labels.filter((_, k) => set & (1 << k)).length;
      const weight = factorial(size) * factorial(labels.length - size - 1) / factorial(labels.length);
      for (const code of codes) brought.set(code, brought.get(code) + weight * ((values[set | (1 << i)].get(code) ?? 0) - (values[set].get(code) ?? 0)));
    }
    return { label, paths: groups.get(label), brought };
  });
}

function nearestName(name, known) {
  const distance = (a, b) => {
    let row = Array.from({ length: b.length + 1 }, (_, k) => k);
    for (let i = 1; i <= a.length; i += 1) {
      const next = [i];
      for (let k = 1; k <= b.length; k += 1) next.push(Math.min(row[k] + 1, next[k - 1] + 1, row[k - 1] + (a[i - 1] !== b[k - 1])));
      row = next;
    }
    return row[b.length];
  };
  const text = String(name).slice(0, 80);
  return [...known].sort((a, b) => distance(text, a) - distance(text, b))[0];
}
