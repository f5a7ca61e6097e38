// The page: controls make another choice, the results follow. The last possible result stays when a choice has none.

const byId = (id) => document.getElementById(id);
const page = { view: freshView(), result: null, problem: null, depth: 0, bands: null, levers: null };
const france = new FranceMap("t-");
const typedTexts = new Map();

// --- compute and show -------------------------------------------------------------------------------------------------

function computed(choice) {
  const official = officialOf(choice.base), found = choice.differences.length ? evaluate(choice) : official;
  return { choice, found, official, comparison: compare(official, found), bands: null };
}

const referenceDraws = (() => {
  const known = new Map();
  return (base) => { if (!known.has(base)) known.set(base, drawnAmounts(officialOf(base), base, null)); return known.get(base); };
})();

function withBand(result) {
  const { choice, found, official } = result;
  const amounts = drawnAmounts(found, choice.base, lawsOf(choice)), reference = referenceDraws(choice.base);
  if (!amounts || !reference) return;
  const bands = bandOf(found, amounts, reference, official.rule.codes);
  result.bands = new Map(found.rule.codes.map((code, rank) => [code, bands[rank]]));
}
// A scenario of the gallery may have laws of its own, which its draws carry.
function lawsOf(choice) { return choice.galerie ?? choice.id ?? null; }

function refresh() {
  const { view } = page;
  try {
    page.result = computed(view.choice);
    page.problem = null;
    withBand(page.result);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    page.problem = error;
    page.result ??= computed(officialState(view.choice.base));
    if (!page.result.bands) withBand(page.result);
  }
  showControls();
  showProblem();
  showResults();
  expandAcronyms();
  announce();
}

// What the script writes has each acronym expanded where it is first read, as the rest of the page.
const ACRONYM = new RegExp(`(?<![\\p{L}\\d])(?:${Object.keys(DATA.sigles).sort((a, b) => b.length - a.length).join("|")})(?![\\p{L}\\d])`, "gu");
function expandAcronyms() {
  document.querySelectorAll("abbr.dit").forEach((one) => { const place = one.parentNode; one.replaceWith(one.textContent); place.normalize(); });
  const seen = new Set();
  for (const id of ["titre", "explication", "note-fourchette", "poids", "autres", "galerie", "sources"]) {
    const walker = document.createTreeWalker(byId(id), NodeFilter.SHOW_TEXT), texts = [];
    while (walker.nextNode()) if (!walker.currentNode.parentElement.closest("button")) texts.push(walker.currentNode);
    for (const text of texts) {
      const first = [...text.data.matchAll(ACRONYM)].filter(([word]) => !seen.has(word) && seen.add(word));
      for (const { 0: word, index } of first.reverse()) {
        text.splitText(index).splitText(word.length);
        text.nextSibling.replaceWith(h("abbr", { class: "dit", title: DATA.sigles[word] }, word));
      }
    }
  }
}

// A change is a step to undo (`push`), or is only kept in the address (`keep`), or not yet, while a slider moves (`wait`).
function commit(choice, { step = "push", ...changes } = {}) {
  Object.assign(page.view, changes, choice ? { choice } : {});
  if (step !== "wait") record(step);
  refresh();
}
function record(step) {
  const address = addressOf(page.view);
  if (address === location.hash) return;
  if (step === "push") page.depth += 1;
  history[step === "push" ? "pushState" : "replaceState"]({ depth: page.depth }, "", address);
  byId("annuler").disabled = page.depth === 0;
}

function arrive() {
  const { view, problem } = viewOf(location.hash);
  page.depth = history.state?.depth ?? 0;
  page.view = view;
  page.result = null;
  typedTexts.clear();
  refresh();
  tell(problem, "alerte");
}

let announcing = null;
function announce() {
  // The first view is no change.
  if (announcing === null) { announcing = 0; return; }
  clearTimeout(announcing);
  announcing = setTimeout(() => {
    const { comparison } = page.result;
    const said = page.problem ? page.problem.message : !page.view.choice.differences.length ? "Règle officielle." : `${plural(comparison.winners, "gagnant")}, ${plural(comparison.losers, "perdant")}, ${euros(Math.round(comparison.moved))} changent de mains.`;
    if (byId("annonce").textContent !== said) byId("annonce").textContent = said;
  }, 400);
}

function tell(text, kind = "remarque") {
  const place = byId("message");
  place.hidden = !text;
  place.className = kind;
  place.setAttribute("role", kind === "alerte" ? "alert" : "status");
  place.replaceChildren(...(text ? [h("p", {}, text), h("button", { type: "button", class: "fermer", "aria-label": "Fermer ce message", onclick: () => tell("") }, "×")] : []));
}

// --- controls ---------------------------------------------------------------------------------------------------------

function setValue(id, text) { const field = byId(id); if (document.activeElement !== field || !typedTexts.has(id)) field.value = text; }

