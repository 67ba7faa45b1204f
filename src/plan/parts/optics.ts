/**
 * Parts at the ends of links, one row each: copper cables, cables with optics in them, pluggable
 * modules, and optics beside the switch chip. A link takes the smallest variant of its part that
 * has the link's rate.
 */
import { middleOf, type Part, type Range, range } from "./part.js";

export const OPTIC_NAMES = [
  "dac",
  "aec",
  "aoc",
  "sr4",
  "sr8",
  "dr1",
  "dr4",
  "dr8",
  "fr1",
  "fr4",
  "fr8",
  "2xfr4",
  "lr1",
  "lr4",
  "zr",
  "lpo",
  "cpo",
] as const;
export type OpticName = (typeof OPTIC_NAMES)[number];

/**
 * `cable`: both ends and what is between them are one piece. `module`: one at each end, and fibre
 * between them.
 */
export type OpticForm = "cable" | "module";

/** A part at one of the rates that it is made for. */
export interface OpticVariant {
  readonly rateBps: number;
  /** Bits per second of an electrical lane. */
  readonly laneBps: number;
  readonly reachMm: number;
  /** Of one end. */
  readonly watts: Range;
  /** In US dollars: of one module, or of the whole cable. */
  readonly usd: Range;
  /** Of a link, both directions; 0 where the cable has none that is laid. */
  readonly fibres: number;
}

export interface OpticRow extends Part {
  readonly form: OpticForm;
  /** Its ends are transceivers, which modules report on and which fail as such. */
  readonly isOptical: boolean;
  /** `optic: auto` may choose it: any switch takes it. */
  readonly isUsual: boolean;
  /** By rising rate. */
  readonly variants: readonly OpticVariant[];
  /** Bit error ratio before correction of a good one at 25 °C. */
  readonly preFecBer: number;
  /** What its signal-to-noise ratio loses per degree above that, in dB. */
  readonly snrSlopeDbPerC: number;
  /** Share of ends that fail in a year. */
  readonly annualFailures: Range;
}

const GBPS = 1e9;
const METRE = 1000;
const KILOMETRE = 1000 * METRE;

/** Pluggable modules: 0.5 to 1.0 million hours between failures (Meta at ECOC 2025). */
const PLUGGABLE_FAILURES = range(0.0088, 0.0175);
/** 2.6 million hours (likewise). */
const CO_PACKAGED_FAILURES = range(0.0034);
/** Copper has no laser; a tenth of a module's is an estimate. */
const COPPER_FAILURES = range(0.0009, 0.0018);

function variant(
  gbps: number,
  laneGbps: number,
  reachMm: number,
  watts: Range,
  usd: Range,
  fibres: number,
): OpticVariant {
  return { rateBps: gbps * GBPS, laneBps: laneGbps * GBPS, reachMm, watts, usd, fibres };
}

const PRICES = "Prices: estimate, ranges of list prices, 2024-2025.";

const copper = {
  form: "cable",
  isOptical: false,
  isUsual: true,
  preFecBer: 1e-8,
  snrSlopeDbPerC: 0,
  annualFailures: COPPER_FAILURES,
} as const;

const pluggable = {
  form: "module",
  isOptical: true,
  isUsual: true,
  preFecBer: 1e-7,
  snrSlopeDbPerC: 0.03,
  annualFailures: PLUGGABLE_FAILURES,
} as const;

type Row = Omit<OpticRow, "name">;

