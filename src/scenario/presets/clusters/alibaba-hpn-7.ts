import type { Preset } from "../../types/preset.js";

export const ALIBABA_HPN_7: Preset = {
  name: "alibaba-hpn-7",
  description:
    "A pod of Alibaba HPN 7.0: 15 segments of 1,024 GPUs, dual-ToR in two planes, 240 leaves of 128 ports of 200G.",
  source: "Qian et al., Alibaba HPN: a data center network for large language model training (SIGCOMM 2024)",
  settings: {
    topology: {
      ...{ kind: "rail-optimized", gpus: 15_360, gpusPerNode: 8, radix: 128, tiers: 2 },
      ...{ planes: 2, dualHomed: true, gpusPerLeaf: 128, oversubscription: 16 / 15 },
    },
    // Of both planes together: 200G to each leaf, 400G from leaf to spine.
    links: { access: { rate: "400Gbps" }, fabric: { rate: "800Gbps" } },
  },
};
