import fc from "fast-check";
import { type Operation, reductionNodes } from "../../src/build/reduction/nodes.js";
import type { FlowGraph } from "../../src/plan/flows.js";
import type { RunPlan } from "../../src/plan/plan.js";
import { NONE } from "../../src/plan/reduction.js";
import type { NetworkSpec } from "./network-spec.js";
import { randomPlan } from "./random-plan.js";

/** What an operation is made of; numbers are taken modulo what there is. */
interface RandomOperation {
  readonly overScaleUp: boolean;
  readonly place: number;
  /** Member `i` is NIC `order[i]` of those that are left. */
  readonly order: readonly number[];
  readonly roles: readonly ("both" | "contributes" | "receives")[];
  readonly packets: number;
  readonly extraBytes: number;
  readonly chunks: number;
  readonly window: number;
  readonly starts: readonly number[];
  readonly choice: number;
  readonly dataClass: number;
  readonly after: readonly { readonly member: number; readonly upstream: number; readonly lag: number }[];
}

const operation: fc.Arbitrary<RandomOperation> = fc.record({
  overScaleUp: fc.boolean(),
  place: fc.nat(),
  order: fc.array(fc.nat(), { minLength: 1, maxLength: 10 }),
  roles: fc.oneof(
    fc.constant(["both" as const]),
    fc.array(fc.constantFrom("both" as const, "contributes" as const, "receives" as const), {
      minLength: 1,
      maxLength: 6,
    }),
  ),
  packets: fc.integer({ min: 0, max: 5 }),
  extraBytes: fc.constantFrom(0, 1, 100),
  chunks: fc.integer({ min: 1, max: 5 }),
  window: fc.constantFrom(1, 1, 2, 3, 5, 16, 100),
  starts: fc.array(fc.constantFrom(0, 0, 1, 1_000_000, 7_654_321), { minLength: 1, maxLength: 3 }),
  choice: fc.nat(20),
  dataClass: fc.nat(7),
  after: fc.array(fc.record({ member: fc.nat(), upstream: fc.nat(), lag: fc.constantFrom(0, 0, 1, 2, -3) }), {
    maxLength: 6,
  }),
});

const reductions = fc.record({
  operations: fc.array(operation, { minLength: 1, maxLength: 4 }),
  latencies: fc.array(fc.constantFrom(0, 0, 1, 100_000, 777_777, 3_000_000), { minLength: 1, maxLength: 3 }),
  /** Ordinary flows that wait for members. */
  dependents: fc.array(fc.record({ flow: fc.nat(), upstream: fc.nat(), lag: fc.constantFrom(0, 1, -2) }), {
    maxLength: 4,
  }),
});

/** Random plans in which switches reduce, beside ordinary flows. */
export function randomReductionPlan(
  adjust: (spec: NetworkSpec) => NetworkSpec = (spec) => spec,
): fc.Arbitrary<RunPlan> {
  return fc.tuple(randomPlan(adjust), reductions).map(([plan, choices]) => {
    const reduced = withReductions(plan, choices);
    const print = () => `withReductions(${fc.stringify(plan)}, ${fc.stringify(choices)})`;
    return Object.assign(reduced, { [fc.toStringMethod]: print });
  });
}

type Reductions = typeof reductions extends fc.Arbitrary<infer T> ? T : never;

interface Dependency {
  readonly flow: number;
  readonly upstream: number;
  readonly lag: number;
}

/** A member, as a flow that is to be added. */
interface NewMember {
  readonly nic: number;
  readonly operation: number;
  readonly startPs: number;
  readonly role: "both" | "contributes" | "receives";
}

