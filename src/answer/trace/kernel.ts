/** Names and arguments of collectives, as PyTorch's profiler writes them for NCCL. */
import type { AlgorithmName, CollectiveName } from "../../plan/collectives.js";
import type { Protocol } from "../../plan/protocols.js";

/** NCCL's word for a kernel, and PyTorch's for a collective. */
const NAMES: Record<CollectiveName, readonly [kernel: string, collective: string]> = {
  "all-reduce": ["AllReduce", "allreduce"],
  "reduce-scatter": ["ReduceScatter", "_reduce_scatter_base"],
  "all-gather": ["AllGather", "_allgather_base"],
  broadcast: ["Broadcast", "broadcast"],
  reduce: ["Reduce", "reduce"],
  "all-to-all": ["SendRecv", "all_to_all"],
  gather: ["SendRecv", "gather"],
  scatter: ["SendRecv", "scatter"],
  "send-recv": ["SendRecv", "send"],
  barrier: ["AllReduce", "barrier"],
};

const SUMS: ReadonlySet<CollectiveName> = new Set(["all-reduce", "reduce-scatter", "reduce", "barrier"]);

interface Operation {
  readonly collective: CollectiveName;
  readonly algorithm: AlgorithmName;
  readonly protocol?: Protocol | undefined;
  readonly sizeBytes: number;
}

/**
 * Name of the kernel, e.g. `ncclKernel_AllReduce_RING_SIMPLE_Sum_int8_t`. Data are bytes: a
 * scenario has no type of data.
 */
export function kernelName({ collective, algorithm, protocol = "simple" }: Operation): string {
  const [kernel] = NAMES[collective];
  if (kernel === "SendRecv") return "ncclKernel_SendRecv";
  const how = `${algorithm.toUpperCase().replaceAll("-", "_")}_${protocol.toUpperCase()}`;
  return `ncclKernel_${kernel}_${how}${SUMS.has(collective) ? "_Sum" : ""}_int8_t`;
}

/** Arguments of the kernel's slice, by the profiler's names. */
export function kernelArgs({ collective, sizeBytes }: Operation, ranks: number): Readonly<Record<string, unknown>> {
  const part = Math.ceil(sizeBytes / ranks);
  return {
    "Collective name": NAMES[collective][1],
    "In msg nelems": collective === "all-gather" || collective === "gather" ? part : sizeBytes,
    "Out msg nelems": collective === "reduce-scatter" || collective === "scatter" ? part : sizeBytes,
    dtype: "Byte",
    "Group size": ranks,
  };
}
