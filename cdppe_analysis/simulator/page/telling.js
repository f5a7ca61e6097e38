// What the page says of one amount: how it came about, a reader can redo it on paper (the port of `allocation.explanation`).

const AT_BOUND = { plancher: "au minimum", plafond: "au maximum", garantie: "à la garantie" };

function explanationSteps(found, code) {
  const { rule, level } = found;
  const rank = rule.codes.indexOf(code);
  const digits = String(rule.enveloppe.floor()).length + 1;
  const scoreText = percent(scoreOf(found, rank), digits);
  const steps = [`À partager${NBSP}: ${exactEuros(rule.enveloppe)} entre ${plural(rule.codes.length, "bénéficiaire")}.`];
  rule.criteres.forEach((criterion, k) => {
    const column = found.columns[k];
    const value = new Rational(column.integers[rank], column.denominator), total = new Rational(column.total, column.denominator);
    const share = new Rational(column.integers[rank], column.total);
    const decimals = value.isWhole() && total.isWhole() && total.compare(ONE) > 0 ? 0 : Math.max(0, 9 - String(total.floor()).length);
    const others = criterion.variantes.map((edition) => seriesRows({ ...criterion, edition })).map((rows) => ` Autre série défendable, ${rows.unite} (estimation)${NBSP}: ${written(Math.round(Number(valueIn(rows, code) ?? 0)))}.`).join("");
    steps.push(`${seriesLabel(criterion)}${NBSP}: ${written(value, decimals)} sur ${written(total, decimals)}, soit ${percent(share, digits)}${NNBSP}; pondéré par ${weightText(criterion.poids)}${NNBSP}%${NBSP}: ${percent(share.times(criterion.poids), digits)}.${others}`);
  });
  steps.push(`Score, somme des parts pondérées${NBSP}: ${scoreText}.`);
  steps.push(`Montant théorique${NBSP}: ${exactEuros(rule.enveloppe)} × ${scoreText} = ${euros(rule.enveloppe.times(scoreOf(found, rank)), 2)}.`);
  return [...steps, ...boundSteps(found, rank, scoreText), ...roundingSteps(found, rank)];
}

// The name of a criterion above a figure of its series: the year, and what the series counts.
function seriesLabel(criterion) { return `${criterion.titre} (${criterion.millesime}, série${NBSP}: ${seriesRows(criterion).unite})`; }

function boundSteps(found, rank, scoreText) {
  const { rule, level } = found;
  const declared = [rule.plancher && `minimum de ${exactEuros(rule.plancher)}`, rule.plafond && `maximum de ${exactEuros(rule.plafond)}`, rule.garantie && "garantie sur un montant de référence"].filter(Boolean);
  if (!declared.length) return ["La règle n’a ni minimum ni maximum : le montant théorique est le montant exact."];
  const at = new Map();
  rule.codes.forEach((_, other) => { const name = boundName(found, other); if (name) at.set(name, (at.get(name) ?? 0) + 1); });
  const counts = [...at].map(([name, count]) => `${plural(count, "bénéficiaire")} ${AT_BOUND[name]}`).join(" et ");
  const listed = `Bornes${NBSP}: ${declared.join(", ")}${NNBSP}; ${counts || "aucun bénéficiaire n’y est"}.`;
  if (!at.size) return [listed, "Aucune borne ne joue : le montant théorique est le montant exact."];
  const exact = exactAmount(found, rank), name = boundName(found, rank);
  const shared = `Ce que les bornes ajoutent ou retirent est réparti entre les autres selon leurs scores${NBSP}: le multiplicateur des scores est ${euros(level.multiplier, 2)} au lieu de ${exactEuros(rule.enveloppe)}.`;
  const product = `${euros(level.multiplier, 2)} × ${scoreText} = ${euros(level.multiplier.times(scoreOf(found, rank)), 2)}`;
  const brought = level.sides[rank] === "bas" ? "porté" : "ramené";
  return [listed, shared, name ? `${product}, ${brought} ${AT_BOUND[name]}${NBSP}: ${euros(exact, 2)}.` : `${product}, entre les bornes.`];
}

function roundingSteps(found, rank) {
  const { rule } = found;
  if (rule.methode === "aucun") return [];
  const exact = exactAmount(found, rank), final = found.finals[rank];
  if (rule.methode === "independant") return [`Arrondi au plus proche, chacun pour soi${NBSP}: ${euros(exact, 2)} devient ${exactEuros(final)}.`];
  const given = found.received.filter(Boolean).length, took = found.received[rank];
  return [`Arrondi aux plus forts restes${NBSP}: reste de ${euros(found.remainders[rank], 4)}${NNBSP}; ${plural(given, "euro")} à donner aux plus forts restes, ce bénéficiaire ${took ? "en reçoit un" : "n’en reçoit pas"}. Montant${NBSP}: ${exactEuros(final)}.`];
}

