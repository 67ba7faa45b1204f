/**
 * What a rank of a pipeline stage executes: its passes through layers, with the collectives that
 * each kind of parallelism adds to them.
 */
import type { CollectiveName } from "../../plan/collectives.js";
import type { Instruction } from "../../plan/programs.js";
import type { TransformerRow } from "../../plan/training/models.js";
import type { TrainingStep } from "../../plan/training/step.js";
import { compute, type RoleBuilder } from "../programs/role.js";
import type { GroupKind, SlotSpec } from "./communicators.js";
import { inOrder, type Lines, type StreamName, times } from "./lines.js";
import type { Pass } from "./schedule.js";
import { elementBytes, gradientBytes, type LayerRun, type ModelPart, messageBytes } from "./sizes.js";

/** Communication before and after a block. */
interface Around {
  readonly before: readonly Comm[];
  readonly after: readonly Comm[];
}

interface Comm {
  readonly group: GroupKind;
  readonly collective: CollectiveName;
  readonly bytes: number;
}

const NONE: Around = { before: [], after: [] };
/** Layers whose parameters are gathered ahead of their use. */
const PREFETCH = 2;

/** What a program is told of its job. */
interface StagePlace {
  /** Number of a label. */
  readonly label: (name: string) => number;
  /** Ranks of a group of a kind. */
  readonly groupSize: (kind: GroupKind) => number;
}

export class StageProgram {
  /** By name of the slot. */
  readonly slots = new Map<string, SlotSpec>();

  /**
   * @param parts those of the stage, in order
   */
  constructor(
    private readonly step: TrainingStep,
    private readonly parts: readonly ModelPart[],
    private readonly role: RoleBuilder,
    private readonly place: StagePlace,
  ) {}

  pass({ kind, part, isEdge }: Pass): Lines {
    return kind === "forward" ? this.forward(part, isEdge) : this.backward(part, isEdge);
  }

  /** Before the first pass of a step. */
  begin(): Lines {
    if (!this.isPrefetching) return {};
    return { compute: Array.from({ length: PREFETCH }, () => this.role.signal("freed")) };
  }

  /** After the last pass: gradients that are still to be reduced, the optimizer, parameters. */
  end(optimizerSeconds: number): Lines {
    const { overlap, zero } = this.step;
    const optimizer: Lines = { compute: this.compute(optimizerSeconds, "optimizer") };
    if (!this.isSplit) return optimizer;
    if (overlap.dp) {
      const { role } = this;
      const done: Lines = { compute: [role.wait("reduced")], gradients: [role.signal("reduced")] };
      const left = Array.from({ length: this.isPrefetching ? PREFETCH : 0 }, () => role.wait("freed"));
      return inOrder([done, optimizer, { parameters: left }]);
    }
    const sizes = this.allParameters();
    const reduced = zero < 2 ? this.reduce(sizes, "compute") : [];
    const gathered = zero === 1 || zero === 2 ? this.gather(sizes, "compute") : [];
    return inOrder([{ compute: reduced }, optimizer, { compute: gathered }]);
  }

  private get isPrefetching(): boolean {
    return this.step.zero === 3 && this.step.overlap.dp && this.isSplit;
  }

  /** After steps that replicas do alone: their parameters become the mean of all. */
  average(): Lines {
    if (this.step.localSteps === 1) return {};
    const { dense, experts } = this.allParameters();
    const bytes = elementBytes(this.step.precision);
    return { compute: this.spread(dense, experts, bytes, { collective: "all-reduce", stream: "compute" }) };
  }

  /** Replicas reduce gradients in each step. */
  private get isSplit(): boolean {
    return this.place.groupSize("dp") > 1 && this.step.localSteps === 1;
  }

  private allParameters(): { dense: number; experts: number } {
    const all = this.parts.flatMap((part) => this.parameterSizes(part));
    const sum = (key: "dense" | "experts") => all.reduce((most, sizes) => most + sizes[key], 0);
    return { dense: sum("dense"), experts: sum("experts") };
  }

  private parameterSizes(part: ModelPart): { dense: number; experts: number }[] {
    const ends = { dense: part.embeddingParameters + part.outputParameters, experts: 0 };
    return [
      ends,
      ...part.runs.map(({ count, denseParameters, expertParameters }) => ({
        dense: count * denseParameters,
        experts: count * expertParameters,
      })),
    ];
  }

