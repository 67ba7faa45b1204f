import type { Preset } from "../../types/preset.js";

export const DGX_H100_SUPERPOD: Preset = {
  name: "dgx-h100-superpod",
  description:
    "Fabric of a DGX H100 SuperPOD of four scalable units: 1,024 GPUs, eight rails of NDR, 32 leaves, 16 spines.",
  source: "NVIDIA DGX SuperPOD reference architecture, DGX H100 (2023)",
  settings: {
    topology: { kind: "rail-optimized", gpus: 1024, gpusPerNode: 8, nvSwitches: 4, radix: 64, tiers: 2 },
    links: { scaleUp: { rate: "450GBps" }, access: { rate: "400Gbps" }, fabric: { rate: "400Gbps" } },
    switch: { latency: "230ns" },
  },
};
