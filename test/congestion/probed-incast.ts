import { simulate } from "../../src/api/simulate.js";
import { incast } from "./incast.js";

const LINE_BYTES_PER_NS = 50;

export interface ProbedIncast {
  readonly senders: number;
  readonly bytes: number;
  readonly congestionControl: object;
  /** Starts, in ns, of single packets that another host sends to see how long they wait. */
  readonly probesNs?: readonly number[];
}

export interface IncastResult {
  /** Rate of each sender, relative to their mean. */
  readonly shares: readonly number[];
  /** Of the link to host 0, over the whole run. */
  readonly utilisation: number;
  /** Of each probe: bytes that it waited for. */
  readonly queueBytes: readonly number[];
  readonly maxQueueBytes: number;
}

/** Runs an incast without fixed windows. */
export async function runIncast(spec: ProbedIncast): Promise<IncastResult> {
  const { flows, links, status } = await simulate(withProbes(spec));
  if (status !== "finished") throw new Error(`the incast is ${status}`);
  const alone = await simulate(withProbes({ ...spec, senders: 1, bytes: 1, probesNs: [1_000_000] }));
  const unloadedNs = alone.flows![1]!.fctNs!;
  const rates = flows!.slice(0, spec.senders).map(({ fctNs }) => spec.bytes / fctNs!);
  const last = links.hottest.find(({ to }) => to === "h0")!;
  return {
    shares: rates.map((rate) => rate / mean(rates)),
    utilisation: last.utilisation,
    queueBytes: flows!.slice(spec.senders).map(({ fctNs }) => (fctNs! - unloadedNs) * LINE_BYTES_PER_NS),
    maxQueueBytes: last.maxQueueBytes,
  };
}

function withProbes({ senders, bytes, congestionControl, probesNs = [] }: ProbedIncast) {
  const scenario = incast(senders, bytes, congestionControl, { transport: { window: "unlimited", congestionControl } });
  const { topology, workload } = scenario;
  const probes = probesNs.map((startNs) => ({ src: "probe", dst: "h0", size: "1B", start: `${startNs}ns` }));
  return {
    ...scenario,
    topology: {
      ...topology,
      hosts: [...topology.hosts, "probe"],
      links: [...topology.links, { a: "probe", b: "s" }],
    },
    workload: { ...workload, flows: [...workload.flows, ...probes] },
  };
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
