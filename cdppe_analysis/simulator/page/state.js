// What the reader chose. The whole of it stands in the address after `#`: reload, back and a link give the same page.

const SORTS = ["nom", "officiel", "choix", "ecart", "part", "enfant"];
const MAPS = ["auto", "changements", "montants"];

function officialState(base) {
  return { base, differences: [], renormaliser: false, hypotheses: null, incertitudes: null, titre: "", origine: "" };
}
function freshView() { return { choice: officialState("ondam-ms-2020"), kept: [], locks: [], unit: "", sort: "choix", descending: true, map: "auto" }; }

function galleryState(id) {
  const found = DATA.scenarios.find((one) => one.id === id);
  if (!found) return null;
  const state = { ...structuredClone(found), differences: Object.entries(structuredClone(found.differences)) };
  return { ...state, galerie: id, origine: printOf(state) };
}

// A short print of what a scenario changes, to tell whether its title is still true.
function printOf({ base, differences, renormaliser }) {
  let print = 0x811c9dc5;
  const ordered = [...differences].sort((a, b) => (a[0] < b[0] ? -1 : 1));
  for (const sign of JSON.stringify([base, Boolean(renormaliser), ordered])) print = Math.imul(print ^ sign.codePointAt(0), 0x01000193) >>> 0;
  return print.toString(36);
}
function isModified(state) { return Boolean(state.titre && state.origine && printOf(state) !== state.origine); }
function shownTitle(state) {
  if (!state.differences.length) return `Règle officielle${NBSP}: ${DATA.regles[state.base].titre}`;
  if (!state.titre) return `Votre choix${NBSP}: ${summaryOf(state)}`;
  return isModified(state) ? `${state.titre} (modifié)` : state.titre;
}

// What an untitled choice changes, in a few words, so that two of them are told apart.
function summaryOf(state) {
  const words = [...changeGroups(state.differences)].map(([label, paths]) => {
    const name = leverName(label, DATA.regles[state.base]).toLowerCase();
    const value = paths.length === 1 && paths[0] === label && !label.startsWith("criteres") ? ` ${leverText(label, state.differences.find(([path]) => path === label)[1])}` : "";
    return label === "beneficiaires" ? value.trim() || name : name + value;
  });
  return words.slice(0, 3).join(", ") + (words.length > 3 ? "…" : "");
}

// --- changes: each returns another state -------------------------------------------------------------------------------

function without(differences, path) { return differences.filter(([other]) => other !== path && !other.startsWith(`${path}.`)); }

function withDifference(state, path, value) {
  const kept = without(state.differences, path);
  const before = applyDifferences(DATA.regles[state.base], kept, true)[path];
  const plain = (one) => (isMapping(one) && "valeur" in one ? one.valeur : one ?? null);
  const same = JSON.stringify(plain(before)) === JSON.stringify(value) || (path === "beneficiaires" && JSON.stringify(beneficiariesOf(before)) === JSON.stringify(beneficiariesOf(value)));
  return { ...state, differences: same ? kept : [...kept, [path, value]] };
}

function weightsOf(state) {
  try {
    return applyDifferences(DATA.regles[state.base], state.differences, state.renormaliser).criteres;
  } catch (error) {
    // Weights that do not sum to 1 are shown as they are.
    if (error instanceof Refusal && error.motif === "poids_somme") return unsettled(state);
    throw error;
  }
}
function unsettled(state) {
  const mapping = structuredClone(DATA.regles[state.base]), known = knownPaths(mapping);
  for (const [path, value] of [...state.differences].sort((a, b) => a[0].split(".").length - b[0].split(".").length)) writeDifference(mapping, path, value, known);
  return mapping.criteres;
}

// Give a criterion a weight, exact; the others that are not locked keep their proportions, and all sum to 1.
function withWeight(state, id, share, locks) {
  const weights = weightsOf(state).map((one) => [one.id, fromExactText(one.poids)]);
  const free = weights.filter(([name]) => name !== id && !locks.includes(name));
  const locked = weights.filter(([name]) => name !== id && locks.includes(name));
  const digits = Math.max(3, endingDigits(share.d) ?? 3, ...locked.map(([, weight]) => endingDigits(weight.d) ?? 3));
  const scale = 10n ** BigInt(digits), whole = new Rational(scale);
  const remaining = ONE.minus(share).minus(sumOf(locked.map(([, weight]) => weight)));
  const left = largerOf(ZERO, remaining).times(whole);
  const total = sumOf(free.map(([, weight]) => weight));
  const exact = free.map(([, weight]) => left.times(total.sign() ? weight.over(total) : new Rational(1n, BigInt(free.length))));
  const cut = exact.map((part) => part.floor());
  const order = exact.map((_, k) => k).sort((a, b) => exact[b].minus(new Rational(cut[b])).compare(exact[a].minus(new Rational(cut[a]))) || a - b);
  const spare = Number(left.floor() - cut.reduce((sum, part) => sum + part, 0n));
  for (const k of order.slice(0, Math.max(0, spare))) cut[k] += 1n;
  const found = new Map([...locked, [id, share], ...free.map(([name], k) => [name, new Rational(cut[k], scale)])].map(([name, weight]) => [name, weight.toString()]));
  return withWeights(state, found);
}

