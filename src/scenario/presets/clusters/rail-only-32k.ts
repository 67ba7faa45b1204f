import type { Preset } from "../../types/preset.js";

export const RAIL_ONLY_32K: Preset = {
  name: "rail-only-32k",
  description: "A rail-only fabric of 32,768 GPUs: eight rails of two tiers, 768 switches of 128 ports.",
  source: "Wang et al., Rail-only: a low-cost high-performance network for training LLMs (arXiv 2307.12169)",
  settings: {
    topology: { kind: "rail-only", gpus: 32_768, gpusPerNode: 8, radix: 128, tiers: 2 },
    links: { access: { rate: "400Gbps" }, fabric: { rate: "400Gbps" } },
  },
};
