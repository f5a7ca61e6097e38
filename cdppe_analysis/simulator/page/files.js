// Files in and out: scenarios in the project's YAML, CSV, workbook, pictures. A file is read as data, strictly.

const LARGEST_FILE = 64 * 1024;
const DEEPEST = 12;
const ID = /^(?!\.)[^/\\\x00-\x1f\x7f]{1,80}$/u;
const HEADER = ["id", "titre", "auteur", "reference", "base", "raisonnement"];
const SCENARIO_KEYS = [...HEADER, "renormaliser", "differences", "variantes", "hypotheses", "incertitudes", "note"];

class BinaryFloat { constructor(text) { this.text = text; } }

// The scalars as PyYAML resolves them, dates left as text; a binary number is kept apart, since it may not be exact.
const YAML_SCHEMA = (() => {
  const scalar = (tag, pattern, construct) => new jsyaml.Type(`tag:yaml.org,2002:${tag}`, { kind: "scalar", resolve: (data) => data === null || pattern.test(data), construct });
  return jsyaml.FAILSAFE_SCHEMA.extend({
    implicit: [
      scalar("null", /^(~|null|Null|NULL|)$/, () => null),
      scalar("bool", /^(yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/, (data) => /^(y|t|on)/i.test(data)),
      scalar("int", /^[-+]?(0|[1-9][0-9_]*|0[0-7_]+|0b[01_]+|0x[0-9a-fA-F_]+|[1-9][0-9_]*(:[0-5]?[0-9])+)$/, integerOf),
      scalar("float", /^([-+]?([0-9][0-9_]*\.[0-9_]*([eE][-+][0-9]+)?|\.[0-9][0-9_]*([eE][-+][0-9]+)?|[0-9][0-9_]*(:[0-5]?[0-9])+\.[0-9_]*|\.(inf|Inf|INF))|\.(nan|NaN|NAN))$/, (data) => new BinaryFloat(data)),
    ],
  });
})();

function integerOf(data) {
  const plain = data.replaceAll("_", "");
  if (!/^[-+]?(0|[1-9][0-9]*)$/.test(plain)) throw refuse(`Le nombre ${quoted(data)} s’écrit de façon ambiguë${NBSP}: mettez-le entre guillemets.`);
  return Number.isSafeInteger(Number(plain)) ? Number(plain) : plain.replace("+", "");
}

// Return the scenarios of a file, each as a state of the page; throw a Refusal with one sentence.
function readScenarios(bytes, name) {
  if (bytes.length > LARGEST_FILE) throw refuse(`«${NBSP}${name}${NBSP}» est trop grand pour un scénario (${written(bytes.length)} octets, ${written(LARGEST_FILE)} au plus).`);
  return parseScenarios(plainContent(yamlContent(bytes, name)), name);
}

function yamlContent(bytes, name) {
  let text;
  try { text = new TextDecoder("utf-8", { fatal: true }).decode(bytes); } catch { throw refuse(`«${NBSP}${name}${NBSP}» n’est pas un texte en UTF-8.`); }
  let depth = 0;
  const listener = (event, parser) => {
    depth += event === "open" ? 1 : -1;
    if (depth > 2 * DEEPEST) throw refuse(`«${NBSP}${name}${NBSP}» est trop profond pour un scénario.`);
    if (Object.keys(parser.anchorMap ?? {}).length) throw refuse(`«${NBSP}${name}${NBSP}» contient une ancre (&)${NBSP}: un scénario est écrit en entier.`);
  };
  try {
    return jsyaml.load(text, { schema: YAML_SCHEMA, listener });
  } catch (error) {
    if (error instanceof Refusal) throw error;
    const line = error.mark ? `, ligne ${error.mark.line + 1}` : "";
    throw refuse(`«${NBSP}${name}${NBSP}» n’est pas un fichier YAML que cette page lit${line} (${String(error.reason ?? "trop profond").slice(0, 120)}).`);
  }
}

// Objects without a prototype to inherit from, every key a text; binary numbers are only left in laws, as text.
function plainContent(value, path = []) {
  if (value instanceof BinaryFloat) {
    if (path[0] === "incertitudes" || path[0] === "hypotheses") return value.text;
    throw refuse(`${quoted(value.text)} est un nombre binaire et peut n’être pas exact${NBSP}: écrivez-le entre guillemets.`);
  }
  if (Array.isArray(value)) return value.map((one, rank) => plainContent(one, [...path, rank]));
  if (typeof value !== "object" || value === null) return value;
  if (Object.hasOwn(value, "__proto__")) throw refuse("Clé inconnue : « __proto__ ».");
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plainContent(one, [...path, key])]));
}

