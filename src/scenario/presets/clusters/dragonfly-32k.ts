import type { Preset } from "../../types/preset.js";

export const DRAGONFLY_32K: Preset = {
  name: "dragonfly-32k",
  description: "A balanced dragonfly of 32,768 GPUs: 64 groups of 32 routers of 63 ports.",
  source: "Kim, Dally, Scott and Abts, Technology-driven, highly-scalable dragonfly topology (ISCA 2008): a = 2p = 2h",
  settings: {
    topology: { kind: "dragonfly", gpusPerNode: 8, dragonfly: { a: 32, p: 16, h: 16, groups: 64 } },
    links: { access: { rate: "400Gbps" }, local: { rate: "400Gbps" }, global: { rate: "400Gbps" } },
  },
};
