import fc from "fast-check";
import type { RunPlan } from "../../src/plan/plan.js";
import { PAIRS } from "../collective/drawn.js";
import { type Document, planOf } from "../model/support.js";

const topology = fc.constantFrom<Document>(
  { kind: "rail-optimized", gpus: 32, gpusPerNode: 4, radix: 8, tiers: 2 },
  { kind: "rail-optimized", gpus: 32, gpusPerNode: 2, radix: 8, tiers: 3 },
  { kind: "rail-optimized", gpus: 64, gpusPerNode: 4, radix: 8, tiers: 3 },
  { kind: "rail-optimized", gpus: 48, gpusPerNode: 4, radix: 8, tiers: 3 },
  { kind: "rail-optimized", gpus: 40, gpusPerNode: 4, radix: 8, tiers: 3 },
  { kind: "leaf-spine", gpus: 32, gpusPerNode: 1, radix: 8 },
  { kind: "leaf-spine", gpus: 24, gpusPerNode: 2, radix: 12, oversubscription: 2 },
  { kind: "leaf-spine", gpus: 32, gpusPerNode: 4, radix: 16 },
  { kind: "fat-tree", gpus: 32, gpusPerNode: 2, radix: 8, tiers: 3 },
  { kind: "fat-tree", gpus: 54, gpusPerNode: 1, radix: 6, tiers: 3 },
  { kind: "fat-tree", gpus: 27, gpusPerNode: 1, radix: 6, tiers: 3, oversubscription: 2 },
);

const size = fc.constantFrom("1B", "10KiB", "64KiB", "300KB", "1MiB");

/** Any collective by any algorithm that does it. */
const anyCollective = fc
  .record({ pair: fc.constantFrom(...PAIRS), size, reductionDelay: fc.constantFrom("0ns", "1us") })
  .map(({ pair: [collective, algorithm], size, reductionDelay }) => ({
    ...{ kind: "collective", collective, algorithm, reductionDelay },
    ...(collective !== "barrier" && { size }),
  }));

const workload = fc.oneof(
  anyCollective,
  fc.record({
    kind: fc.constant("collective"),
    algorithm: fc.constantFrom("ring", "hierarchical-ring", "hierarchical-ring", "double-binary-tree"),
    size,
    channels: fc.constantFrom(1, 1, 2),
    reductionDelay: fc.constantFrom("0ns", "1us"),
  }),
  fc.record({
    kind: fc.constant("flows"),
    pattern: fc.constantFrom("shift", "shift", "ring", "ring-boundary", "all-to-all"),
    size: fc.constantFrom("1B", "10KiB", "64KiB"),
  }),
);

const by = fc.constantFrom(1, 2, 4, 8, 12, 16, 31);

const flowControl = fc.constantFrom<Document>(
  { kind: "pfc" },
  { kind: "pfc" },
  { kind: "pfc", threshold: { kind: "static", xoff: "20KiB" } },
  { kind: "pfc", threshold: { kind: "dynamic", alphaShift: 8 } },
  { kind: "none" },
  { kind: "credit" },
);

const transport = fc.record({
  ackEvery: fc.constantFrom(1, 1, 2, 8),
  window: fc.constantFrom("16KiB", "64KiB", "1MiB"),
  qpsPerConnection: fc.constantFrom(1, 1, 2),
});

const congestion = fc.constantFrom<Document | undefined>(
  undefined,
  undefined,
  { congestionControl: { kind: "swift" } },
  { congestionControl: { kind: "hpcc" } },
  { congestionControl: { kind: "rccc" } },
  { congestionControl: { kind: "dcqcn" } },
);

