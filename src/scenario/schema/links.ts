import { LINK_LEVEL_NAMES, LINK_LEVELS, type LinkLevelName, type LinkLevelRow } from "../../plan/levels.js";
import { OPTIC_NAMES } from "../../plan/parts/optics.js";
import { MECHANISM_PARAMETERS } from "../../plan/policies/mechanism-parameters.js";
import { choice, object, quantity, quantityOr, real, whole } from "./fields.js";
import { typeOf } from "./parameters.js";

/**
 * Latency and serialization of the largest packet must stay below 2^37 ps; the rule is checked to
 * the bit later.
 */
export const LONGEST_LINK = "100ms";
/** Half way round the Earth. */
export const LONGEST_CABLE = "20000km";

export function linkRate(description: string) {
  return quantity("rate", { description, min: "1Mbps", max: "10Tbps", examples: ["400Gbps", "450GBps"] });
}

const portRate = linkRate(
  "Rate of the ports that the switches have for these links, by which the number of switches is found. Left out: rate. With it, another rate leaves the fabric as it is.",
);

export const fecLatency = quantity("time", {
  description:
    "Forward error correction, once per traversal. Left out: 70 ns from 800 Gb/s, 75 ns from 400 Gb/s, 100 ns from 25 Gb/s, else none.",
  max: "1ms",
  examples: ["75ns"],
});

export const linkBer = real(0, 0.5, "Bit error ratio of each direction before error correction; 0 for none.");

export const linkFrameLoss = real(
  0,
  1,
  "Share of packets that each direction loses at random, whatever their size, beside what ber causes; 0 for none.",
);

const { llr } = MECHANISM_PARAMETERS["link-retry"];

export const linkRetry = typeOf(llr);

const latency = quantity("time", {
  description: "One-way latency of the medium; goes before length.",
  max: LONGEST_LINK,
  examples: ["300ns"],
});

export const linkOptic = choice(
  ["auto", ...OPTIC_NAMES],
  [],
  "Part at the ends, for the bill of materials; `heddle parts` lists them. auto: the cheapest that has the rate and the length.",
);

export const innerCodeLatency = quantity("time", {
  description:
    "Inner code of lanes of 200 Gb/s, once per traversal, beside fecLatency: 10 to 50 ns where there is one.",
  max: "1us",
  examples: ["30ns"],
});

const breakout = whole(
  1,
  8,
  "Links that share one port of the leaf and its module: 2 for a port of 800G that feeds two NICs of 400G.",
);

function levelFields(defaults: LinkLevelRow) {
  return {
    rate: linkRate("Bandwidth of each direction.").prefault(defaults.rate),
    portRate: portRate.optional(),
    latency: latency.optional(),
    length: quantity("length", {
      description: "Cable length, at 5 ns/m.",
      max: LONGEST_CABLE,
      examples: ["30m"],
    }).prefault(defaults.length),
    optic: linkOptic.prefault("auto"),
    fecLatency: fecLatency.optional(),
    innerCodeLatency: innerCodeLatency.prefault("0ns"),
    ber: linkBer.prefault(0),
    frameLossRatio: linkFrameLoss.prefault(0),
    llr: linkRetry.prefault(llr.default),
  };
}

function level(row: LinkLevelRow) {
  return object(levelFields(row), row.sentence).prefault({});
}

/** A section for each row but that of access links, which have one setting more. */
const LEVELS = Object.fromEntries(
  LINK_LEVEL_NAMES.filter((name) => name !== "access").map((name) => [name, level(LINK_LEVELS[name])]),
) as Record<Exclude<LinkLevelName, "access">, ReturnType<typeof level>>;

const scaleUp = object(
  {
    rate: linkRate("Bandwidth of each direction, per GPU.").prefault("450GBps"),
    latency: latency.prefault("300ns"),
    optic: linkOptic.prefault("dac"),
    fecLatency: quantity("time", {
      description: "Forward error correction, once per traversal.",
      max: "1ms",
      examples: ["0ns"],
    }).prefault("0ns"),
    ber: linkBer.prefault(0),
    frameLossRatio: linkFrameLoss.prefault(0),
    llr: linkRetry.prefault(llr.default),
    cell: quantityOr(
      "size",
      { mtu: null },
      {
        description: "Largest payload of a packet on the scale-up network; mtu for the transport's.",
        min: "1B",
        max: "128KiB",
        examples: ["64KiB"],
      },
    ).prefault("64KiB"),
  },
  "Between a GPU and the NVSwitch of its node.",
).prefault({});

export const links = object(
  {
    scaleUp,
    access: object(
      { ...levelFields(LINK_LEVELS.access), breakout: breakout.prefault(1) },
      LINK_LEVELS.access.sentence,
    ).prefault({}),
    ...LEVELS,
  },
  "Links by level.",
).prefault({});