function showControls() {
  const { choice, locks } = page.view;
  byId("regle").value = choice.base;
  showWeights(weightsOf(choice), locks);
  let mapping;
  try { mapping = applyDifferences(DATA.regles[choice.base], choice.differences, true); } catch { mapping = DATA.regles[choice.base]; }
  for (const name of AMOUNTS) {
    const amount = mapping[name] ? fromExactText(mapping[name].valeur) : null;
    setValue(name, amount ? written(amount, amount.isWhole() ? 0 : Math.max(2, endingDigits(amount.d) ?? 2)) : "");
  }
  for (const side of ["minimum", "maximum"]) {
    const factor = fromExactText(mapping.garantie?.[side] ?? null);
    setValue(`garantie-${side}`, factor ? weightText(factor) : "");
  }
  showLists(mapping.beneficiaires);
  const others = choice.differences.filter(([path]) => !AMOUNTS.includes(path) && path !== "garantie" && path !== "beneficiaires" && !path.endsWith(".poids"));
  byId("autres").replaceChildren(...(others.length ? [h("p", { class: "note" }, `Ce scénario change aussi${NBSP}: `, ...others.map(([path, value], k) => `${k ? `${NNBSP}; ` : ""}${leverName(changeGroups([[path, value]]).keys().next().value, mapping)}${NBSP}: ${leverText(path, value)}`), ".")] : []));
  setValue("nom-du-choix", choice.differences.length ? choice.titre : "");
  byId("nom-du-choix").disabled = !choice.differences.length;
  byId("annuler").disabled = page.depth === 0;
  byId("accroche").hidden = Boolean(choice.differences.length);
  byId("garder").disabled = page.view.kept.length >= 2 || Boolean(page.problem);
}
function leverText(path, value) { try { return leverValue(path, value); } catch { return quoted(value); } }

function showWeights(criteria, locks) {
  const place = byId("poids");
  const known = [...place.children].map((row) => row.dataset.id).join(" ");
  if (known !== criteria.map((one) => one.id).join(" ")) place.replaceChildren(...criteria.map(weightRow));
  for (const criterion of criteria) {
    const { id, poids } = criterion;
    const weight = fromExactText(poids), text = typedTexts.get(`poids-${id}`) ?? weightText(weight);
    const row = place.querySelector(`[data-id="${CSS.escape(id)}"]`), [slider, field] = row.querySelectorAll("input"), lock = row.querySelector("button");
    row.querySelector("small").textContent = countedBy(criterion);
    slider.value = weight.times(HUNDRED).toNumber();
    slider.setAttribute("aria-valuetext", `${weightText(weight)} %`);
    if (document.activeElement !== field) field.value = typedTexts.get(`poids-${id}`) && fromTyped(text)?.equals(weight.times(HUNDRED)) ? text : weightText(weight);
    lock.setAttribute("aria-pressed", String(locks.includes(id)));
    slider.disabled = field.disabled = locks.includes(id) || criteria.length === 1;
  }
}

function countedBy(criterion) {
  try { return `série${NBSP}: ${seriesRows(criterion).unite}, ${criterion.millesime}`; } catch { return ""; }
}

function weightRow(criterion) {
  const { id } = criterion, title = titleOf(criterion);
  const move = (text, step) => {
    const typed = fromTyped(text);
    if (!typed) return fieldProblem("poids", `«${NBSP}${text.slice(0, 40)}${NBSP}» n’est pas un nombre${NNBSP}: écrivez par exemple 33,3.`);
    if (typed.sign() < 0 || typed.compare(HUNDRED) > 0) return fieldProblem("poids", `Un poids va de 0 à 100${NNBSP}%${NBSP}: ${text.slice(0, 40)} n’en est pas un.`);
    return commit(withWeight(page.view.choice, id, typed.over(HUNDRED), page.view.locks), { step });
  };
  const slider = h("input", { type: "range", min: 0, max: 100, step: 0.5, "aria-label": `${title}, curseur`, oninput: (event) => { typedTexts.clear(); move(event.target.value, "wait"); }, onchange: () => record("push") });
  const field = h("input", { type: "text", inputmode: "decimal", autocomplete: "off", "aria-label": `${title}, en %`, "aria-describedby": "erreur-poids", onchange: (event) => { typedTexts.clear(); typedTexts.set(`poids-${id}`, event.target.value.trim()); move(event.target.value, "push"); } });
  const lock = h("button", { type: "button", class: "verrou", "aria-pressed": "false", "aria-label": `Verrouiller ${title}`, title: "Verrouiller ce poids", onclick: () => {
    const locks = page.view.locks.includes(id) ? page.view.locks.filter((one) => one !== id) : [...page.view.locks, id];
    commit(null, { locks, step: "keep" });
  } }, h("span", { "aria-hidden": "true" }));
  return h("div", { class: "poids", "data-id": id }, h("span", { class: "nom-poids" }, title, " ", h("small", {})), slider, h("span", { class: "valeur" }, field, " %"), lock);
}