export function withReductions(plan: RunPlan, { operations, latencies, dependents }: Reductions): RunPlan {
  const { fabric, flows } = plan;
  const { nics, peerPort, portClass, linkClasses } = fabric;
  const members: NewMember[] = [];
  const trees: Operation[] = [];
  const extra: Dependency[] = [];
  operations.forEach((random, number) => {
    const chosen = membersOf(plan, random);
    const first = flows.count + members.length;
    const roles: NewMember["role"][] = chosen.map((_, i) => random.roles[i % random.roles.length]!);
    if (!roles.includes("both") && !roles.includes("contributes")) roles[0] = "both";
    chosen.forEach((nic, i) => {
      const startPs = random.starts[i % random.starts.length]!;
      members.push({ nic, operation: number, startPs, role: roles[i]! });
    });
    trees.push({ nics: chosen, flows: chosen.map((_, i) => first + i), choice: random.choice });
    for (const { member, upstream, lag } of random.after) {
      const flow = first + (member % chosen.length);
      const rank = nics.rank[chosen[member % chosen.length]!]!;
      const candidates = endingAt(plan, members.slice(0, first - flows.count), rank);
      if (candidates.length > 0) extra.push({ flow, upstream: candidates[upstream % candidates.length]!, lag });
    }
  });
  for (const { flow, upstream, lag } of dependents) {
    if (flows.count === 0) break;
    const waiting = flow % flows.count;
    // Only flows that wait for nothing themselves: a circle would do no harm, but nothing either.
    const rank = nics.rank[flows.srcNic[waiting]!]!;
    const candidates = members.flatMap(({ nic }, i) => (nics.rank[nic] === rank ? [flows.count + i] : []));
    if (candidates.length > 0) extra.push({ flow: waiting, upstream: candidates[upstream % candidates.length]!, lag });
  }
  const mtuOf = ({ nic }: NewMember) => linkClasses[portClass[nics.port[nic]!]!]!.mtuBytes;
  const bytesOf = (member: NewMember) => {
    const { packets, extraBytes } = operations[member.operation]!;
    return Math.max(1, packets * mtuOf(member) + extraBytes);
  };
  const nodes = reductionNodes(fabric, trees);
  if (typeof nodes === "number") throw new Error("random networks are connected");
  const none = Array<number>(flows.count).fill(NONE);
  const roleOf = (role: NewMember["role"]) => (member: NewMember) =>
    member.role === "both" || member.role === role ? 1 : 0;
  const blank = Array<number>(flows.count).fill(0);
  if (peerPort.length === 0) throw new Error("a network has links");
  return {
    ...plan,
    flows: joined(plan, members, bytesOf, operations, extra),
    reduction: {
      latencyPs: Float64Array.from(fabric.switches, (_, sw) => latencies[sw % latencies.length]!),
      operationOf: Int32Array.from([...none, ...members.map((member) => member.operation)]),
      contributes: Uint8Array.from([...blank, ...members.map(roleOf("contributes"))]),
      receives: Uint8Array.from([...blank, ...members.map(roleOf("receives"))]),
      windowPackets: Uint32Array.from(operations, ({ window }) => window),
      nodes,
    },
  };
}

/** NICs of one network: of one scale-up switch, or of the fabric. */
function membersOf({ fabric }: RunPlan, { overScaleUp, place, order }: RandomOperation): number[] {
  const { nics, peerPort, firstPort } = fabric;
  const all = [...nics.port.keys()];
  const scaleUp = all.filter((nic) => nics.isScaleUp[nic] === 1);
  const deviceOf = (nic: number) => firstPort.findLastIndex((first) => first <= peerPort[nics.port[nic]!]!);
  let pool = all.filter((nic) => nics.isScaleUp[nic] === 0);
  if (overScaleUp && scaleUp.length > 0) {
    const device = deviceOf(scaleUp[place % scaleUp.length]!);
    pool = scaleUp.filter((nic) => deviceOf(nic) === device);
  }
  const chosen: number[] = [];
  for (const number of order) {
    if (pool.length === 0) break;
    chosen.push(...pool.splice(number % pool.length, 1));
  }
  return chosen;
}

function endingAt({ flows, fabric: { nics } }: RunPlan, members: readonly NewMember[], rank: number): number[] {
  const ordinary = [...flows.dstNic.keys()].filter((flow) => nics.rank[flows.dstNic[flow]!] === rank);
  return [...ordinary, ...members.flatMap(({ nic }, i) => (nics.rank[nic] === rank ? [flows.count + i] : []))];
}

function joined(
  { flows, dataClasses }: RunPlan,
  members: readonly NewMember[],
  bytesOf: (member: NewMember) => number,
  operations: readonly RandomOperation[],
  extra: readonly Dependency[],
): FlowGraph {
  const nics = members.map(({ nic }) => nic);
  const of = (value: (member: NewMember) => number) => members.map(value);
  const before: Dependency[] = [];
  for (let flow = 0; flow < flows.count; flow++) {
    for (let i = flows.upFirst[flow]!; i < flows.upFirst[flow + 1]!; i++) {
      before.push({ flow, upstream: flows.upFlow[i]!, lag: flows.upLag[i]! });
    }
  }
  const count = flows.count + members.length;
  const all = [...before, ...extra].sort((a, b) => a.flow - b.flow);
  const upFirst = new Uint32Array(count + 1);
  for (const { flow } of all) upFirst[flow + 1]! += 1;
  for (let flow = 0; flow < count; flow++) upFirst[flow + 1]! += upFirst[flow]!;
  const classes = of((member) => operations[member.operation]!.dataClass % dataClasses.length);
  return {
    count,
    srcNic: Uint32Array.from([...flows.srcNic, ...nics]),
    dstNic: Uint32Array.from([...flows.dstNic, ...nics]),
    chunkBytes: Float64Array.from([...flows.chunkBytes, ...of(bytesOf)]),
    chunks: Uint32Array.from([...flows.chunks, ...of(({ operation }) => operations[operation]!.chunks)]),
    startPs: Float64Array.from([...flows.startPs, ...of(({ startPs }) => startPs)]),
    connection: Uint32Array.from([...flows.connection, ...of(() => 0)]),
    ...(flows.delayPs && {
      delayPs: Float64Array.from([...flows.delayPs, ...members.map((_, i) => (i % 2) * 250_000)]),
    }),
    ...(flows.dataClass && { dataClass: Uint8Array.from([...flows.dataClass, ...classes]) }),
    upFirst,
    upFlow: Uint32Array.from(all, ({ upstream }) => upstream),
    upLag: Int32Array.from(all, ({ lag }) => lag),
  };
}