/** Runs of clusters, some of them upset in one place so that less, or nothing, is alike. */
export const clusterPlan: fc.Arbitrary<RunPlan> = fc
  .record({
    topology,
    workload,
    by,
    flowControl,
    transport,
    congestion,
    policy: fc.constantFrom("pinned", "pinned", "pinned", "ecmp", "ecmp-qp", "spray"),
    ecn: fc.constantFrom<Document | undefined>(undefined, undefined, { kmin: "10KB", kmax: "100KB", pmax: 0.2 }),
    cell: fc.constantFrom("4KiB", "120KiB"),
    buffer: fc.constantFrom("64MiB", "2MiB"),
    latency: fc.constantFrom("600ns", "0ns"),
    upset: fc.option(fc.record({ what: fc.nat(7), where: fc.nat(), by: fc.constantFrom(1, 2, 1000) })),
  })
  .map(({ topology, workload, by, flowControl, transport, congestion, policy, ecn, cell, buffer, latency, upset }) => {
    const isRing = workload.kind === "collective" && "algorithm" in workload && workload.algorithm === "ring";
    const document = {
      topology,
      workload: {
        ...workload,
        ...("pattern" in workload && workload.pattern === "shift" ? { by } : {}),
        ...("pattern" in workload && workload.pattern === "ring-boundary" ? { group: 4 } : {}),
        ...("channels" in workload && !isRing ? { channels: 1 } : {}),
      },
      flowControl,
      transport: { ...transport, ...congestion },
      routing: { policy },
      ...(ecn === undefined ? {} : { ecn }),
      links: { scaleUp: { cell } },
      switch: { buffer, latency },
    };
    return { document, upset };
  })
  .filter(({ document }) => isBuildable(document))
  .map(({ document, upset }) => {
    const whole = planOf(document);
    const plan = upset === null ? whole : upsetPlan(whole, upset);
    const print = () => JSON.stringify({ document, upset });
    return Object.assign({ ...plan }, { [fc.toStringMethod]: print });
  });

function isBuildable(document: Document): boolean {
  try {
    planOf(document);
    return true;
  } catch {
    return false;
  }
}

export interface Upset {
  readonly what: number;
  readonly where: number;
  readonly by: number;
}

/** A plan that differs in one place from what it was. */
export function upsetPlan(plan: RunPlan, { what, where, by }: Upset): RunPlan {
  const { flows, fabric, flowControl } = plan;
  const at = <T extends { readonly length: number; slice(): T }>(column: T, change: (old: number) => number): T => {
    const copy = column.slice() as T & { [index: number]: number };
    copy[where % column.length] = change(copy[where % column.length]!);
    return copy;
  };
  switch (what) {
    case 0:
      return { ...plan, flows: { ...flows, chunkBytes: at(flows.chunkBytes, (bytes) => bytes + by) } };
    case 1:
      return { ...plan, flows: { ...flows, startPs: at(flows.startPs, (ps) => ps + by) } };
    case 2:
      return { ...plan, nicLatencyPs: at(plan.nicLatencyPs, (ps) => ps + by) };
    case 3: {
      // One link, in one direction, is longer.
      const port = where % fabric.portClass.length;
      const old = fabric.linkClasses[fabric.portClass[port]!]!;
      const linkClasses = [...fabric.linkClasses, { ...old, propagationPs: old.propagationPs + by }];
      const extended = (column: Float64Array) => Float64Array.from([...column, column[fabric.portClass[port]!]!]);
      const { ecn } = plan;
      return {
        ...plan,
        fabric: { ...fabric, linkClasses, portClass: at(fabric.portClass, () => linkClasses.length - 1) },
        hazards: [...plan.hazards, plan.hazards[fabric.portClass[port]!]!],
        ecn: ecn && { ...ecn, kminPs: extended(ecn.kminPs), kmaxPs: extended(ecn.kmaxPs), slope: extended(ecn.slope) },
      };
    }
    case 4: {
      const ports = { ...flowControl.ports, xoffBytes: at(flowControl.ports.xoffBytes, () => 5000 * by) };
      return { ...plan, flowControl: { ...flowControl, ports } };
    }
    case 5: {
      const number = where % fabric.switches.length;
      const switches = fabric.switches.map((sw, i) => (i === number ? { ...sw, latencyPs: sw.latencyPs + by } : sw));
      return { ...plan, fabric: { ...fabric, switches } };
    }
    case 6: {
      const delayPs = flows.delayPs ?? new Float64Array(flows.count);
      return { ...plan, flows: { ...flows, delayPs: at(delayPs, (ps) => ps + by) } };
    }
    default: {
      const number = where % fabric.switches.length;
      const switches = fabric.switches.map((sw, i) =>
        i === number ? { ...sw, bufferBytes: Math.floor(sw.bufferBytes / (1 + by)) } : sw,
      );
      return { ...plan, fabric: { ...fabric, switches } };
    }
  }
}