function showLists(value) {
  const field = byId("beneficiaires"), own = typeof value === "string" ? "" : isMapping(value) ? value.liste ?? "" : "";
  const name = typeof value === "string" ? value : own || listedAs(isMapping(value) ? value.codes : value);
  const options = Object.entries(DATA.listes).map(([id, list]) => h("option", { value: id }, `${list.titre} (${list.codes.length})`));
  if (typeof name !== "string") options.push(h("option", { value: "" }, `Choisis un à un (${name.length})`));
  field.replaceChildren(...options);
  field.value = typeof name === "string" ? name : "";
}

function fieldProblem(name, message, advice = "") {
  const place = byId(`erreur-${name}`);
  place.hidden = !message;
  place.replaceChildren(...(message ? [message, advice ? ` ${advice}` : ""] : []));
  for (const field of document.querySelectorAll(`[aria-describedby="erreur-${name}"]`)) field.toggleAttribute("aria-invalid", Boolean(message));
  if (message) byId("annonce").textContent = message;
}

const FIELDS = ["poids", "enveloppe", "plancher", "plafond", "garantie", "beneficiaires"];
function showProblem() {
  for (const name of FIELDS) fieldProblem(name, "");
  byId("resultats").classList.toggle("perime", Boolean(page.problem));
  const place = byId("message");
  if (page.problem) {
    const field = FIELDS.includes(page.problem.champ) ? page.problem.champ : null;
    if (field) fieldProblem(field, page.problem.message, page.problem.conseil);
    tell(`${page.problem.message} ${page.problem.conseil} Les résultats affichés restent ceux du dernier choix possible.`, "alerte");
    place.dataset.cause = "choix";
  } else if (place.dataset.cause === "choix") { tell(""); delete place.dataset.cause; }
}

function readAmount(name) {
  const text = byId(name).value.trim();
  if (!text && name !== "enveloppe") return commit(withDifference(page.view.choice, name, null));
  const amount = fromTyped(text);
  if (!amount) return fieldProblem(name, `«${NBSP}${text.slice(0, 40)}${NBSP}» n’est pas un montant${NNBSP}: écrivez par exemple 200${NNBSP}000 ou 1,5${NNBSP}M€.`);
  return commit(withDifference(page.view.choice, name, amount.toString()));
}

function readGarantie() {
  const sides = ["minimum", "maximum"].map((side) => byId(`garantie-${side}`).value.trim());
  const factors = sides.map((text) => (text ? fromTyped(text)?.over(HUNDRED) : null));
  const wrong = factors.findIndex((factor) => factor === undefined);
  if (wrong >= 0) return fieldProblem("garantie", `«${NBSP}${sides[wrong].slice(0, 40)}${NBSP}» n’est pas un pourcentage.`);
  return commit(withGarantie(page.view.choice, ...factors));
}

function unitNamed(text) {
  const plain = (word) => word.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^a-z0-9]+/g, " ").trim();
  const code = (/\(([^)]+)\)\s*$/.exec(text)?.[1] ?? text).trim().toUpperCase();
  if (DATA.territoires[code]) return code;
  if (/^\d$/.test(code) && DATA.territoires[`0${code}`]) return `0${code}`;
  const wanted = plain(text);
  const names = Object.entries(DATA.territoires).map(([one, [name]]) => [one, plain(name)]);
  const starts = names.filter(([, name]) => name.startsWith(wanted));
  return names.find(([, name]) => name === wanted)?.[0] ?? (wanted.length > 2 && starts.length === 1 ? starts[0][0] : null);
}

function toggleUnit() {
  const field = byId("bascule"), text = field.value.trim();
  if (!text) return;
  const code = unitNamed(text);
  if (!code) return fieldProblem("beneficiaires", `«${NBSP}${text.slice(0, 40)}${NBSP}» n’est pas un département.`);
  const codes = beneficiariesOf(applyDifferences(DATA.regles[page.view.choice.base], page.view.choice.differences, true).beneficiaires);
  const next = codes.includes(code) ? codes.filter((one) => one !== code) : [...codes, code];
  field.value = "";
  commit(withDifference(page.view.choice, "beneficiaires", listedAs(next)));
}

// --- results -----------------------------------------------------------------------------------------------------------

function addedFact({ added }) { return added.sign() ? [[added.sign() > 0 ? "Ajouté à l’enveloppe" : "Retiré de l’enveloppe", exactEuros(added.sign() > 0 ? added : new Rational(0n).minus(added))]] : []; }