function withWeights(state, found) {
  const pending = new Map(found), kept = [];
  for (const [path, value] of state.differences) {
    const [first, id, part] = splitPath(path);
    if (path === "criteres") kept.push([path, value.map((one) => ({ ...one, poids: pending.get(one.id) })).map((one) => { pending.delete(one.id); return one; })]);
    else if (first === "criteres" && !part && isMapping(value)) { kept.push([path, { ...value, poids: pending.get(id) }]); pending.delete(id); }
    else if (part !== "poids") kept.push([path, value]);
  }
  const official = new Map(DATA.regles[state.base].criteres.map((one) => [one.id, one.poids]));
  const moved = [...pending].some(([id, weight]) => fromExactText(official.get(id) ?? "0").compare(fromExactText(weight)) !== 0) || pending.size !== official.size;
  return { ...state, renormaliser: false, differences: moved || kept.some(([path]) => path.startsWith("criteres")) ? [...kept, ...[...pending].map(([id, weight]) => [`criteres.${id}.poids`, weight])] : kept };
}

function withGarantie(state, minimum, maximum) {
  if (minimum === null && maximum === null) return withDifference(state, "garantie", null);
  const reference = DATA.references[state.base] ? { reference: state.base } : { montants: Object.fromEntries([...finalsByCode(officialOf(state.base))].map(([code, amount]) => [code, amount.toString()])) };
  return withDifference(state, "garantie", { minimum: minimum?.toString() ?? null, maximum: maximum?.toString() ?? null, ...reference, sans_reference: "libre" });
}

function listedAs(codes) {
  const sorted = [...codes].sort();
  return Object.keys(DATA.listes).find((name) => JSON.stringify([...DATA.listes[name].codes].sort()) === JSON.stringify(sorted)) ?? sorted;
}

const officialOf = (() => {
  const known = new Map();
  return (base) => { if (!known.has(base)) known.set(base, evaluate(officialState(base))); return known.get(base); };
})();

// --- the address ----------------------------------------------------------------------------------------------------------

function addressOf(view) {
  const fields = new URLSearchParams();
  fields.set("c", packed(view.choice));
  view.kept.forEach((state) => fields.append("k", packed(state)));
  if (view.locks.length) fields.set("v", view.locks.join(" "));
  if (view.unit) fields.set("d", view.unit);
  if (view.sort !== "choix" || !view.descending) fields.set("t", `${view.descending ? "-" : ""}${view.sort}`);
  if (view.map !== "auto") fields.set("m", view.map);
  return `#${fields}`;
}

// A scenario of the gallery is named, and only what differs from it is written.
function packed(state) {
  const gallery = state.galerie && galleryState(state.galerie);
  if (gallery && printOf(gallery) === printOf(state)) return JSON.stringify({ g: state.galerie });
  const kept = Object.fromEntries(Object.entries(state).filter(([key, value]) => value !== null && value !== "" && value !== false && !["base", "differences", "galerie", "famille"].includes(key)));
  const own = gallery ? { g: state.galerie } : kept;
  return JSON.stringify({ b: state.base, d: state.differences, ...(gallery ? { ...own, r: Boolean(state.renormaliser) } : { s: own }) });
}

function unpacked(text) {
  const { g, b, d, r, s } = JSON.parse(text);
  const gallery = g === undefined ? null : galleryState(String(g));
  if (gallery && d === undefined) return gallery;
  if (!DATA.regles[b]) throw refuse("Ce lien part d’une règle que cette page ne connaît pas.");
  const pairs = Array.isArray(d) ? d.filter((pair) => Array.isArray(pair) && pair.length === 2 && typeof pair[0] === "string") : [];
  const text_ = (value) => (typeof value === "string" ? value.slice(0, 2000) : "");
  const state = gallery ?? {
    ...officialState(b), ...(isMapping(s) ? { titre: text_(s.titre), origine: text_(s.origine), id: text_(s.id) || undefined, auteur: text_(s.auteur) || undefined, reference: text_(s.reference) || undefined, raisonnement: text_(s.raisonnement) || undefined, hypotheses: Array.isArray(s.hypotheses) ? s.hypotheses : null, incertitudes: Array.isArray(s.incertitudes) ? s.incertitudes : null, renormaliser: s.renormaliser === true } : {}),
  };
  return { ...state, base: b, differences: pairs, renormaliser: gallery ? r === true : state.renormaliser };
}

// Return the view of an address; what of it cannot be read is told.
function viewOf(address) {
  const view = freshView();
  if (address.length < 2) return { view, problem: "" };
  try {
    const fields = new URLSearchParams(address.slice(1));
    if (fields.get("c")) view.choice = unpacked(fields.get("c"));
    view.kept = fields.getAll("k").slice(0, 2).map(unpacked);
    view.locks = (fields.get("v") ?? "").split(" ").filter(Boolean);
    const [unit, sort, map] = [fields.get("d"), fields.get("t"), fields.get("m")];
    if (unit && DATA.territoires[unit]) view.unit = unit;
    if (sort && SORTS.includes(sort.replace("-", ""))) { view.sort = sort.replace("-", ""); view.descending = sort.startsWith("-"); }
    if (MAPS.includes(map)) view.map = map;
    weightsOf(view.choice);
    return { view, problem: "" };
  } catch (error) {
    const why = error instanceof Refusal ? error.message : "L’adresse est abîmée.";
    return { view: freshView(), problem: `Ce lien n’a pas pu être lu${NBSP}: ${why} La règle officielle est affichée.` };
  }
}
