import type { Preset } from "../../types/preset.js";

export const SPECTRUM_X_100K: Preset = {
  name: "spectrum-x-100k",
  description: "A Spectrum-X fabric of 100,000 GPUs: 400G NICs under switches of 64 ports of 800G in three tiers.",
  source: "NVIDIA, Spectrum-X accelerates xAI Colossus (2024): 100,000 GPUs in three tiers",
  settings: {
    // Ports are counted at the rate of the NICs: 64 of 800G are 128 of 400G.
    topology: { kind: "rail-optimized", gpus: 100_000, gpusPerNode: 8, radix: 128, tiers: 3 },
    links: { access: { rate: "400Gbps" }, fabric: { rate: "800Gbps" }, core: { rate: "800Gbps" } },
  },
};
