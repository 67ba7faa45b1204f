/**
 * Finds parts of a run that are sure to behave alike, so that one of them can be simulated for all:
 * partition refinement (Hopcroft 1971; Paige and Tarjan 1987) of ports, flows and ranks. The
 * smaller run is the quotient of the whole one.
 */
import { packetsPerChunk } from "../../plan/flows.js";
import type { RunPlan } from "../../plan/plan.js";
import { kindsOf, numbered } from "./attributes.js";
import { type Classes, classesOf, isSound } from "./classes.js";
import { componentsOf } from "./components.js";
import { type Fold, fold } from "./fold.js";
import { partsOf } from "./parts.js";
import { type Budget, refine } from "./refine.js";
import { Sets } from "./sets.js";
import { losesFrames, usesCredit, whyNot, whyNotPrograms } from "./support.js";
import { type Usage, usageOf } from "./usage.js";

/** Smaller runs that stand for a whole one. They have nothing to do with each other. */
export interface Symmetry {
  readonly plan: RunPlan;
  readonly folds: readonly Fold[];
  /** Parts of the run that are not simulated because others stand for them. */
  readonly replicas: number;
  /**
   * Switches are simulated as a whole, pauses and drops included; otherwise only as long as there
   * are none.
   */
  readonly whole: boolean;
}

/** Of the packets' hops, what simulating copies must save to be worth it. */
const MIN_GAIN = 0.1;

/**
 * Ways to simulate less, the best first. One after another is tried until nothing happens that it
 * is not made for; after the last one the run is simulated as it is.
 * @returns why none was looked for, or found
 */
export function* symmetriesOf(plan: RunPlan): Generator<Symmetry, string> {
  const against = whyNot(plan);
  if (against !== null) return against;
  const usage = usageOf(plan);
  if (typeof usage === "string") return usage;
  if (losesFrames(usage)) return "links lose frames at random";
  const unlike = whyNotPrograms(usage);
  if (unlike !== null) return unlike;
  if (!usesCredit(usage)) {
    const found = symmetryOf(usage, false);
    if (found !== null) yield found;
  }
  // Whole switches are alike where parts of a run are apart; in between, hardly ever.
  if (!isConnected(usage)) {
    const found = symmetryOf(usage, true);
    if (found !== null) yield found;
  }
  return "too little is alike";
}

function symmetryOf(usage: Usage, whole: boolean): Symmetry | null {
  const parts = partsOf(usage, whole);
  const budget = budgetOf(usage);
  const coarsest = refine(parts, kindsOf(parts), budget);
  if (coarsest === null) return null;
  const classes = classesOf(parts, coarsest);
  const found = foldAll(usage, classes, whole);
  if (found !== "twice") return found;
  for (const kinds of finer(classes)) {
    const classOf = refine(parts, kinds, budget);
    const found = classOf === null ? "twice" : foldAll(usage, classesOf(parts, classOf), whole);
    if (found !== "twice") return found;
  }
  return null;
}

/**
 * "twice" where a way comes to one place of a fold twice, so that finer classes may do; null where
 * they would not.
 */
function foldAll(usage: Usage, classes: Classes, whole: boolean): Symmetry | "twice" | null {
  if (!isSound(classes)) return null;
  const components = componentsOf(classes);
  if (components === null) return null;
  const byCopies = new Map<number, number[]>();
  for (const { copies, classes: list } of components) byCopies.set(copies, [...(byCopies.get(copies) ?? []), ...list]);
  const folds: Fold[] = [];
  for (const [copies, list] of byCopies) {
    const made = fold(classes, list, copies);
    if (made === null || made === "twice") return made;
    folds.push(made);
  }
  if (folds.reduce((sum, { plan }) => sum + effort(plan), 0) > (1 - MIN_GAIN) * effort(usage.plan)) return null;
  const replicas = components.reduce((sum, { copies }) => sum + copies - 1, 0);
  return { plan: usage.plan, folds, replicas, whole };
}

/**
 * Ways to split classes: of the nodes that the ranks of a class are in, every second may be of
 * another kind, every third, and so on.
 */
function* finer({ parts, classOf, count, first, members }: Classes): Generator<Uint32Array> {
  const { firstRank, firstSwitch, memberFirst, usage, ...rest } = parts;
  const turns = new Uint32Array(parts.count);
  let most = 0;
  for (let number = 0; number < count; number++) {
    let turn = -1;
    let last = -1;
    for (let i = first[number]!; i < first[number + 1]!; i++) {
      const part = members[i]!;
      if (part < firstRank || part >= firstSwitch) break;
      const device = usage.deviceOf[usage.ports[rest.members[memberFirst[part - firstRank]!]!]!]!;
      if (device !== last) turn += 1;
      last = device;
      turns[part] = turn;
      most = Math.max(most, turn + 1);
    }
  }
  for (const stride of new Set([2, 3, 4, most])) {
    if (stride <= most) yield numbered(parts.count, (part) => `${classOf[part]} ${turns[part]! % stride}`);
  }
}

/** Whether all that is used hangs together. */
function isConnected({ plan, deviceOf, switchOf, nicOf, hopPort }: Usage): boolean {
  const { nics, deviceCount, peerPort, rankCount } = plan.fabric;
  const sets = new Sets(deviceCount + rankCount);
  const ownerOf = (port: number) =>
    switchOf[deviceOf[port]!]! >= 0 ? deviceOf[port]! : deviceCount + nics.rank[nicOf[port]!]!;
  for (const port of hopPort) sets.join(ownerOf(port), ownerOf(peerPort[port]!));
  const root = sets.rootOf(ownerOf(hopPort[0]!));
  return hopPort.every((port) => sets.rootOf(ownerOf(port)) === root);
}

/**
 * Looking takes about as long per hop as simulating one. It may take a thirtieth of the time of the
 * whole run, or a fraction of a second.
 */
function budgetOf({ plan, wayFirst }: Usage): Budget {
  const { flows, fabric } = plan;
  let hops = 0;
  for (let flow = 0; flow < flows.count; flow++) {
    const packets = flows.chunks[flow]! * packetsPerChunk(fabric, flows, flow);
    hops += packets * (wayFirst[2 * flow + 1]! - wayFirst[2 * flow]!);
  }
  return { left: Math.max(2 ** 21, hops / 30), mostFlows: (1 - MIN_GAIN) * flows.count };
}

/** About what it takes to simulate a plan: bytes that NICs send. */
function effort({ flows }: RunPlan): number {
  let bytes = 0;
  for (let flow = 0; flow < flows.count; flow++) bytes += flows.chunks[flow]! * flows.chunkBytes[flow]!;
  return bytes;
}
