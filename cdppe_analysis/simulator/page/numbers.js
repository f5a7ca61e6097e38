// Exact numbers: rationals of BigInt, read from decimal text, written in French. Nothing here is rounded but what is shown.

class Rational {
  constructor(numerator, denominator = 1n) {
    if (denominator < 0n) { numerator = -numerator; denominator = -denominator; }
    const common = gcd(numerator < 0n ? -numerator : numerator, denominator);
    this.n = common === 1n ? numerator : numerator / common;
    this.d = common === 1n ? denominator : denominator / common;
  }
  plus(other) { return new Rational(this.n * other.d + other.n * this.d, this.d * other.d); }
  minus(other) { return new Rational(this.n * other.d - other.n * this.d, this.d * other.d); }
  times(other) { return new Rational(this.n * other.n, this.d * other.d); }
  over(other) { return new Rational(this.n * other.d, this.d * other.n); }
  compare(other) { const gap = this.n * other.d - other.n * this.d; return gap > 0n ? 1 : gap < 0n ? -1 : 0; }
  equals(other) { return this.n === other.n && this.d === other.d; }
  sign() { return this.n > 0n ? 1 : this.n < 0n ? -1 : 0; }
  floor() { return floorDivide(this.n, this.d); }
  isWhole() { return this.d === 1n; }
  toNumber() { return nearestFloat(this.n, this.d); }
  // As the project writes exact numbers: decimals where they end, else a fraction.
  toString() {
    const digits = endingDigits(this.d);
    if (digits === null) return `${this.n}/${this.d}`;
    if (digits === 0) return String(this.n);
    const scaled = String((this.n < 0n ? -this.n : this.n) * 10n ** BigInt(digits) / this.d).padStart(digits + 1, "0");
    return `${this.n < 0n ? "-" : ""}${scaled.slice(0, -digits)}.${scaled.slice(-digits)}`;
  }
}

const ZERO = new Rational(0n);
const ONE = new Rational(1n);
const HUNDRED = new Rational(100n);
const LONGEST_NUMBER = 400;

function gcd(a, b) { while (b) [a, b] = [b, a % b]; return a || 1n; }
function lcm(a, b) { return a === b ? a : a / gcd(a, b) * b; }
function floorDivide(a, b) { const quotient = a / b; return a % b !== 0n && (a < 0n) !== (b < 0n) ? quotient - 1n : quotient; }
function sumOf(rationals) { return rationals.reduce((total, one) => total.plus(one), ZERO); }
function largerOf(a, b) { return a.compare(b) >= 0 ? a : b; }
function smallerOf(a, b) { return a.compare(b) <= 0 ? a : b; }

function endingDigits(denominator) {
  let digits = 0;
  for (const prime of [2n, 5n]) {
    let count = 0;
    while (denominator % prime === 0n) { denominator /= prime; count += 1; }
    digits = Math.max(digits, count);
  }
  return denominator === 1n ? digits : null;
}

// The float nearest to n / d, ties to even: 55 bits and a sticky one, which Number() then rounds once.
function nearestFloat(n, d) {
  if (n === 0n) return 0;
  const positive = n < 0n ? -n : n;
  const shift = positive.toString(2).length - d.toString(2).length - 64;
  const [top, bottom] = shift > 0 ? [positive, d << BigInt(shift)] : [positive << BigInt(-shift), d];
  let quotient = top / bottom;
  if (top % bottom !== 0n) quotient |= 1n;
  return Number(quotient) * 2 ** shift * (n < 0n ? -1 : 1);
}

// A decimal text, with an exponent or not (`12.50`, `1e-05`), or null.
function fromDecimal(text) {
  const found = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text);
  if (!found || text.length > LONGEST_NUMBER || !(found[2] || found[3])) return null;
  const exponent = Number(found[4] ?? 0);
  if (Math.abs(exponent) > LONGEST_NUMBER) return null;
  const decimals = found[3] ?? "";
  const power = exponent - decimals.length;
  const digits = BigInt(found[2] + decimals) * (found[1] === "-" ? -1n : 1n);
  return power >= 0 ? new Rational(digits * 10n ** BigInt(power)) : new Rational(digits, 10n ** BigInt(-power));
}

// The numbers that a rule or a scenario may hold: an integer, decimal text, a fraction as text; or null.
function fromExactText(value) {
  if (typeof value === "bigint" || (typeof value === "number" && Number.isSafeInteger(value))) return new Rational(BigInt(value));
  if (typeof value !== "string" || value.length > LONGEST_NUMBER) return null;
  const text = value.trim().replaceAll("_", "");
  const found = /^([+-]?\d+)(?:\/([1-9]\d*)|(\.\d+))?$/.exec(text);
  if (!found) return null;
  return found[2] ? new Rational(BigInt(found[1]), BigInt(found[2])) : fromDecimal(text);
}

// What a person types: « 1 296 880 € », « 33,3 », « 33.3 », « 1,5 M€ »; or null.
function fromTyped(text) {
  const plain = text.normalize("NFKC").replace(/[\s\u2019']/g, "").replace(/−/g, "-");
  const found = /^([+-]?\d*(?:[.,]\d*)?)(%|€|k€|M€)?$/.exec(plain);
  const value = found && fromDecimal(found[1].replace(",", "."));
  return value && value.times(new Rational({ "k€": 1000n, "M€": 1000000n }[found[2]] ?? 1n));
}

const NBSP = "\u00a0";
const NNBSP = "\u202f";
const MISSING = "n. d.";

// In French, rounded half up; a float stands for the shortest decimal that it prints as.
function written(value, decimals = 0, signed = false) {
  if (value === null || value === undefined || Number.isNaN(value)) return MISSING;
  if (value === Infinity || value === -Infinity) return value > 0 ? "∞" : "−∞";
  const exact = value instanceof Rational ? value : fromDecimal(String(value));
  const scale = 10n ** BigInt(decimals);
  const size = exact.n < 0n ? -exact.n : exact.n;
  const rounded = (2n * size * scale + exact.d) / (2n * exact.d);
  const digits = String(rounded).padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals).replace(/\B(?=(\d{3})+$)/g, NNBSP);
  const sign = rounded === 0n ? "" : exact.n < 0n ? "−" : signed ? "+" : "";
  return sign + whole + (decimals ? `,${digits.slice(-decimals)}` : "");
}
function withUnit(value, unit, decimals, signed) {
  const text = written(value, decimals, signed);
  return text === MISSING ? text : `${text}${NNBSP}${unit}`;
}
function euros(value, decimals, signed) { return withUnit(value, "€", decimals, signed); }
function exactEuros(value, signed) { return euros(value, value.isWhole() ? 0 : 2, signed); }
function percent(share, decimals = 1, signed = false) {
  if (share === null || share === undefined || Number.isNaN(share)) return MISSING;
  return withUnit(share instanceof Rational ? share.times(HUNDRED) : Number((share * 100).toPrecision(12)), "%", decimals, signed);
}
function plural(count, word) { return `${written(count)} ${word}${count > 1 ? "s" : ""}`; }
// A weight, in full: what was typed is never shown shortened while it ends within twelve digits.
function weightText(weight) {
  const scaled = weight.times(HUNDRED);
  const digits = endingDigits(scaled.d);
  return written(scaled, digits === null ? 6 : Math.min(digits, 12)).replaceAll(NNBSP, "");
}
