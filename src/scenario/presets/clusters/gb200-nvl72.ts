import type { Preset } from "../../types/preset.js";

export const GB200_NVL72: Preset = {
  name: "gb200-nvl72",
  description:
    "Fabric of eight racks of GB200 NVL72: 576 GPUs in domains of 72 with 18 NVSwitches, 400G to 18 leaves and 11 spines that all of them are wired to alike.",
  source: "NVIDIA DGX SuperPOD reference architecture, GB200 (2024): a scalable unit of eight racks",
  settings: {
    topology: { kind: "leaf-spine", gpus: 576, gpusPerNode: 72, nvSwitches: 18, radix: 64 },
    links: { scaleUp: { rate: "900GBps" }, access: { rate: "400Gbps" }, fabric: { rate: "400Gbps" } },
    switch: { latency: "230ns" },
  },
};