  private forward(number: number, isFirst: boolean): Lines {
    const part = this.parts[number]!;
    const { overlap, zero } = this.step;
    const isGathered = this.isSplit && (zero === 3 || (isFirst && zero > 0 && overlap.dp));
    const pieces: Lines[] = [];
    if (!part.isFirst) pieces.push(this.receive("forward"));
    if (isGathered) pieces.push(this.gathering(part.embeddingParameters + part.outputParameters, 0, false));
    pieces.push({ compute: this.compute(part.embedding.forward, "forward") });
    for (const run of part.runs) {
      const layers = (count: number) => {
        const whole = times(count, this.layerForward(run));
        if (!isGathered) return whole;
        const [dense, experts] = [count * run.denseParameters, count * run.expertParameters];
        return inOrder([this.gathering(dense, experts, zero === 3), whole, this.free()]);
      };
      pieces.push(...this.inBuckets(run, isGathered, layers));
    }
    pieces.push({ compute: this.compute(part.output.forward, "forward") });
    if (!part.isLast) pieces.push(this.send("forward"));
    return inOrder(pieces);
  }

  private backward(number: number, isLast: boolean): Lines {
    const part = this.parts[number]!;
    const { overlap, zero, recompute } = this.step;
    const isReduced = this.isSplit && (zero >= 2 || (isLast && overlap.dp));
    const isGathered = this.isSplit && zero === 3;
    const pieces: Lines[] = [];
    if (!part.isLast) pieces.push(this.receive("backward"));
    pieces.push({ compute: this.compute(part.output.backward, "backward") });
    if (isReduced) pieces.push(this.reducing(part.outputParameters, 0));
    const layer = (run: LayerRun) => {
      const back = this.layerBackward(run);
      return recompute === "full" ? inOrder([this.layerForward(run, "recompute"), back]) : back;
    };
    for (const run of [...part.runs].reverse()) {
      const layers = (count: number) => {
        const [dense, experts] = [count * run.denseParameters, count * run.expertParameters];
        const whole = times(count, layer(run));
        const read = isGathered ? inOrder([this.gathering(dense, experts, true), whole, this.free()]) : whole;
        return isReduced ? inOrder([read, this.reducing(dense, experts)]) : read;
      };
      pieces.push(...this.inBuckets(run, isReduced || isGathered, layers));
    }
    pieces.push({ compute: this.compute(part.embedding.backward, "backward") });
    if (isReduced) pieces.push(this.reducing(part.embeddingParameters, 0));
    if (!part.isFirst) pieces.push(this.send("backward"));
    return inOrder(pieces);
  }

  /** Layers of a run by buckets, where there are any; one layer each with ZeRO 3. */
  private inBuckets(run: LayerRun, isBucketed: boolean, layers: (count: number) => Lines): Lines[] {
    if (!isBucketed) return [layers(run.count)];
    const { zero, bucketBytes, precision } = this.step;
    const layerBytes = (run.denseParameters + run.expertParameters) * gradientBytes(precision);
    const size = zero === 3 ? 1 : Math.max(1, Math.min(run.count, Math.floor(bucketBytes / layerBytes)));
    const [full, rest] = [Math.floor(run.count / size), run.count % size];
    return [times(full, layers(size)), ...(rest > 0 ? [layers(rest)] : [])];
  }

  private layerForward(run: LayerRun, label = "forward"): Lines {
    return inOrder(run.blocks.map((block, i) => this.block(this.around(run, i), block.forward, label)));
  }

  private layerBackward(run: LayerRun): Lines {
    const blocks = run.blocks.map((block, i) => {
      const { before, after } = this.around(run, i);
      const turned = (list: readonly Comm[]) => [...list].reverse().flatMap(turnedComm);
      // The sum over tensor-parallel ranks is of what comes out, forward as backward.
      const sums = before.length === 0 && after.some(({ collective }) => collective === "all-reduce");
      const around = sums ? { before: [], after } : { before: turned(after), after: turned(before) };
      return this.block(around, block.backward, "backward");
    });
    return inOrder(blocks.reverse());
  }

  /** Communication around attention (0) and the feed-forward part (1), forward. */
  private around(run: LayerRun, block: number): Around {
    const { model, degrees, sequenceParallel } = this.step;
    if (model.kind !== "transformer") return NONE;
    const bytes = messageBytes(model as TransformerRow, this.step);
    const before: Comm[] = [];
    const after: Comm[] = [];
    if (degrees.tp > 1) {
      if (sequenceParallel) before.push({ group: "tp", collective: "all-gather", bytes: bytes.tp });
      after.push({ group: "tp", collective: sequenceParallel ? "reduce-scatter" : "all-reduce", bytes: bytes.tp });
    }
    if (block === 0 && degrees.cp > 1) before.push({ group: "cp", collective: "all-gather", bytes: bytes.cp });
    if (block === 1 && run.hasExperts && degrees.ep > 1) {
      const exchange: Comm = { group: "ep", collective: "all-to-all", bytes: bytes.ep };
      before.push(exchange);
      after.unshift(exchange);
    }
    return { before, after };
  }

