import type { FlowGraph } from "../../src/plan/flows.js";
import type { NetworkFlow } from "./network-spec.js";

/** Flow list to flow graph; `nicOf` numbers the NICs. */
export function flowGraph(flows: readonly NetworkFlow[], nicOf: (host: number, nic: number) => number): FlowGraph {
  const upstream = flows.map((flow) => flow.after ?? []);
  const upFirst = new Uint32Array(flows.length + 1);
  upstream.forEach((entries, flow) => {
    upFirst[flow + 1] = upFirst[flow]! + entries.length;
  });
  return {
    count: flows.length,
    srcNic: Uint32Array.from(flows, (flow) => nicOf(flow.src, flow.srcNic ?? 0)),
    dstNic: Uint32Array.from(flows, (flow) => nicOf(flow.dst, flow.dstNic ?? 0)),
    chunkBytes: Float64Array.from(flows, (flow) => flow.bytes),
    chunks: Uint32Array.from(flows, (flow) => flow.chunks ?? 1),
    startPs: Float64Array.from(flows, (flow) => flow.startPs ?? 0),
    connection: Uint32Array.from(flows, (flow, i) => flow.connection ?? i),
    ...(flows.some(({ delayPs }) => delayPs !== undefined) && {
      delayPs: Float64Array.from(flows, ({ delayPs = 0 }) => delayPs),
    }),
    ...(flows.some(({ dataClass }) => dataClass !== undefined) && {
      dataClass: Uint8Array.from(flows, ({ dataClass = 0 }) => dataClass),
    }),
    upFirst,
    upFlow: Uint32Array.from(upstream.flat(), (entry) => entry.flow),
    upLag: Int32Array.from(upstream.flat(), (entry) => entry.lag),
  };
}