// One sentence: the amount, what it was, what it becomes.
function amountSentence(row) {
  if (!row) return "Ce département n’est ni bénéficiaire de la règle officielle, ni de ce choix.";
  if (row.chosen === null) return `Rien par ce choix, contre ${exactEuros(row.official)} par la règle officielle.`;
  const now = exactEuros(row.chosen);
  if (row.official === null) return `${now}${NNBSP}; ce n’est pas un bénéficiaire de la règle officielle.`;
  if (!row.difference.sign()) return `${now}, comme par la règle officielle.`;
  const share = row.official.sign() ? `, soit ${percent(row.difference.over(row.official), 1, true)}` : "";
  return `${now}, contre ${exactEuros(row.official)} par la règle officielle${NBSP}: ${exactEuros(row.difference, true)}${share}.`;
}

function bandSentence(band, row) {
  if (!band) return "";
  const [low, high] = [Math.round(band.low), Math.round(band.high)];
  const span = high - low < 2 ? `toujours ${euros(low)}` : `de ${euros(low)} à ${euros(high)}`;
  const gain = band.gain !== null && row.difference?.sign() ? ` Il gagne dans ${percent(band.gain, 0)} des tirages.` : "";
  return `Fourchette de 5 à 95${NNBSP}% sur ${written(DATA.tirages.nombre)} tirages de ce qui est incertain${NBSP}: ${span}.${gain}`;
}

// What the published amounts alone say of a ready scenario, whatever the index that is not published.
function signOf(choice, code) {
  const known = choice.galerie && !isModified(choice) ? DATA.signes.scenarios[choice.galerie] : null;
  return known?.[code] ?? null;
}
function signSentence(choice, code) {
  const [sign, broken, held] = signOf(choice, code) ?? [];
  if (sign === "incertain") return "Signe incertain : selon l’indice de besoin, qui n’est pas publié, ce département gagne ou perd.";
  if (sign !== "gain" && sign !== "perte") return "";
  const shown = percent(Math.floor(broken * 1000) / 1000 || broken, broken < 0.01 ? 2 : 1);
  const until = broken !== null ? `tant que l’erreur sur les effectifs reste sous ${shown}`
    : held === null ? "quels que soient aussi les effectifs"
      : held < DATA.signes.erreur_maximale ? `au moins tant que l’erreur sur les effectifs reste sous ${percent(held, 0)}`
        : `même si chaque effectif est faux de ${percent(held, 0)}`;
  return `Signe certain${NBSP}: quel que soit l’indice de besoin, qui n’est pas publié, ce département ${sign === "gain" ? "gagne" : "perd"}, ${until}.`;
}

function leverName(label, mapping) {
  const [first, id] = splitPath(label);
  if (first === "criteres" && id) return `Série de «${NBSP}${titleOf(mapping.criteres.find((one) => one.id === id) ?? { id })}${NBSP}»`;
  return { criteres: "Critères et poids", enveloppe: "Enveloppe", plancher: "Minimum", plafond: "Maximum", garantie: "Garantie", beneficiaires: "Bénéficiaires", arrondi: "Arrondi", millesime: "Millésime" }[first] ?? first;
}

function leverValue(path, value) {
  const [first, , part] = splitPath(path);
  if (AMOUNTS.includes(first)) return value === null ? "aucun" : exactEuros(exactOf(isMapping(value) ? value.valeur : value, path));
  if (part === "poids") return `${weightText(exactOf(value, path))}${NNBSP}%`;
  if (first === "beneficiaires") return typeof value === "string" ? DATA.listes[value]?.titre ?? value : plural(value.length, "bénéficiaire");
  if (first === "garantie" && isMapping(value)) {
    const side = (key, words) => ((value[key] ?? null) === null ? "" : `${words} ${weightText(exactOf(value[key], path))}${NNBSP}%`);
    return [side("minimum", "au moins"), side("maximum", "au plus")].filter(Boolean).join(", ");
  }
  if (first === "criteres" && path === "criteres") return value.map((one) => `${titleOf(one)} ${weightText(exactOf(one.poids, path))}${NNBSP}%`).join(", ");
  if (part === "edition") return seriesOf(splitPath(path)[1], value);
  const name = first === "criteres" ? `«${NBSP}${DATA.titres[splitPath(path)[1]] ?? splitPath(path)[1]}${NBSP}» ` : "";
  if (value === null) return `${name}retiré`;
  return isMapping(value) ? `${name}ajouté` : CHOICES[value] ?? String(value);
}
// What the choices of a rule file are called, and what an edition of a series counts.
const CHOICES = { plus_forts_restes: "plus forts restes", independant: "chacun pour soi", aucun: "sans arrondi", erreur: "refusé", bornee: "borné", prorata: "réduit au prorata" };
function seriesOf(id, edition) { return DATA.series.find((one) => one.critere === id && one.edition === edition)?.unite ?? edition; }