const ROWS: Readonly<Record<OpticName, Row>> = {
  dac: {
    ...copper,
    sentence: "Passive copper cable (direct attach).",
    source: `Reach: IEEE 802.3by/bj (25G lanes, 5 m), cd (50G, 3 m), ck (100G, 2 m), dj draft (200G, 1 m). ${PRICES}`,
    variants: [
      variant(25, 25, 5 * METRE, range(0.1), range(15, 60), 0),
      variant(100, 25, 5 * METRE, range(0.1), range(25, 100), 0),
      variant(200, 50, 3 * METRE, range(0.1), range(40, 150), 0),
      variant(400, 50, 3 * METRE, range(0.1), range(60, 250), 0),
      variant(800, 100, 2 * METRE, range(0.1), range(60, 250), 0),
      variant(1600, 200, 1 * METRE, range(0.1), range(150, 500), 0),
    ],
  },
  aec: {
    ...copper,
    sentence: "Copper cable with retimers in its ends (active electrical).",
    source: `Reach and power: makers' data sheets, 2023-2025; 1.6T: estimate. ${PRICES}`,
    variants: [
      variant(400, 50, 7 * METRE, range(5, 7), range(150, 400), 0),
      variant(800, 100, 5 * METRE, range(9, 11), range(200, 500), 0),
      variant(1600, 200, 3 * METRE, range(15, 20), range(500, 1200), 0),
    ],
  },
  aoc: {
    ...pluggable,
    form: "cable",
    sentence: "Cable with fibre between fixed modules (active optical).",
    source: `Power: makers' data sheets, 2022-2024. ${PRICES}`,
    variants: [
      variant(100, 25, 30 * METRE, range(2.5, 3.5), range(100, 300), 0),
      variant(200, 50, 30 * METRE, range(4.5, 5.5), range(200, 500), 0),
      variant(400, 50, 30 * METRE, range(7, 9), range(300, 900), 0),
      variant(800, 100, 30 * METRE, range(12, 15), range(700, 1500), 0),
    ],
  },
  sr4: {
    ...pluggable,
    sentence: "Four lanes over parallel multimode fibre.",
    source: `Reach over OM4: IEEE 802.3bm, cd, db. Power: data sheets. ${PRICES}`,
    variants: [
      variant(100, 25, 100 * METRE, range(2.5, 3.5), range(60, 200), 8),
      variant(200, 50, 100 * METRE, range(4, 5.5), range(150, 350), 8),
      variant(400, 100, 100 * METRE, range(7, 9), range(250, 700), 8),
    ],
  },
  sr8: {
    ...pluggable,
    sentence: "Eight lanes over parallel multimode fibre.",
    source: `Reach over OM4: IEEE 802.3cm (400G), df (800G). Power: data sheets. ${PRICES}`,
    variants: [
      variant(400, 50, 100 * METRE, range(8, 10), range(250, 900), 16),
      variant(800, 100, 100 * METRE, range(13, 15), range(400, 1200), 16),
    ],
  },
  dr1: {
    ...pluggable,
    sentence: "One lane over single-mode fibre, 500 m.",
    source: `Reach: IEEE 802.3cd. ${PRICES}`,
    variants: [variant(100, 100, 500 * METRE, range(3, 4), range(150, 400), 2)],
  },
  dr4: {
    ...pluggable,
    sentence: "Four lanes over parallel single-mode fibre, 500 m.",
    source: `Reach: IEEE 802.3bs (400G), dj draft (800G). Power: data sheets, 8-10 W. ${PRICES}`,
    variants: [
      variant(400, 100, 500 * METRE, range(8, 10), range(250, 900), 8),
      variant(800, 200, 500 * METRE, range(13, 16), range(500, 1600), 8),
    ],
  },
  dr8: {
    ...pluggable,
    sentence: "Eight lanes over parallel single-mode fibre, 500 m.",
    source: `Reach: IEEE 802.3df (800G), dj draft (1.6T). Power: 14-16 W at 800G; 30 W at 1.6T (NVIDIA, 2025). ${PRICES}`,
    variants: [
      variant(800, 100, 500 * METRE, range(14, 16), range(400, 1500), 16),
      variant(1600, 200, 500 * METRE, range(25, 30), range(1000, 3000), 16),
    ],
  },
  fr1: {
    ...pluggable,
    sentence: "One lane over single-mode fibre, 2 km.",
    source: `Reach: IEEE 802.3cu. ${PRICES}`,
    variants: [variant(100, 100, 2 * KILOMETRE, range(3.5, 4.5), range(200, 500), 2)],
  },
  fr4: {
    ...pluggable,
    sentence: "Four wavelengths over a pair of single-mode fibres, 2 km.",
    source: `Reach: IEEE 802.3bs (200G), cu (400G), dj draft (800G). Power: data sheets, 10-12 W at 400G. ${PRICES}`,
    variants: [
      variant(200, 50, 2 * KILOMETRE, range(6, 8), range(300, 800), 2),
      variant(400, 100, 2 * KILOMETRE, range(10, 12), range(500, 1200), 2),
      variant(800, 200, 2 * KILOMETRE, range(14, 17), range(800, 2000), 2),
    ],
  },
  fr8: {
    ...pluggable,
    sentence: "Eight wavelengths over a pair of single-mode fibres, 2 km.",
    source: `Reach: IEEE 802.3bs. ${PRICES}`,
    variants: [variant(400, 50, 2 * KILOMETRE, range(10, 12), range(700, 1500), 2)],
  },
  "2xfr4": {
    ...pluggable,
    sentence: "Two FR4 ports in one module, 2 km.",
    source: `Reach: IEEE 802.3cu. Power: 15-17 W at 800G (data sheets). ${PRICES}`,
    variants: [
      variant(800, 100, 2 * KILOMETRE, range(15, 17), range(600, 1500), 4),
      variant(1600, 200, 2 * KILOMETRE, range(27, 32), range(1500, 3500), 4),
    ],
  },
  lr1: {
    ...pluggable,
    sentence: "One lane over single-mode fibre, 10 km.",
    source: `Reach: IEEE 802.3cu (LR1). ${PRICES}`,
    variants: [variant(100, 100, 10 * KILOMETRE, range(4, 5), range(300, 700), 2)],
  },
  lr4: {
    ...pluggable,
    sentence: "Four wavelengths over a pair of single-mode fibres, 10 km.",
    source: `Reach: IEEE 802.3ba (100G), bs (200G), 100G Lambda MSA LR4-10 (400G). ${PRICES}`,
    variants: [
      variant(100, 25, 10 * KILOMETRE, range(3.5, 4.5), range(300, 700), 2),
      variant(200, 50, 10 * KILOMETRE, range(7, 9), range(600, 1500), 2),
      variant(400, 100, 10 * KILOMETRE, range(11, 13), range(900, 2500), 2),
    ],
  },
  zr: {
    ...pluggable,
    sentence: "Coherent optics, to the next datacenter, 120 km with amplifiers.",
    source: `Reach: OIF 400ZR (2020), 800ZR (2024). Power: data sheets. ${PRICES}`,
    preFecBer: 1e-3,
    variants: [
      variant(400, 50, 120 * KILOMETRE, range(15, 20), range(3000, 8000), 2),
      variant(800, 100, 120 * KILOMETRE, range(25, 30), range(6000, 14000), 2),
    ],
  },
  lpo: {
    ...pluggable,
    isUsual: false,
    sentence: "Linear module without a DSP; the switch's own SerDes drives the optics.",
    source: `Power: 8.5 W at 800G, 10.6 pJ/bit (OFC 2025). Reach: LPO MSA, DR class. ${PRICES}`,
    preFecBer: 1e-6,
    snrSlopeDbPerC: 0.06,
    variants: [
      variant(400, 100, 500 * METRE, range(4, 4.5), range(200, 600), 8),
      variant(800, 100, 500 * METRE, range(8, 9), range(300, 900), 16),
    ],
  },
  cpo: {
    ...pluggable,
    isUsual: false,
    sentence: "Optics on the package of the switch chip, with a laser apart.",
    source:
      "Power: 9 W for 1.6T, 5.6 pJ/bit (NVIDIA, 2025). Failures: 2.6 million hours (Meta, ECOC 2025). Prices: estimate.",
    preFecBer: 1e-7,
    snrSlopeDbPerC: 0.03,
    annualFailures: CO_PACKAGED_FAILURES,
    variants: [
      variant(800, 200, 500 * METRE, range(4.5), range(300, 900), 8),
      variant(1600, 200, 500 * METRE, range(9), range(600, 1800), 16),
    ],
  },
};

