// Pictures: the map, its legend, the small maps of a comparison. Colours and textures are those of the style sheet.

const SVG = "http://www.w3.org/2000/svg";
const CLASS_BOUNDS = [0.02, 0.1, 0.25];

function h(name, attributes = {}, ...children) {
  const element = name.startsWith("svg:") ? document.createElementNS(SVG, name.slice(4)) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

// From -3 to 3; the middle class holds what hardly changes. Symmetric around no change.
function classOf(share) {
  const size = CLASS_BOUNDS.filter((bound) => Math.abs(share) > bound).length;
  return share < 0 ? -size : size;
}
function classWords(step) {
  const sign = step < 0 ? "−" : "+", [low, high] = [CLASS_BOUNDS[Math.abs(step) - 1], CLASS_BOUNDS[Math.abs(step)]].map((bound) => percent(bound ?? 0, 0));
  if (!step) return `à ${percent(CLASS_BOUNDS[0], 0)} près`;
  if (Math.abs(step) === CLASS_BOUNDS.length) return `${step < 0 ? "baisse" : "hausse"} de plus de ${low}`;
  return `de ${sign}${low} à ${sign}${high}`;
}

// What each drawn path stands for: Corse is one or two, as the units say.
function drawnCode(code, codes) {
  if (codes.has(code)) return code;
  return Object.entries(DATA.parties).find(([whole, parts]) => codes.has(whole) && parts.includes(code))?.[0] ?? code;
}
function isDrawn(unit, codes) {
  const parts = DATA.parties[unit.code];
  if (parts) return codes.has(unit.code) && !parts.some((part) => codes.has(part));
  return !Object.entries(DATA.parties).some(([whole, inside]) => inside.includes(unit.code) && codes.has(whole) && DATA.carte.units.some((one) => one.code === whole));
}

function patterns(prefix) {
  const dots = (id, size) => h("svg:pattern", { id: `${prefix}${id}`, width: 90, height: 90, patternUnits: "userSpaceOnUse" }, h("svg:rect", { width: 90, height: 90, class: id }), h("svg:circle", { cx: 30, cy: 30, r: size, class: "grain" }));
  const stripes = (id, width) => h("svg:pattern", { id: `${prefix}${id}`, width: 100, height: 100, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" }, h("svg:rect", { width: 100, height: 100, class: `${id}-fond` }), h("svg:rect", { width, height: 100, class: `${id}-trait` }));
  return h("svg:defs", {}, dots("m1", 14), dots("m2", 16), dots("m3", 18), stripes("hors", 12), stripes("sortant", 34));
}
function lookOf(row) {
  if (!row) return "hors";
  if (row.situation !== "commun") return row.situation;
  const step = classOf(row.share);
  return step < 0 ? `m${-step}` : step > 0 ? `p${step}` : "zero";
}
const TEXTURED = ["m1", "m2", "m3", "hors", "sortant"];
function fillOf(look, prefix) { return TEXTURED.includes(look) ? `fill:url(#${prefix}${look})` : ""; }

// A map of France: paths of hectometres, drawn once, then only looks change.
class FranceMap {
  constructor(prefix, small = false) {
    const { width, height, units, frames } = DATA.carte;
    this.prefix = prefix;
    this.paths = units.map((unit) => ({ unit, path: h("svg:path", { d: unit.path, "data-code": unit.code }) }));
    this.circles = h("svg:g", { class: "cercles" });
    this.names = h("svg:g", { class: "noms" });
    this.svg = h("svg:svg", { viewBox: `0 0 ${width} ${height}`, class: `carte${small ? " petite" : ""}`, role: "img" },
      patterns(prefix),
      ...frames.map(({ box: [x, y, wide, tall] }) => h("svg:rect", { class: "cadre-carte", x: x + 10, y: y + 10, width: wide - 20, height: tall - 20 })),
      h("svg:g", { class: "unites" }, ...this.paths.map(({ path }) => path)), this.circles,
      ...(small ? [] : frames.map(({ name, box: [x, y] }) => h("svg:text", { class: "nom-cadre", x: x + 80, y: y + 270 }, name))), this.names);
  }

  show(comparison, { circles, selected, label }) {
    const rows = new Map(comparison.rows.map((row) => [row.code, row])), codes = new Set(rows.keys());
    for (const { unit, path } of this.paths) {
      path.style.display = isDrawn(unit, codes) ? "" : "none";
      const code = drawnCode(unit.code, codes), row = rows.get(code);
      const look = circles ? (row ? "fond" : "hors") : lookOf(row);
      if (path.dataset.look !== look) { path.dataset.look = look; path.setAttribute("class", look); path.setAttribute("style", fillOf(look, this.prefix)); if (!isDrawn(unit, codes)) path.style.display = "none"; }
      path.classList.toggle("choisi", code === selected);
      path.dataset.unite = code;
    }
    this.svg.setAttribute("aria-label", label);
    this.circles.replaceChildren(...(circles ? this.circlesOf(comparison, codes) : []));
    this.nameOf(selected, codes);
  }

  // Amounts are stocks: areas of circles. The petite couronne has its own in the magnified inset, and nowhere else.
  circlesOf({ rows }, codes) {
    const largest = Math.max(...rows.map((row) => row.after ?? 0));
    const magnified = new Set(DATA.carte.units.filter((unit) => unit.enlarged).map((unit) => unit.code));
    const amounts = new Map(rows.map((row) => [row.code, row.after ?? 0]));
    return this.paths.map(({ unit }) => unit)
      .filter((unit) => amounts.get(unit.code) > 0 && isDrawn(unit, codes) && (unit.enlarged || !magnified.has(unit.code)))
      .sort((a, b) => amounts.get(b.code) - amounts.get(a.code))
      .map((unit) => h("svg:circle", { cx: unit.x, cy: unit.y, r: 520 * Math.sqrt(amounts.get(unit.code) / largest), "data-unite": unit.code }));
  }

  nameOf(code, codes) {
    const unit = DATA.carte.units.findLast((one) => one.code === code && isDrawn(one, codes));
    this.names.replaceChildren(...(unit ? [h("svg:text", { x: Math.min(Math.max(unit.x, 900), DATA.carte.width - 900), y: unit.y - 60 }, nameOf(code))] : []));
  }
}

function legendOf(comparison, circles, prefix) {
  const counts = new Map();
  for (const row of comparison.rows) counts.set(lookOf(row), (counts.get(lookOf(row)) ?? 0) + 1);
  const codes = new Set(comparison.rows.map((row) => row.code));
  const outside = DATA.carte.units.filter((unit) => !unit.enlarged && !DATA.parties[unit.code] && !codes.has(drawnCode(unit.code, codes))).length;
  const key = (look, words, count) => h("li", {}, h("svg:svg", { viewBox: "0 0 240 160", class: "cle", "aria-hidden": "true" }, h("svg:rect", { width: 240, height: 160, class: look, style: fillOf(look, prefix) })), ` ${words} `, count === null ? null : h("span", {}, `(${written(count)})`));
  const items = [];
  if (circles) {
    const largest = Math.max(...comparison.rows.map((row) => row.after ?? 0));
    items.push(h("li", {}, h("svg:svg", { viewBox: "0 0 240 160", class: "cle", "aria-hidden": "true" }, h("svg:circle", { cx: 120, cy: 80, r: 70, class: "rond" })), ` surface proportionnelle au montant${NNBSP}; le plus grand${NBSP}: ${euros(Math.round(largest))}`));
  } else {
    for (let step = -3; step <= 3; step += 1) {
      const look = step < 0 ? `m${-step}` : step > 0 ? `p${step}` : "zero";
      items.push(key(look, classWords(step), counts.get(look) ?? 0));
    }
    for (const look of ["entrant", "sortant"]) if (counts.get(look)) items.push(key(look, look, counts.get(look)));
  }
  if (outside) items.push(key("hors", "non concerné", outside));
  return items;
}

// A picture that stands alone: looks become attributes, with title, legend words and source written in it.
function standalonePicture(svg, title, legend, source) {
  const copy = svg.cloneNode(true), [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
  const originals = svg.querySelectorAll("*");
  copy.querySelectorAll("*").forEach((element, k) => {
    const style = getComputedStyle(originals[k]);
    if (style.display === "none" && !originals[k].closest("defs")) { element.setAttribute("display", "none"); return; }
    for (const name of ["fill", "stroke", "stroke-width", "fill-opacity", "font-size", "font-family", "font-weight", "text-anchor", "paint-order", "stroke-linejoin"]) element.setAttribute(name, style.getPropertyValue(name).replaceAll('"', "'").replace(/url\('?[^#]*#([^')]*)'?\)/, "url(#$1)"));
    element.removeAttribute("style");
  });
  const ink = getComputedStyle(document.body).color, paper = getComputedStyle(svg).backgroundColor;
  const line = (text, y, size, weight = 400) => h("svg:text", { x: 100, y, fill: ink, "font-size": size, "font-weight": weight, "font-family": "Arial, sans-serif" }, text);
  const keys = [...legend.children].map((item, k) => {
    const shape = item.querySelector("svg").firstElementChild, y = height + 250 + 330 * Math.floor(k / 2), x = 100 + (width / 2) * (k % 2);
    const drawn = shape.cloneNode(true), style = getComputedStyle(shape);
    for (const name of ["fill", "stroke", "stroke-width"]) drawn.setAttribute(name, style.getPropertyValue(name).replace(/url\(["']?[^#]*#([^"')]*)["']?\)/, "url(#$1)"));
    drawn.removeAttribute("style");
    const text = line(item.textContent.trim(), y + 130, 190);
    text.setAttribute("x", x + 320);
    return h("svg:g", {}, h("svg:g", { transform: `translate(${x} ${y})` }, drawn), text);
  });
  const bottom = height + 350 + 330 * Math.ceil(keys.length / 2), sources = wrapped(source, 130), depth = bottom + 1300 + 220 * sources.length;
  const titles = wrapped(title, 62).map((text, k) => line(text, -600 + 330 * k, 300, 700));
  copy.prepend(h("svg:rect", { x: 0, y: -1000, width, height: depth, fill: paper === "rgba(0, 0, 0, 0)" ? "#fff" : paper }));
  copy.append(...titles, ...keys, ...sources.map((text, k) => line(text, bottom + 150 + 220 * k, 170)));
  copy.setAttribute("xmlns", SVG);
  copy.setAttribute("viewBox", `0 -1000 ${width} ${depth}`);
  copy.setAttribute("width", Math.round(width / 10));
  copy.setAttribute("height", Math.round(depth / 10));
  copy.removeAttribute("class");
  return new XMLSerializer().serializeToString(copy);
}

function wrapped(text, size) {
  const lines = [""];
  for (const word of text.split(" ")) {
    if (lines.at(-1).length + word.length > size) lines.push("");
    lines[lines.length - 1] += `${lines.at(-1) ? " " : ""}${word}`;
  }
  return lines;
}

function pngOf(svgText) {
  return new Promise((resolve, reject) => {
    const image = new Image();
    image.onload = () => {
      const canvas = h("canvas", {});
      [canvas.width, canvas.height] = [image.width * 2, image.height * 2];
      const context = canvas.getContext("2d");
      context.drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("canvas"))), "image/png");
    };
    image.onerror = () => reject(new Error("image"));
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svgText)}`;
  });
}