function showResults() {
  const { result, view } = page, { comparison, choice, found } = result;
  const same = !choice.differences.length;
  byId("titre").textContent = shownTitle(choice);
  const facts = [["Enveloppe", exactEuros(found.rule.enveloppe)], ["Bénéficiaires", written(found.rule.codes.length)]];
  if (!same) facts.push(["Gagnants", written(comparison.winners)], ["Perdants", written(comparison.losers)], ...addedFact(comparison), ["Argent qui change de mains", `${euros(Math.round(comparison.moved))} (${percent(comparison.movedShare)})`]);
  const signs = comparison.rows.map((row) => signOf(choice, row.code)?.[0]).filter(Boolean);
  if (signs.length) facts.push(["Signes certains", `${plural(signs.filter((sign) => sign === "gain").length, "gain")}, ${plural(signs.filter((sign) => sign === "perte").length, "perte")}`]);
  if (comparison.newcomers) facts.push(["Entrants", written(comparison.newcomers)]);
  if (comparison.leavers) facts.push(["Sortants", written(comparison.leavers)]);
  byId("faits").replaceChildren(...facts.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));
  const circles = view.map === "montants" || (view.map === "auto" && same);
  const label = circles ? `Carte des montants en euros, donnés par le tableau` : `Carte des changements en pourcentage du montant officiel, donnés par le tableau`;
  byId("legende-carte").textContent = circles ? "Montant de chaque bénéficiaire, en euros" : "Ce qui change, en % du montant officiel";
  byId("quelle-carte").value = view.map;
  france.show(comparison, { circles, selected: view.unit, label });
  byId("legende").replaceChildren(...legendOf(comparison, circles, "t-"));
  showTable();
  showEquity();
  showNotes();
  showComparison();
  showExplanation();
}

const COLUMNS = [
  ["nom", "Département", (row) => nameOf(row.code)], ["officiel", "Officiel", (row) => row.before ?? -1], ["choix", "Votre choix", (row) => row.after ?? -1],
  ["ecart", "Écart", (row) => (row.after ?? 0) - (row.before ?? 0)], ["part", "Écart en %", (row) => row.share ?? 0], ["enfant", "Par enfant protégé", (row) => row.perChild ?? -1],
];

function showTable() {
  const { result, view } = page, { comparison, bands } = result;
  const value = COLUMNS.find(([id]) => id === view.sort)[2];
  const collator = new Intl.Collator("fr");
  const rows = [...comparison.rows].sort((a, b) => {
    const [x, y] = [value(a), value(b)], order = typeof x === "string" ? collator.compare(x, y) : x - y;
    return (view.descending ? -order : order) || (a.code < b.code ? -1 : 1);
  });
  const largest = Math.max(1, ...comparison.rows.flatMap((row) => [row.before ?? 0, row.after ?? 0, bands?.get(row.code)?.high ?? 0]));
  const head = COLUMNS.map(([id, words]) => h("th", { scope: "col", class: id, "aria-sort": id === view.sort ? (view.descending ? "descending" : "ascending") : "none" }, h("button", { type: "button", class: "tri", onclick: () => commit(null, { sort: id, descending: id === view.sort ? !view.descending : id !== "nom", step: "keep" }) }, words)));
  const body = rows.map((row) => h("tr", { class: `${row.effect === "inchangé" ? "" : row.effect}${row.code === view.unit ? " choisi" : ""}`, "data-unite": row.code },
    h("th", { scope: "row" }, h("button", { type: "button", class: "lien", "data-unite": row.code }, nameOf(row.code)), row.bound ? h("small", {}, ` ${AT_BOUND[row.bound]}`) : null),
    h("td", { class: "officiel" }, row.official === null ? "—" : exactEuros(row.official)),
    h("td", { class: "choix" }, row.chosen === null ? "—" : exactEuros(row.chosen), h("small", { class: "serre" }, row.official === null ? "" : `(${exactEuros(row.official)})`)),
    h("td", { class: "ecart" }, row.difference === null ? row.effect : exactEuros(row.difference, true), h("small", { class: "serre" }, row.share === null ? "" : percent(row.share, 1, true))),
    h("td", { class: "part" }, row.share === null ? "—" : percent(row.share, 1, true)),
    h("td", { class: "enfant" }, row.perChild === null ? "—" : euros(Math.round(row.perChild))),
    h("td", { class: "rail" }, rail(row, bands?.get(row.code), largest))));
  byId("tableau").replaceChildren(h("caption", {}, "Barre : montant du choix. Trait orange : montant officiel. Crochet : fourchette de 5 à 95 %.", h("span", { class: "ecran" }, " Un clic sur un nom dit pourquoi."), h("span", { class: "serre" }, " Entre parenthèses : montant officiel.")), h("thead", {}, h("tr", {}, ...head, h("td", { class: "rail" }))), h("tbody", {}, ...body));
}

function rail(row, band, largest) {
  const at = (value) => `${(100 * value / largest).toFixed(2)}%`;
  return h("div", { "aria-hidden": "true" },
    row.after === null ? null : h("i", { class: "barre", style: `width:${at(row.after)}` }),
    band && band.high - band.low >= 2 ? h("i", { class: "fourchette", style: `left:${at(band.low)};width:${at(band.high - band.low)}` }) : null,
    row.before === null ? null : h("i", { class: "repere", style: `left:${at(row.before)}` }));
}

