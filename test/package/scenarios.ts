/** Small scenarios over the range of what the core does: both cores, each transport and fabric. */
import type { ScenarioDocument } from "../../src/index.js";

const collective = (more: object = {}) => ({ kind: "collective", size: "1MiB", ...more });
const fabric = (more: object = {}) => ({ kind: "leaf-spine", gpus: 16, gpusPerNode: 1, radix: 8, ...more });

/** By name. Fabrics of 16 to 64 GPUs. */
export const SCENARIOS = {
  "ring of 16": { topology: fabric(), workload: collective() },
  "halving and doubling": { topology: fabric(), workload: collective({ algorithm: "halving-doubling" }) },
  "double binary tree": { topology: fabric(), workload: collective({ algorithm: "double-binary-tree" }) },
  "all-to-all": {
    topology: fabric(),
    workload: collective({ collective: "all-to-all", algorithm: "direct" }),
  },
  "hierarchical ring": {
    topology: fabric({ gpusPerNode: 4 }),
    workload: collective({ algorithm: "hierarchical-ring" }),
  },
  "fat tree": { topology: { kind: "fat-tree", gpus: 16, gpusPerNode: 1 }, workload: collective() },
  "rail-optimized": {
    topology: { kind: "rail-optimized", gpus: 64, gpusPerNode: 8 },
    workload: collective({ algorithm: "hierarchical-ring" }),
  },
  "hashed paths": { topology: fabric(), routing: { policy: "ecmp" }, workload: collective() },
  "adaptive paths": { topology: fabric(), routing: { policy: "adaptive" }, workload: collective() },
  "sprayed packets": { topology: fabric(), routing: { policy: "spray" }, workload: collective() },
  flowlets: { topology: fabric(), routing: { policy: "flowlet" }, workload: collective() },
  dcqcn: {
    topology: fabric({ oversubscription: 3 }),
    transport: { congestionControl: { kind: "dcqcn" } },
    workload: collective({ collective: "all-to-all", algorithm: "direct" }),
  },
  swift: {
    topology: fabric({ oversubscription: 3 }),
    transport: { congestionControl: { kind: "swift" } },
    workload: collective({ collective: "all-to-all", algorithm: "direct" }),
  },
  "ultra ethernet": { preset: "uec", topology: fabric(), workload: collective() },
  infiniband: { preset: "infiniband", topology: fabric(), workload: collective() },
  "lossy switches": {
    preset: "uec",
    topology: fabric({ oversubscription: 2 }),
    workload: collective({ collective: "all-to-all", algorithm: "direct" }),
  },
  "a marginal link": {
    topology: fabric(),
    faults: [{ kind: "degraded-link", from: "gpu-3", to: "leaf-0", direction: "both", ber: 2e-3 }],
    workload: collective(),
  },
  "a dead link": {
    topology: fabric(),
    faults: [{ kind: "link-down", from: "leaf-0", to: "spine-0", start: "0ns" }],
    workload: collective(),
  },
  "reduced in switches": {
    topology: fabric({ gpusPerNode: 4 }),
    workload: collective({ algorithm: "nvls-tree" }),
  },
  "other seed": { seed: 99, topology: fabric(), routing: { policy: "ecmp" }, workload: collective() },
} as unknown as Record<string, ScenarioDocument>;