function parseScenarios(content, name) {
  const place = `«${NBSP}${name}${NBSP}»`;
  if (!isMapping(content)) throw refuse(`${place} n’est pas un scénario${NBSP}: des clés et des valeurs étaient attendues.`);
  checkKeys(content, SCENARIO_KEYS, place);
  const text = (mapping, key) => {
    if (typeof mapping[key] !== "string" || !mapping[key].trim()) throw refuse(`${place}${NBSP}: la clé ${quoted(key)} manque, ou n’est pas un texte.`);
    return mapping[key].trim();
  };
  const header = Object.fromEntries(HEADER.map((key) => [key, text(content, key)]));
  if (!DATA.regles[header.base]) throw refuse(`${place}${NBSP}: il n’y a pas de règle ${quoted(header.base)}${NNBSP}; il y a ${Object.keys(DATA.regles).join(", ")}.`);
  const renormaliser = content.renormaliser ?? false;
  if (![true, false, "oui", "non"].includes(renormaliser)) throw refuse(`${place}, renormaliser${NBSP}: « oui » ou « non » était attendu.`);
  const listed = (key) => {
    if (content[key] !== undefined && content[key] !== null && !Array.isArray(content[key])) throw refuse(`${place}, ${key}${NBSP}: une liste était attendue.`);
    return content[key] ?? [];
  };
  const differences = (mapping) => {
    if (mapping.differences !== undefined && mapping.differences !== null && !isMapping(mapping.differences)) throw refuse(`${place}, differences${NBSP}: des chemins et des valeurs étaient attendus.`);
    return Object.entries(mapping.differences ?? {});
  };
  const common = {
    base: header.base, renormaliser: renormaliser === true || renormaliser === "oui",
    hypotheses: listed("hypotheses"), incertitudes: listed("incertitudes"), famille: header.id,
  };
  const variants = listed("variantes");
  const all = variants.length ? variants : [{ id: "", titre: header.titre, raisonnement: header.raisonnement }];
  return all.map((variant) => {
    const merged = new Map([...differences(content), ...(variants.length ? differences(variant) : [])]);
    if (!merged.size) throw refuse(`${place}${NBSP}: le scénario ne change rien.`);
    const id = variants.length ? `${header.id}-${text(variant, "id")}` : header.id;
    if (!ID.test(id)) throw refuse(`${place}${NBSP}: l’id ${quoted(id.slice(0, 40))} nomme des fichiers${NNBSP}; il s’écrit sans « / » ni « \\ », en 80 caractères au plus.`);
    const state = {
      ...common, differences: [...merged], id,
      titre: text(variant, "titre"), raisonnement: variant.raisonnement ?? header.raisonnement, auteur: header.auteur, reference: header.reference,
    };
    return { ...state, origine: printOf(state) };
  });
}

// --- a scenario as YAML ------------------------------------------------------------------------------------------------

function scenarioYaml(state) {
  const mapping = {
    id: state.id ?? "simulateur", titre: shownTitle(state), auteur: state.auteur ?? "une personne, dans le simulateur",
    reference: state.reference ?? "aucune", base: state.base, raisonnement: isModified(state) ? `Parti de « ${state.titre} », modifié dans le simulateur.` : state.raisonnement ?? "Choix fait dans le simulateur.",
    renormaliser: Boolean(state.renormaliser), differences: Object.fromEntries(state.differences),
    hypotheses: hypothesesOf(state), incertitudes: state.incertitudes ?? uncertaintiesOf(state),
  };
  return yamlLines(mapping, "").join("\n") + "\n";
}