const MEASURES = [["gini", "Indice de Gini", "0 : chaque enfant protégé a autant ; 1 : un seul département a tout"], ["theil", "Indice de Theil", "0 : chaque enfant protégé a autant ; il se coupe en deux, ci-dessous"], ["between", "dont entre les régions", "ce qui tient aux écarts d’une région à l’autre"], ["within", "dont dans les régions", "ce qui tient aux écarts dans une même région"]];

function tableInto(id, caption, headings, rows) {
  byId(id).replaceChildren(h("caption", {}, caption), h("thead", {}, h("tr", {}, ...headings.map((text) => h("th", { scope: "col" }, text)))), h("tbody", {}, ...rows.map(([first, ...cells]) => h("tr", {}, h("th", { scope: "row" }, first), ...cells.map((cell) => h("td", typeof cell === "string" && cell.length > 40 ? { class: "mots" } : {}, cell))))));
}

function showEquity() {
  const { before, after, groups } = page.result.comparison;
  tableInto("mesures", "Euros par enfant protégé (ASE, tous âges, fin 2017)", ["Mesure", "Officiel", "Choix", "Comment la lire"], MEASURES.map(([key, words, meaning]) => [words, written(before[key], 3), written(after[key], 3), meaning]));
  tableInto("tiers", "Gagnants et perdants, par tiers des montants officiels", ["Groupe", "Départements", "Gagnants", "Inchangés", "Perdants", "Écart"], groups.map((group) => [group.nom, written(group.unites), written(group.gagnants), written(group.inchanges), written(group.perdants), euros(Math.round(group.ecart), 0, true)]));
}

const STATUS = { estime: "estimation du projet", en_partie: "en partie estimée", derive: "déduit des montants publiés" };

function showNotes() {
  const { found, choice, bands } = page.result;
  const notes = [];
  if (!KERNEL) notes.push("Ce navigateur n’a pas WebAssembly : les montants sont exacts, mais la fourchette n’est pas calculée.");
  else if (!bands) notes.push("Rien d’incertain n’est tiré pour ce choix : il n’y a pas de fourchette.");
  else notes.push(`Fourchette${NBSP}: quantiles 5 et 95${NNBSP}% de ${written(DATA.tirages.nombre)} tirages de ce qui est incertain dans les critères.`);
  const tries = DATA.tirages.essais[choice.base] - DATA.tirages.nombre;
  if (bands && tries > 0) notes.push(`${plural(tries, "tirage")} que les montants publiés excluent, laissés de côté.`);
  const lost = bands ? Math.max(...[...bands.values()].map((band) => band.impossible)) : 0;
  if (lost) notes.push(`${plural(lost, "tirage")} sans répartition possible, laissés de côté.`);
  if (choice.incertitudes && !choice.galerie) notes.push("Les lois propres au fichier chargé ne sont pas tirées ici : le programme du projet le fait.");
  const supposed = [...new Set(found.rule.completed.map((one) => one.code))];
  if (supposed.length) {
    const { criterion, hypothesis } = found.rule.completed[0];
    notes.push(`Hypothèse${NBSP}: «${NBSP}${titleOf(criterion)}${NBSP}» n’est pas connu pour ${supposed.length > 1 ? plural(supposed.length, "département") : nameOf(supposed[0])}${NNBSP}; il y est supposé proportionnel à «${NBSP}${DATA.titres[hypothesis.par] ?? hypothesis.par}${NBSP}» (${hypothesis.millesime}).`);
  }
  byId("note-fourchette").textContent = notes.join(" ");
  const cited = found.rule.criteres.map((criterion) => { const rows = seriesRows(criterion); return `${seriesLabel(criterion)}${NBSP}: ${rows.source}${STATUS[rows.statut] ? `, ${STATUS[rows.statut]}` : ""}`; });
  byId("sources").textContent = `Sources des critères${NBSP}: ${cited.join(`${NNBSP}; `)}.`;
}

function showExplanation() {
  const { result, view } = page, place = byId("explication");
  if (!view.unit) return place.replaceChildren(h("p", { class: "note" }, "Choisissez un département sur la carte, dans le tableau ou par son nom."));
  setValue("territoire", `${nameOf(view.unit)} (${view.unit})`);
  const code = view.unit, row = result.comparison.rows.find((one) => one.code === code);
  const children = [h("h3", {}, `${nameOf(code)} (${code})`), h("p", { class: "phrase" }, amountSentence(row))];
  const band = bandSentence(result.bands?.get(code), row);
  if (band) children.push(h("p", {}, band));
  const sign = signSentence(result.choice, code);
  if (sign) children.push(h("p", {}, sign));
  if (result.choice.differences.length && row) children.push(...leverTable(code, row));
  const steps = (found, words) => (found.rule.codes.includes(code) ? h("details", { open: found === result.found }, h("summary", {}, words), h("ol", { class: "etapes" }, ...explanationSteps(found, code).map((text) => h("li", {}, text)))) : null);
  children.push(steps(result.found, result.found === result.official ? "Le calcul, pas à pas" : "Le calcul de ce choix, pas à pas"), result.found === result.official ? null : steps(result.official, "Le calcul officiel, pas à pas"));
  return place.replaceChildren(...children.filter(Boolean));
}