  private block({ before, after }: Around, seconds: number, label: string): Lines {
    const { role } = this;
    const isBeside = ({ group }: Comm) => group === "tp" && this.step.overlap.tp;
    const beside = [...before, ...after].filter(isBeside).map((comm) => this.operation(comm, "tp"));
    const inLine = (list: readonly Comm[]) =>
      list.filter((comm) => !isBeside(comm)).map((comm) => this.operation(comm, "compute"));
    const computing = this.compute(seconds, label);
    if (beside.length === 0) return { compute: [...inLine(before), ...computing, ...inLine(after)] };
    return {
      compute: [...inLine(before), role.signal("tp go"), ...computing, role.wait("tp done"), ...inLine(after)],
      tp: [role.wait("tp go"), ...beside, role.signal("tp done")],
    };
  }

  private compute(seconds: number, label: string): Instruction[] {
    return seconds === 0 ? [] : [compute(Math.round(seconds * 1e12), this.place.label(label))];
  }

  private operation({ group, collective, bytes }: Comm, stream: StreamName): Instruction {
    const name = `${stream} ${group} ${collective} ${Math.ceil(bytes)}`;
    this.slots.set(name, { kind: "group", group, collective, bytes });
    return this.role.operation(name, this.place.label(group === "experts" ? "dp" : group));
  }

  private reduce({ dense, experts }: { dense: number; experts: number }, stream: StreamName): Instruction[] {
    const { zero, precision } = this.step;
    const collective = zero === 0 ? "all-reduce" : "reduce-scatter";
    return this.spread(dense, experts, gradientBytes(precision), { collective, stream });
  }

  private gather({ dense, experts }: { dense: number; experts: number }, stream: StreamName): Instruction[] {
    const bytes = elementBytes(this.step.precision);
    return this.spread(dense, experts, bytes, { collective: "all-gather", stream });
  }

  private spread(
    dense: number,
    experts: number,
    bytes: number,
    { collective, stream }: { readonly collective: CollectiveName; readonly stream: StreamName },
  ): Instruction[] {
    const list: Comm[] = [{ group: "dp", collective, bytes: dense * bytes }];
    if (experts > 0 && this.place.groupSize("experts") > 1) {
      list.push({ group: "experts", collective, bytes: experts * bytes });
    }
    return list.filter((comm) => comm.bytes > 0).map((comm) => this.operation(comm, stream));
  }

  /** Gradients that are complete now. */
  private reducing(dense: number, experts: number): Lines {
    if (dense + experts === 0) return {};
    if (!this.step.overlap.dp) return { compute: this.reduce({ dense, experts }, "compute") };
    const { role } = this;
    return {
      compute: [role.signal("gradients")],
      gradients: [role.wait("gradients"), ...this.reduce({ dense, experts }, "gradients")],
    };
  }

  /** Parameters that are needed now. */
  private gathering(dense: number, experts: number, isLimited: boolean): Lines {
    if (dense + experts === 0) return {};
    if (!this.step.overlap.dp) return { compute: this.gather({ dense, experts }, "compute") };
    const { role } = this;
    const room = isLimited ? [role.wait("freed")] : [];
    return {
      compute: [role.wait("parameters")],
      parameters: [...room, ...this.gather({ dense, experts }, "parameters"), role.signal("parameters")],
    };
  }

  private free(): Lines {
    return this.isPrefetching ? { compute: [this.role.signal("freed")] } : {};
  }

  private receive(way: "forward" | "backward"): Lines {
    return { compute: [this.pair(way, false)] };
  }

  private send(way: "forward" | "backward"): Lines {
    return { compute: [this.pair(way, true)] };
  }

  private pair(way: "forward" | "backward", isSender: boolean): Instruction {
    const name = `${way} ${isSender ? "out" : "in"}`;
    const bytes = messageBytes(this.step.model as TransformerRow, this.step).pp;
    this.slots.set(name, { kind: "pair", way, isSender, bytes });
    const ends = isSender && !this.step.overlap.pp ? "acked" : "delivered";
    return this.role.operation(name, this.place.label("pp"), ends);
  }
}

/** What goes the other way, backward. */
function turnedComm(comm: Comm): Comm[] {
  if (comm.collective === "all-gather") return [{ ...comm, collective: "reduce-scatter" }];
  if (comm.collective === "reduce-scatter") return [{ ...comm, collective: "all-gather" }];
  return [comm];
}