function hypothesesOf(state) {
  return supposedFor(applyDifferences(DATA.regles[state.base], state.differences, state.renormaliser), state.hypotheses ?? []);
}

function uncertaintiesOf(state) {
  const mapping = applyDifferences(DATA.regles[state.base], state.differences, state.renormaliser);
  const completed = hypothesesOf(state).map((one) => one.critere);
  return (DATA.incertitudes[state.base] ?? []).filter(({ entree, loi }) => {
    const id = entree.replace("criteres.", "");
    return mapping.criteres.some((criterion) => criterion.id === id) && (loi !== "completion" || completed.includes(id));
  });
}

function yamlLines(value, indent) {
  if (Array.isArray(value)) {
    return value.flatMap((one) => {
      if (typeof one !== "object" || one === null) return [`${indent}- ${yamlScalar(one)}`];
      const [first, ...rest] = yamlLines(one, `${indent}  `);
      return [`${indent}- ${first.trimStart()}`, ...rest];
    });
  }
  return Object.entries(value).flatMap(([key, one]) => {
    const name = /^[\p{L}_][\p{L}\d_.-]*$/u.test(key) && !/^(y|n|yes|no|on|off|true|false|null)$/i.test(key) ? key : yamlScalar(key);
    if (Array.isArray(one) && !one.length) return [`${indent}${name}: []`];
    if (typeof one === "object" && one !== null) return Object.keys(one).length ? [`${indent}${name}:`, ...yamlLines(one, `${indent}  `)] : [`${indent}${name}: {}`];
    return [`${indent}${name}: ${yamlScalar(one)}`];
  });
}

