/**
 * The rules of htsim, and its transports: what does not depend on the fabric. docs/VALIDATION.md
 * says what does.
 */
import type { Preset } from "../types/preset.js";

const NO_FEC = { fecLatency: "0ns" };
const WIRE = { header: "64B", gap: "0B", ack: "64B", pause: "64B", ackClass: "control" };
const ROCE = { kind: "roce", mtu: "4096B" };

const RULES = {
  wire: WIRE,
  links: { scaleUp: NO_FEC, access: NO_FEC, fabric: NO_FEC, core: NO_FEC },
  // Its queues share no buffer: one that never fills.
  switch: { latency: "0ns", buffer: "1GB" },
  nic: { latency: "0ns" },
  transport: ROCE,
};

/** Queues without loss have one class: ACKs wait behind data, and are paused with it. */
const FIFO = { ...WIRE, ackClass: "data" };
/** XOFF above 15 packets of 4096 bytes, XON below 12: with packets of 4160, at 15 and at 11. */
const PFC = {
  kind: "pfc",
  reserve: "0B",
  headroom: "2MB",
  response: "0ns",
  threshold: { kind: "static", xoff: `${15 * 4096 + 1}B` },
  resumeOffset: `${3 * 4096 + 2}B`,
};
const IN_ORDER = { ...ROCE, recovery: "go-back-n", window: "unlimited", ackEvery: 1 };
/** Only what was trimmed is repeated, and what a timeout finds missing: no gap counts as a loss. */
const PLACING = {
  ...ROCE,
  recovery: "selective",
  window: "16384000B",
  reorder: 4096,
  lostResends: "timeout",
};
/** What a full queue has no room for is cut, or what waits last there. */
const TRIMMING = { kind: "none", trim: true, trimVictim: "random" };
const MARK_BYTES = `${40 * 4096 - 4160}B`;

function transport(name: string, description: string, settings: object): Preset {
  return { name: `htsim.${name}`, description: `htsim: ${description}`, settings: { ...RULES, ...settings } };
}

export const HTSIM_PRESETS: readonly Preset[] = [
  {
    name: "htsim",
    description:
      "The rules of htsim (uet-htsim, csg-htsim): 64 bytes of header, no gap, no latency in NICs, ACKs first.",
    settings: RULES,
  },
  transport("uec", "UEC with a constant window, and queues without an end.", {
    flowControl: { kind: "none", dropAlpha: 65_535 },
    transport: { ...PLACING, ackEvery: 4 },
  }),
  transport("roce", "RoCE with PFC, without congestion control.", {
    wire: FIFO,
    flowControl: PFC,
    transport: IN_ORDER,
  }),
  transport("dcqcn", "RoCE with PFC and DCQCN, which marks from 40 packets on.", {
    wire: FIFO,
    flowControl: PFC,
    ecn: { kmin: MARK_BYTES, kmax: MARK_BYTES, pmax: 1, at: "dequeue" },
    transport: {
      ...IN_ORDER,
      congestionControl: { kind: "dcqcn", additiveIncrease: "20Gbps", hyperIncrease: "40Gbps" },
    },
  }),
  transport("nscc", "UEC with NSCC and trimming.", {
    flowControl: TRIMMING,
    transport: { ...PLACING, ackEvery: 1, congestionControl: { kind: "nscc" } },
  }),
  transport("rccc", "UEC with RCCC and trimming.", {
    flowControl: TRIMMING,
    transport: { ...PLACING, ackEvery: 1, congestionControl: { kind: "rccc" } },
  }),
];