export const OPTICS: readonly OpticRow[] = OPTIC_NAMES.map((name) => ({ name, ...ROWS[name] }));

export function opticRow(name: OpticName): OpticRow {
  return { name, ...ROWS[name] };
}

/** The smallest variant that has the rate, or undefined where the part is not made for it. */
export function opticVariant(name: OpticName, rateBps: number): OpticVariant | undefined {
  return ROWS[name].variants.find((each) => each.rateBps >= rateBps);
}

/** Parts that reach so far at a rate, the cheapest link first. */
export function opticsThatReach(rateBps: number, lengthMm: number): OpticName[] {
  const usd = (name: OpticName) => usdOfLink(name, opticVariant(name, rateBps)!);
  return OPTIC_NAMES.filter((name) => (opticVariant(name, rateBps)?.reachMm ?? -1) >= lengthMm).sort(
    (a, b) => usd(a) - usd(b),
  );
}

/**
 * What `optic: auto` takes: the cheapest usual part that reaches; undefined where none does.
 */
export function chooseOptic(rateBps: number, lengthMm: number): OpticName | undefined {
  return opticsThatReach(rateBps, lengthMm).find((name) => ROWS[name].isUsual);
}

/** Modules whose lanes go to several smaller ones. */
const BREAKOUTS: Readonly<Partial<Record<OpticName, readonly OpticName[]>>> = {
  sr4: ["sr4", "sr8"],
  dr1: ["dr4", "dr8"],
  dr4: ["dr8"],
  fr4: ["2xfr4"],
  lpo: ["lpo"],
};

/**
 * Part at the switch's end where `count` links share a port and its module; undefined where there
 * is none. A cable is one piece with several ends.
 */
export function breakoutPartner(name: OpticName, rateBps: number, count: number): OpticName | undefined {
  const single = opticVariant(name, rateBps);
  const isCable = ROWS[name].form === "cable";
  const partners = isCable ? [name] : (BREAKOUTS[name] ?? []);
  return partners.find((each) => {
    const whole = opticVariant(each, rateBps * count);
    // The lanes of a module go to its partners as they are; a cable has electronics in its ends.
    return whole?.rateBps === rateBps * count && (isCable || whole.laneBps === single?.laneBps);
  });
}

function usdOfLink(name: OpticName, { usd }: OpticVariant): number {
  return middleOf(usd) * (ROWS[name].form === "cable" ? 1 : 2);
}
