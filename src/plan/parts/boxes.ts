/** Switches and NICs that are bought, one row each. */
import { type Part, type Range, range } from "./part.js";

export interface SwitchBox extends Part {
  /** What all ports carry together in one direction, in bits per second. */
  readonly capacityBps: number;
  readonly ports: string;
  /** Port to port, a packet of 64 bytes, as its maker states it; in picoseconds. */
  readonly latencyPs: number;
  readonly bufferBytes: number;
  /** Without optics. */
  readonly watts: Range;
  readonly usd: Range;
  readonly annualFailures: Range;
}

export interface NicBox extends Part {
  readonly rateBps: number;
  /** Of a message of one packet between two NICs that are cabled to one another, each way. */
  readonly latencyPs: number;
  readonly watts: Range;
  readonly usd: Range;
  readonly annualFailures: Range;
}

const TBPS = 1e12;
const MB = 1e6;
/** Switches: 1 to 2 % a year; NICs: 0.5 to 1 %. Both are estimates. */
const SWITCH_FAILURES = range(0.01, 0.02);
const NIC_FAILURES = range(0.005, 0.01);

/** By rising capacity. */
export const SWITCH_BOXES: readonly SwitchBox[] = [
  {
    name: "12.8T",
    sentence: "32 ports of 400G (Tomahawk 3 and Spectrum-3 class).",
    source: "Data sheets, 2019-2021. Prices: estimate, list prices, 2024.",
    capacityBps: 12.8 * TBPS,
    ports: "32 x 400G",
    latencyPs: 800_000,
    bufferBytes: 64 * MB,
    watts: range(400, 700),
    usd: range(10_000, 25_000),
    annualFailures: SWITCH_FAILURES,
  },
  {
    name: "25.6T",
    sentence: "64 ports of 400G (Tomahawk 4, Quantum-2 class).",
    source: "List price 36,000 USD (FS, 2024); data sheets, 2021-2023. Upper price: estimate.",
    capacityBps: 25.6 * TBPS,
    ports: "64 x 400G",
    latencyPs: 600_000,
    bufferBytes: 114 * MB,
    watts: range(700, 1300),
    usd: range(36_000, 60_000),
    annualFailures: SWITCH_FAILURES,
  },
  {
    name: "51.2T",
    sentence: "64 ports of 800G (Tomahawk 5, Spectrum-4 class).",
    source: "0.7-0.9 kW without fans, about 2 kW with them (data sheets, 2023-2024). Prices: estimate.",
    capacityBps: 51.2 * TBPS,
    ports: "64 x 800G",
    latencyPs: 600_000,
    bufferBytes: 165 * MB,
    watts: range(1200, 2200),
    usd: range(45_000, 90_000),
    annualFailures: SWITCH_FAILURES,
  },
  {
    name: "102.4T",
    sentence: "128 ports of 800G, or 64 of 1.6T (Tomahawk 6, Spectrum-6 class).",
    source: "Announcements, 2025. Power and prices: estimate.",
    capacityBps: 102.4 * TBPS,
    ports: "128 x 800G",
    latencyPs: 600_000,
    bufferBytes: 200 * MB,
    watts: range(2000, 3500),
    usd: range(80_000, 160_000),
    annualFailures: SWITCH_FAILURES,
  },
];

interface NicFigures {
  readonly latencyPs: number;
  readonly watts: Range;
  readonly usd: Range;
}

/** By rising rate. */
export const NIC_BOXES: readonly NicBox[] = [
  nic(100, "ConnectX-5, ConnectX-6 Dx class", "Data sheets, 2018-2021.", {
    ...{ latencyPs: 800_000, watts: range(12, 20), usd: range(500, 1100) },
  }),
  nic(200, "ConnectX-6 class", "Data sheets, 2019-2021.", {
    ...{ latencyPs: 700_000, watts: range(15, 24), usd: range(900, 1600) },
  }),
  nic(400, "ConnectX-7, Thor 2 class", "Data sheets, 2022-2024.", {
    ...{ latencyPs: 700_000, watts: range(20, 26), usd: range(1400, 2300) },
  }),
  nic(800, "ConnectX-8, Thor Ultra class", "Announcements, 2024-2025.", {
    ...{ latencyPs: 700_000, watts: range(30, 50), usd: range(2200, 4000) },
  }),
];

function nic(gbps: number, like: string, source: string, figures: NicFigures): NicBox {
  return {
    ...{ name: `nic-${gbps}g`, sentence: `One port of ${gbps}G (${like}).` },
    source: `${source} Latency and prices: estimate.`,
    rateBps: gbps * 1e9,
    ...figures,
    annualFailures: NIC_FAILURES,
  };
}

/** The smallest switch that carries `capacityBps`, or undefined where none does. */
export function switchBoxFor(capacityBps: number): SwitchBox | undefined {
  return SWITCH_BOXES.find((box) => box.capacityBps >= capacityBps);
}

/** The smallest NIC that has the rate; the fastest one where none has. */
export function nicBoxFor(rateBps: number): NicBox {
  return NIC_BOXES.find((box) => box.rateBps >= rateBps) ?? NIC_BOXES.at(-1)!;
}