// A text in double quotes is the same in YAML and in JSON, but for the signs that YAML calls unprintable.
function yamlScalar(value) {
  if (typeof value !== "string") return JSON.stringify(value);
  return JSON.stringify((value.toWellFormed?.() ?? value)).replace(/[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

// --- tables ---------------------------------------------------------------------------------------------------------------

function tableOf(view) {
  const headings = ["Code", "Département", "Région", "Montant officiel (€)", "Montant du choix (€)", "Écart (€)", "Écart (%)", "Effet", "Borne", "Euros par enfant protégé", "Fourchette, 5 % (€)", "Fourchette, 95 % (€)", "Tirages où il gagne (%)"];
  const number = (value) => (value === null || value === undefined || Number.isNaN(value) ? "" : value instanceof Rational ? value.toNumber() : value);
  const rows = view.comparison.rows.map((row) => {
    const band = view.bands?.get(row.code);
    return [row.code, nameOf(row.code), DATA.territoires[row.code]?.[1] ?? "", number(row.official), number(row.chosen), number(row.difference), Number.isFinite(row.share) && row.share !== null ? 100 * row.share : "", row.effect, row.bound ? AT_BOUND[row.bound] : "", number(row.perChild), number(band?.low), number(band?.high), band?.gain === null || !band ? "" : 100 * band.gain];
  });
  return { headings, rows };
}

function safeText(value) { return /^[=+\-@\t\r]/.test(value) ? `'${value}` : value; }

function csvOf({ headings, rows }) {
  const cell = (value) => (typeof value === "number" ? String(Number(value.toFixed(6))).replace(".", ",") : `"${safeText(value).replaceAll('"', '""')}"`);
  return `\ufeff${[headings, ...rows].map((row) => row.map(cell).join(";")).join("\r\n")}\r\n`;
}

// A workbook: its sheets as XML in a zip archive without compression.
function workbookOf(sheets) {
  const escape = (text) => String(text).replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, "").replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
  const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main", links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships", packages = "http://schemas.openxmlformats.org/package/2006";
  const column = (k) => (k < 26 ? "" : String.fromCharCode(64 + Math.floor(k / 26))) + String.fromCharCode(65 + k % 26);
  const cell = (value, row, k, style) => {
    const place = `r="${column(k)}${row + 1}"`;
    if (typeof value === "number") return `<c ${place} s="${Number.isInteger(value) ? 2 : 3}"><v>${value}</v></c>`;
    return value === "" ? "" : `<c ${place} t="inlineStr" s="${style}"><is><t xml:space="preserve">${escape(value)}</t></is></c>`;
  };
  const sheet = ({ headings, rows }) => `${head}<worksheet xmlns="${main}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>${headings.map((text, k) => `<col min="${k + 1}" max="${k + 1}" width="${Math.min(60, Math.max(text.length + 2, ...rows.map((row) => String(typeof row[k] === "number" ? Math.round(row[k]) : row[k]).length + 3)))}" customWidth="1"/>`).join("")}</cols><sheetData>${[headings, ...rows].map((row, r) => `<row r="${r + 1}">${row.map((value, k) => cell(value, r, k, r ? 0 : 1)).join("")}</row>`).join("")}</sheetData></worksheet>`;
  const files = {
    "[Content_Types].xml": `${head}<Types xmlns="${packages}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>${sheets.map((_, k) => `<Override PartName="/xl/worksheets/sheet${k + 1}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>`).join("")}</Types>`,
    "_rels/.rels": `${head}<Relationships xmlns="${packages}/relationships"><Relationship Id="rId1" Type="${links}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    "xl/workbook.xml": `${head}<workbook xmlns="${main}" xmlns:r="${links}"><sheets>${sheets.map(({ name }, k) => `<sheet name="${escape(name)}" sheetId="${k + 1}" r:id="rId${k + 1}"/>`).join("")}</sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": `${head}<Relationships xmlns="${packages}/relationships">${sheets.map((_, k) => `<Relationship Id="rId${k + 1}" Type="${links}/worksheet" Target="worksheets/sheet${k + 1}.xml"/>`).join("")}<Relationship Id="rId${sheets.length + 1}" Type="${links}/styles" Target="styles.xml"/></Relationships>`,
    "xl/styles.xml": `${head}<styleSheet xmlns="${main}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4"><xf xfId="0"/><xf xfId="0" fontId="1" applyFont="1"/><xf xfId="0" numFmtId="3" applyNumberFormat="1"/><xf xfId="0" numFmtId="4" applyNumberFormat="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`,
  };
  sheets.forEach((one, k) => { files[`xl/worksheets/sheet${k + 1}.xml`] = sheet(one); });
  return zipOf(files);
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => { for (let k = 0; k < 8; k += 1) byte = byte & 1 ? 0xedb88320 ^ (byte >>> 1) : byte >>> 1; return byte >>> 0; });

function zipOf(files) {
  const parts = [], directory = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const path = new TextEncoder().encode(name), bytes = new TextEncoder().encode(text);
    let crc = 0xffffffff;
    for (const byte of bytes) crc = CRC_TABLE[(crc ^ byte) & 255] ^ (crc >>> 8);
    const fields = [[20, 2], [0x800, 2], [0, 2], [0, 2], [0x21, 2], [~crc >>> 0, 4], [bytes.length, 4], [bytes.length, 4], [path.length, 2], [0, 2]];
    const local = little([[0x04034b50, 4], ...fields]);
    directory.push(little([[0x02014b50, 4], [20, 2], ...fields, [0, 2], [0, 2], [0, 2], [0, 4], [offset, 4]]), path);
    parts.push(local, path, bytes);
    offset += local.length + path.length + bytes.length;
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0), count = directory.length / 2;
  const end = little([[0x06054b50, 4], [0, 2], [0, 2], [count, 2], [count, 2], [size, 4], [offset, 4], [0, 2]]);
  return new Blob([...parts, ...directory, end], { type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" });
}

function little(fields) {
  return Uint8Array.from(fields.flatMap(([value, size]) => Array.from({ length: size }, (_, k) => (value >>> (8 * k)) & 255)));
}

function download(name, content, type) {
  const address = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  const link = document.createElement("a");
  Object.assign(link, { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}
