import type { Preset } from "../../types/preset.js";

export const MEGASCALE: Preset = {
  name: "megascale",
  description:
    "Fabric of MegaScale: 12,288 GPUs, 64-port 400G switches in three tiers at 1:1, ports split into two of 200G for NICs.",
  source: "Jiang et al., MegaScale: scaling LLM training to more than 10,000 GPUs (NSDI 2024)",
  settings: {
    // Ports are counted at the rate of the NICs: 64 of 400G are 128 of 200G.
    topology: { kind: "rail-optimized", gpus: 12_288, gpusPerNode: 8, radix: 128, tiers: 3 },
    links: {
      access: { rate: "200Gbps", breakout: 2, optic: "aoc" },
      fabric: { rate: "400Gbps" },
      core: { rate: "400Gbps" },
    },
  },
};
