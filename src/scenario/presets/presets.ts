/**
 * Named bundles of settings: `preset: ns3`, or several, later over earlier,
 * `preset: [400g, lossy]`. What a scenario says wins.
 */

import type { IssueList } from "../document/issues.js";
import { mergeOver } from "../document/merge.js";
import { type DocNode, type MapNode, nodeAt } from "../document/node.js";
import { readValue } from "../document/read-value.js";
import type { Preset } from "../types/preset.js";
import { didYouMean } from "../types/suggest.js";
import { ANALYTICAL_PRESETS } from "./analytical.js";
import { CLUSTER_PRESETS } from "./clusters/index.js";
import { DCQCN_PRESETS } from "./dcqcn.js";
import { HTSIM_PRESETS } from "./htsim.js";
import { TRANSPORT_PRESETS } from "./transports.js";

/** Which kinds apply where a scenario names none. Every other default stands in the schema. */
const DEFAULT_KINDS = {
  flowControl: { kind: "pfc", threshold: { kind: "dynamic" } },
  transport: { kind: "roce", congestionControl: { kind: "none" } },
};

const NO_FEC = { fecLatency: "0ns" };

/** All presets, by which `preset:` of a scenario names them. */
export const PRESETS: readonly Preset[] = [
  {
    name: "default",
    description: "What applies where neither the scenario nor another preset says otherwise.",
    settings: DEFAULT_KINDS,
  },
  {
    name: "ns3",
    description: "The rules of the ns-3 RDMA simulators (HPCC, SimAI) without congestion control.",
    settings: {
      wire: { header: "48B", gap: "0B", ack: "60B", pause: "43B", ackClass: "data", serialization: "floor" },
      links: { scaleUp: NO_FEC, access: NO_FEC, fabric: NO_FEC, core: NO_FEC },
      switch: { latency: "0ns" },
      nic: { latency: "0ns" },
      flowControl: {
        kind: "pfc",
        release: "start",
        response: "0ns",
        reserve: "4096B",
        headroom: "ns3",
        threshold: { kind: "dynamic", alphaShift: "ns3" },
        resumeOffset: "3072B",
      },
      transport: { kind: "roce", mtu: "1000B", window: "unlimited", ackEvery: 1 },
    },
  },
  ...HTSIM_PRESETS,
  {
    name: "lossy",
    description: "No pause frames: switches drop at the tail, senders repeat selectively.",
    settings: {
      flowControl: { kind: "none", dropAlpha: 1 },
      transport: { kind: "roce", recovery: "selective", window: "4MiB", rto: "1ms" },
    },
  },
  {
    name: "multipath",
    description: "Adaptive routing per packet, and a transport that places out of order.",
    settings: {
      routing: { policy: "adaptive" },
      transport: { kind: "roce", recovery: "selective", window: "4MiB", reorder: 512 },
    },
  },
  {
    name: "swift",
    description: "Swift: congestion control by delay, with selective repeat.",
    settings: { transport: { kind: "roce", recovery: "selective", congestionControl: { kind: "swift" } } },
  },
  {
    name: "nscc",
    description: "NSCC, the congestion control of Ultra Ethernet, with selective repeat.",
    settings: { transport: { kind: "roce", recovery: "selective", congestionControl: { kind: "nscc" } } },
  },
  ...TRANSPORT_PRESETS,
  ...DCQCN_PRESETS,
  ...ANALYTICAL_PRESETS,
  ...CLUSTER_PRESETS,
  {
    name: "messages-400g",
    description:
      "NICs that take 512 ns for each message of a queue pair: 8.2 us by 16 messages in flight, as measured on a 400G NIC (UCCL: 27 to 30 GB/s at 32 KiB).",
    settings: { nic: { messageOverhead: "512ns" } },
  },
  {
    name: "messages-400g-fast",
    description:
      "As messages-400g, at the lower end of what was measured: 2.0 us by 16 messages in flight (UCCL: 45 GB/s at 64 KiB).",
    settings: { nic: { messageOverhead: "125ns" } },
  },
  ratePreset("100g", "100Gbps"),
  ratePreset("200g", "200Gbps"),
  ratePreset("400g", "400Gbps"),
  ratePreset("800g", "800Gbps"),
];

function ratePreset(name: string, rate: string): Preset {
  return {
    name,
    description: `Every link of the fabric at ${rate}.`,
    settings: { links: { access: { rate }, fabric: { rate }, core: { rate } } },
  };
}

/** Names that `preset:` takes. */
export function presetNames(): readonly string[] {
  return PRESETS.map((preset) => preset.name);
}

/** Lays the document over its presets. Unknown names go to `issues`. */
export function applyPresets(root: MapNode, issues: IssueList): MapNode {
  let base = documentOf(PRESETS[0]!);
  for (const { name, path, node } of namedPresets(root)) {
    const preset = PRESETS.find((candidate) => candidate.name === name);
    if (preset !== undefined) {
      base = mergeOver(documentOf(preset), base);
    } else {
      const shown = typeof name === "string" ? JSON.stringify(name.slice(0, 60)) : "this";
      const guess = typeof name === "string" ? didYouMean(name, presetNames()) : "";
      issues.add(`${shown} is not a preset${guess}; there are ${presetNames().join(", ")}`, path, node.origin);
    }
  }
  return mergeOver(root, base) as MapNode;
}

interface NamedPreset {
  readonly name: unknown;
  readonly path: readonly (string | number)[];
  readonly node: DocNode;
}

function namedPresets(root: MapNode): NamedPreset[] {
  const node = nodeAt(root, ["preset"]);
  if (node === null) return [];
  if (node.type !== "list") return [{ name: node.type === "scalar" ? node.value : null, path: ["preset"], node }];
  return node.items.map((item, i) => ({
    name: item.type === "scalar" ? item.value : null,
    path: ["preset", i],
    node: item,
  }));
}

const documents = new Map<Preset, DocNode>();

function documentOf(preset: Preset): DocNode {
  const document = documents.get(preset) ?? readValue(preset.settings, { from: "preset", preset: preset.name });
  documents.set(preset, document);
  return document;
}