function leverTable(code, row) {
  const { choice, found } = page.result;
  page.result.levers ??= { parts: contributionsOf(choice) };
  const parts = page.result.levers.parts;
  if (!parts) return [h("p", { class: "note" }, "L’effet de chaque changement ne se sépare pas : certains, pris seuls, ne font pas une règle.")];
  const largest = Math.max(1, ...parts.map(({ brought }) => Math.abs(brought.get(code) ?? 0)));
  const rows = parts.map(({ label, paths, brought }) => {
    const amount = brought.get(code) ?? 0;
    const details = choice.differences.filter(([path]) => paths.includes(path)).map(([path, value]) => `${path.endsWith(".poids") ? `${titleOf(found.mapping?.criteres.find((one) => one.id === splitPath(path)[1]) ?? { id: splitPath(path)[1] })} ` : ""}${leverText(path, value)}`).join(", ");
    return h("tr", { class: amount > DEAD_BAND ? "gagnant" : amount < -DEAD_BAND ? "perdant" : "" }, h("th", { scope: "row" }, leverName(label, found.mapping), h("small", {}, ` ${details}`)), h("td", { class: "ecart" }, euros(amount, 0, true)), h("td", { class: "rail" }, h("div", { class: "milieu", "aria-hidden": "true" }, h("i", { class: "barre", style: `${amount < 0 ? "right" : "left"}:50%;width:${(50 * Math.abs(amount) / largest).toFixed(1)}%` }))));
  });
  const total = (row.after ?? 0) - (row.before ?? 0);
  return [h("div", { class: "defile", tabindex: 0, role: "region", "aria-label": "Pourquoi le montant change" }, h("table", { class: "leviers" }, h("caption", {}, "Pourquoi il change, changement par changement (valeurs de Shapley : aucun ordre n’est privilégié, la somme est l’écart)"), h("tbody", {}, ...rows), h("tfoot", {}, h("tr", {}, h("th", { scope: "row" }, "En tout"), h("td", { class: "ecart" }, euros(total, 0, true)), h("td", { class: "rail" })))))];
}

// --- two or three scenarios side by side --------------------------------------------------------------------------------

function showComparison() {
  const { view, result } = page;
  byId("zone-cote").hidden = !view.kept.length;
  if (!view.kept.length) return;
  const sides = [{ ...result, kept: -1 }, ...view.kept.flatMap((choice, kept) => { try { return [{ ...computed(choice), kept }]; } catch (error) { if (error instanceof Refusal) return []; throw error; } })];
  const facts = [
    ["Enveloppe", (side) => exactEuros(side.found.rule.enveloppe)], ["Bénéficiaires", (side) => written(side.found.rule.codes.length)],
    ["Gagnants", (side) => written(side.comparison.winners)], ["Perdants", (side) => written(side.comparison.losers)],
    ["Ajouté à l’enveloppe", (side) => euros(side.comparison.added, 0, true)], ["Argent qui change de mains", (side) => euros(Math.round(side.comparison.moved))], ["Indice de Gini", (side) => written(side.comparison.after.gini, 3)],
  ];
  const codes = [...new Set(sides.flatMap((side) => side.comparison.rows.map((row) => row.code)))].sort();
  const amount = (side, code) => { const row = side.comparison.rows.find((one) => one.code === code); return row?.chosen ? exactEuros(row.chosen) : "—"; };
  const maps = sides.map((side, k) => {
    const map = new FranceMap(`c${k}-`, true);
    map.show(side.comparison, { circles: false, selected: view.unit, label: `Carte des changements${NBSP}: ${shownTitle(side.choice)}` });
    return h("td", {}, map.svg);
  });
  const heads = sides.map((side) => h("th", { scope: "col" }, shownTitle(side.choice), side.kept < 0 ? h("small", {}, " (affiché)") : h("span", { class: "outils ecran" }, h("button", { type: "button", onclick: () => commit(side.choice) }, "Afficher"), h("button", { type: "button", onclick: () => commit(null, { kept: view.kept.filter((_, k) => k !== side.kept) }) }, "Retirer"))));
  const line = (words, cells) => h("tr", {}, h("th", { scope: "row" }, words), ...cells.map((cell) => h("td", {}, cell)));
  byId("comparaison").replaceChildren(h("div", { class: "defile", tabindex: 0, role: "region", "aria-label": "Scénarios côte à côte" }, h("table", { class: "cote" }, h("thead", {}, h("tr", {}, h("td", {}), ...heads)), h("tbody", {}, h("tr", {}, h("th", { scope: "row" }, "Changements"), ...maps), ...facts.map(([words, of]) => line(words, sides.map(of))), ...codes.map((code) => line(nameOf(code), sides.map((side) => amount(side, code))))))));
}

// --- what the page can do --------------------------------------------------------------------------------------------

