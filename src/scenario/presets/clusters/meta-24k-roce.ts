import type { Preset } from "../../types/preset.js";

export const META_24K_ROCE: Preset = {
  name: "meta-24k-roce",
  description: "Fabric of Meta's RoCE cluster of 24,576 H100: racks of 16 GPUs, pods of 3,072, 1:7 between pods.",
  source: "Gangidi et al., RDMA over Ethernet for distributed training at Meta scale (SIGCOMM 2024); Llama 3 (2024)",
  settings: {
    topology: {
      ...{ kind: "fat-tree", gpus: 24_576, gpusPerNode: 8, radix: 256, tiers: 3 },
      ...{ gpusPerLeaf: 16, leavesPerPod: 192, coreOversubscription: 7 },
    },
    links: { access: { rate: "400Gbps" }, fabric: { rate: "400Gbps" }, core: { rate: "400Gbps" } },
  },
};
