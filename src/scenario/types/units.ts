/**
 * Quantities as people write them, `400Gbps` or `4KiB`, to exact integers: picoseconds, bytes, bits
 * per second, millimetres, thousandths of a degree. Bits are `b`, bytes `B`; K, M, G, T are powers
 * of 1000 and Ki, Mi, Gi, Ti powers of 1024.
 */

export type Dimension = "time" | "size" | "rate" | "length" | "temperature" | "duration" | "compute" | "attenuation";

interface DimensionSpec {
  /** With its article, for messages. */
  readonly label: string;
  /** What the integer counts. */
  readonly base: string;
  readonly example: string;
  /** Base units in one of each unit. */
  readonly units: ReadonlyMap<string, bigint>;
}

const DECIMAL = [
  ["", 1n],
  ["K", 1000n],
  ["M", 1000n ** 2n],
  ["G", 1000n ** 3n],
  ["T", 1000n ** 4n],
] as const;

const BINARY = [
  ["Ki", 1024n],
  ["Mi", 1024n ** 2n],
  ["Gi", 1024n ** 3n],
  ["Ti", 1024n ** 4n],
] as const;

const DIMENSIONS: Readonly<Record<Dimension, DimensionSpec>> = {
  time: {
    label: "a time",
    base: "picoseconds",
    example: "500ns",
    units: new Map([
      ["ps", 1n],
      ["ns", 1000n],
      ["us", 1000n ** 2n],
      ["ms", 1000n ** 3n],
      ["s", 1000n ** 4n],
    ]),
  },
  size: { label: "a size", base: "bytes", example: "4KiB", units: prefixed("B", 1n) },
  rate: {
    label: "a rate",
    base: "bits per second",
    example: "400Gbps",
    units: new Map([...prefixed("bps", 1n), ...prefixed("Bps", 8n)]),
  },
  length: {
    label: "a length",
    base: "millimetres",
    example: "30m",
    units: new Map([
      ["mm", 1n],
      ["cm", 10n],
      ["m", 1000n],
      ["km", 1000n ** 2n],
    ]),
  },
  duration: {
    label: "a duration",
    base: "milliseconds",
    example: "1h",
    units: new Map([
      ["ms", 1n],
      ["s", 1000n],
      ["min", 60_000n],
      ["h", 3_600_000n],
      ["d", 86_400_000n],
    ]),
  },
  compute: {
    label: "a computing rate",
    base: "FLOP/s",
    example: "989TFLOPs",
    units: new Map(DECIMAL.map(([prefix, factor]) => [`${prefix}FLOPs`, factor])),
  },
  temperature: {
    label: "a temperature",
    base: "thousandths of a degree Celsius",
    example: "55C",
    units: new Map([["C", 1000n]]),
  },
  attenuation: {
    label: "an attenuation",
    base: "thousandths of a decibel",
    example: "0.5dB",
    units: new Map([["dB", 1000n]]),
  },
};

function prefixed(unit: string, factor: bigint): Map<string, bigint> {
  return new Map([...DECIMAL, ...BINARY].map(([prefix, scale]) => [prefix + unit, scale * factor]));
}

export type Parsed = { readonly ok: true; readonly value: number } | { readonly ok: false; readonly message: string };

const LONGEST_TEXT = 64;
const LARGEST = BigInt(Number.MAX_SAFE_INTEGER);

/**
 * Reads a quantity of one dimension as an integer of its base unit.
 * The message of a refusal says what would be right, and lists the units.
 */
export function parseQuantity(dimension: Dimension, text: string): Parsed {
  const spec = DIMENSIONS[dimension];
  const match = text.length > LONGEST_TEXT ? null : /^([+-]?)(\d+)(?:\.(\d+))?\s*(\S*)$/.exec(text.trim());
  if (match === null) return refuse(`${quote(text)} is not ${spec.label}; ${legal(spec)}`);
  const [, sign, whole, fraction = "", unit] = match;
  if (unit === "") return refuse(`${quote(text)} has no unit; ${legal(spec)}`);
  const factor = spec.units.get(unit!);
  if (factor === undefined) return refuse(`${quote(text)} has no unit of ${spec.label}; ${legal(spec, unit!)}`);
  const scaled = BigInt(whole! + fraction) * factor;
  const divisor = 10n ** BigInt(fraction.length);
  if (scaled % divisor !== 0n) return refuse(`${quote(text)} is not a whole number of ${spec.base}`);
  const value = scaled / divisor;
  if (value > LARGEST) return refuse(`${quote(text)} is too large: at most 2^53 ${spec.base}`);
  if (sign === "-" && value !== 0n && dimension !== "temperature") return refuse(`${quote(text)} is below zero`);
  return { ok: true, value: Number(sign === "-" && value !== 0n ? -value : value) };
}

/** The dimension with its article: "a rate". */
export function dimensionLabel(dimension: Dimension): string {
  return DIMENSIONS[dimension].label;
}

/** "write a number and a unit (ps, ns, …), e.g. 500ns". */
export function legalUnits(dimension: Dimension): string {
  return legal(DIMENSIONS[dimension]);
}

/** Pattern of the text form, for editors. */
export function quantityPattern(dimension: Dimension): string {
  const units = [...DIMENSIONS[dimension].units.keys()].join("|");
  return `^\\s*[+-]?\\d+(\\.\\d+)?\\s*(${units})\\s*$`;
}

/** A value in the unit that keeps it shortest, for messages: `4KiB`, `1.5us`; rates in bits. */
export function formatQuantity(dimension: Dimension, value: number): string {
  let best = "";
  for (const [unit, factor] of DIMENSIONS[dimension].units) {
    if (unit.endsWith("Bps")) continue;
    const text = `${value / Number(factor)}${unit}`;
    if (best !== "" && text.length >= best.length) continue;
    const parsed = parseQuantity(dimension, text);
    // The division may have rounded.
    if (parsed.ok && parsed.value === value) best = text;
  }
  return best === "" ? `${value}${[...DIMENSIONS[dimension].units.keys()][0]}` : best;
}

function legal(spec: DimensionSpec, unit = ""): string {
  const units = [...spec.units.keys()];
  const near = units.find((known) => known.toLowerCase() === unit.toLowerCase() && known !== unit);
  const guess = near === undefined ? "" : ` (did you mean ${near}?)`;
  return `write a number and a unit (${units.join(", ")})${guess}, e.g. ${spec.example}`;
}

function refuse(message: string): Parsed {
  return { ok: false, message };
}

function quote(text: string): string {
  return JSON.stringify(text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text);
}