function showGallery() {
  const families = groupedBy(DATA.scenarios, (one) => one.famille);
  byId("galerie").replaceChildren(...[...families.values()].map((variants) => {
    const several = variants.length > 1;
    const button = (one) => h("button", { type: "button", onclick: () => { tell(""); commit(galleryState(one.id)); byId("resultats").focus({ preventScroll: true }); byId("titre").scrollIntoView({ block: "center" }); } }, several ? one.titre : "Essayer");
    return h("article", {}, h("h3", {}, several ? familyTitle(variants) : variants[0].titre), h("p", {}, variants[0].raisonnement), h("p", { class: "note" }, `D’après${NBSP}: ${variants[0].reference}`), h("p", { class: "outils" }, ...variants.map(button)));
  }));
}
function familyTitle(variants) { return DATA.familles[variants[0].famille] ?? variants[0].titre; }

function save() {
  const state = page.problem ? page.result.choice : page.view.choice;
  if (!state.differences.length) return tell("C’est la règle officielle : il n’y a rien à enregistrer.");
  download("cdppe-scenario.yml", scenarioYaml(state), "application/yaml");
  return tell(page.problem ? `Le choix affiché n’est pas possible${NBSP}: c’est le dernier choix possible, «${NBSP}${shownTitle(state)}${NBSP}», qui est enregistré.` : `«${NBSP}${shownTitle(state)}${NBSP}» est enregistré dans cdppe-scenario.yml.`);
}

async function load(file) {
  if (!file) return;
  const name = file.name.slice(0, 80);
  try {
    if (file.size > LARGEST_FILE) throw refuse(`«${NBSP}${name}${NBSP}» est trop grand pour un scénario (${written(file.size)} octets, ${written(LARGEST_FILE)} au plus).`);
    const found = readScenarios(new Uint8Array(await file.arrayBuffer()), name);
    if (found.length === 1) open(found[0]);
    else choose(found);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    tell(`Le fichier n’a pas été chargé. ${error.message}`, "alerte");
  }
}
function open(state) {
  evaluateOrTell(state);
  tell("");
  commit(state);
}
// What no control can show is refused before it changes the page; an impossible choice is shown as any other.
function evaluateOrTell(state) {
  try { evaluate(state); } catch (error) { if (!(error instanceof Refusal) || ["scenario", "poids_somme"].includes(error.motif)) throw error; }
}
function choose(states) {
  const dialog = byId("choix-scenario");
  byId("choix-liste").replaceChildren(...states.map((state) => h("button", { type: "button", onclick: () => { dialog.close(); try { open(state); } catch (error) { if (!(error instanceof Refusal)) throw error; tell(`Le scénario n’a pas été chargé. ${error.message}`, "alerte"); } } }, state.titre)));
  dialog.showModal();
}

async function copyLink() {
  try {
    await navigator.clipboard.writeText(location.href);
    tell("Le lien est copié : il contient tout le choix.");
  } catch {
    tell("Ce navigateur ne laisse pas copier : prenez le lien dans la barre d’adresse, il contient tout le choix.");
  }
}

function workbook() {
  const { choice, comparison } = page.result, { before, after } = comparison;
  return workbookOf([
    { name: "Montants", ...tableOf(page.result) },
    { name: "Mesures", headings: ["Mesure", "Officiel", "Choix", "Comment la lire"], rows: MEASURES.map(([key, words, meaning]) => [words, before[key], after[key], meaning]) },
    { name: "Choix", headings: ["Ce qui change", "Chemin", "Valeur"], rows: [["Titre", "", safeText(shownTitle(choice))], ["Règle de départ", "base", choice.base], ...choice.differences.map(([path, value]) => [leverName(changeGroups([[path, value]]).keys().next().value, page.result.found.mapping ?? DATA.regles[choice.base]), path, safeText(leverText(path, value))])] },
    { name: "Sources", headings: ["Critère", "Millésime", "Source", "Édition", "Statut"], rows: page.result.found.rule.criteres.map((criterion) => { const rows = seriesRows(criterion); return [criterion.titre, criterion.millesime, rows.source, rows.edition, STATUS[rows.statut] ?? "publié"]; }) },
    { name: "Logiciel", headings: ["Ce qui a servi", "Valeur"], rows: [["Logiciel", `cdppe-analysis ${DATA.version}`], ["Empreinte des données (SHA-256)", DATA.empreinte], ["Fourchette", `quantiles 5 et 95 % de ${DATA.tirages.nombre} tirages`]] },
  ]);
}

function picture() {
  const title = `${shownTitle(page.result.choice)} : ${byId("legende-carte").textContent.toLowerCase()}`;
  return standalonePicture(france.svg, title, byId("legende"), `cdppe-analysis ${DATA.version}, données ${DATA.empreinte.slice(0, 16)}. ${byId("sources").textContent}`);
}

function select(code, scroll) {
  commit(null, { unit: code, step: "keep" });
  fieldProblem("territoire", "");
  if (scroll) byId("pourquoi").scrollIntoView({ block: "start" });
}

function listen() {
  const on = (id, event, action) => byId(id).addEventListener(event, action);
  on("commandes", "submit", (event) => event.preventDefault());
  on("regle", "change", () => { typedTexts.clear(); commit(officialState(byId("regle").value), { locks: [] }); });
  for (const name of AMOUNTS) on(name, "change", () => readAmount(name));
  on("nom-du-choix", "change", () => { const state = { ...page.view.choice, titre: byId("nom-du-choix").value.trim().slice(0, 200) }; commit({ ...state, galerie: undefined, origine: state.titre ? printOf(state) : "" }); });
  for (const side of ["minimum", "maximum"]) on(`garantie-${side}`, "change", readGarantie);
  on("beneficiaires", "change", () => { if (byId("beneficiaires").value) commit(withDifference(page.view.choice, "beneficiaires", byId("beneficiaires").value)); });
  on("bascule", "change", toggleUnit);
  on("officielle", "click", () => { typedTexts.clear(); commit(officialState(page.view.choice.base), { locks: [] }); });
  on("garder", "click", () => commit(null, { kept: [...page.view.kept, page.view.choice].slice(0, 2) }));
  on("lien", "click", copyLink);
  on("enregistrer", "click", save);
  on("charger", "click", () => byId("fichier").click());
  on("fichier", "change", async (event) => { await load(event.target.files[0]); event.target.value = ""; });
  on("imprimer", "click", () => window.print());
  on("annuler", "click", () => history.back());
  on("choix-annuler", "click", () => byId("choix-scenario").close());
  on("quelle-carte", "change", () => commit(null, { map: byId("quelle-carte").value, step: "keep" }));
  on("csv", "click", () => download("cdppe-montants.csv", csvOf(tableOf(page.result)), "text/csv;charset=utf-8"));
  on("classeur", "click", () => download("cdppe-montants.xlsx", workbook()));
  on("carte-svg", "click", () => download("cdppe-carte.svg", picture(), "image/svg+xml"));
  on("carte-png", "click", async () => { try { download("cdppe-carte.png", await pngOf(picture())); } catch { tell("Ce navigateur ne fait pas l’image PNG : prenez la carte en SVG."); } });
  on("territoire", "change", () => {
    const text = byId("territoire").value.trim(), code = text && unitNamed(text);
    if (code) select(code, false);
    else fieldProblem("territoire", text ? `«${NBSP}${text.slice(0, 40)}${NBSP}» n’est pas un département.` : "");
  });
  byId("carte").addEventListener("click", (event) => { const unit = event.target.closest("[data-unite]"); if (unit) select(unit.dataset.unite, false); });
  byId("tableau").addEventListener("click", (event) => { const unit = event.target.closest("button[data-unite]"); if (unit) select(unit.dataset.unite, true); });
  document.querySelectorAll("[data-essai]").forEach((button) => button.addEventListener("click", () => commit(galleryState(button.dataset.essai))));
  document.querySelector("[data-saut]").addEventListener("click", (event) => { event.preventDefault(); byId("resultats").focus(); });
  window.addEventListener("popstate", arrive);
  window.addEventListener("hashchange", () => { if (location.hash !== addressOf(page.view)) arrive(); });
  theme();
}

// The scenarios of a file with their amounts, and the text that saving each of them would write.
function simulateText(text, name = "scenario.yml") {
  return readScenarios(new TextEncoder().encode(text), name).map((state) => {
    const found = evaluate(state);
    return { id: state.id, titre: state.titre, montants: Object.fromEntries(found.rule.codes.map((code, rank) => [code, found.finals[rank].toNumber()])), yaml: scenarioYaml(state) };
  });
}

function theme() {
  const root = document.documentElement, dark = window.matchMedia("(prefers-color-scheme: dark)");
  const kept = () => { try { return localStorage.getItem("cdppe-theme"); } catch { return null; } };
  if (kept()) root.dataset.theme = kept();
  const isDark = () => (root.dataset.theme ?? (dark.matches ? "sombre" : "clair")) === "sombre";
  const show = () => byId("theme").setAttribute("aria-pressed", String(isDark()));
  byId("theme").addEventListener("click", () => {
    root.dataset.theme = isDark() ? "clair" : "sombre";
    try { localStorage.setItem("cdppe-theme", root.dataset.theme); } catch { tell("Le thème ne sera pas gardé : la mémoire de ce navigateur est pleine ou fermée. Le choix, lui, est dans l’adresse."); }
    show();
  });
  dark.addEventListener("change", show);
  show();
}

byId("regle").replaceChildren(...Object.entries(DATA.regles).map(([id, rule]) => h("option", { value: id }, rule.titre)));
byId("noms").replaceChildren(...Object.keys(DATA.territoires).sort().map((code) => h("option", { value: `${nameOf(code)} (${code})` })));
byId("carte").append(france.svg);
showGallery();
listen();
arrive();
window.cdppe = { allocate: allocateContract, simulate: simulateText };
