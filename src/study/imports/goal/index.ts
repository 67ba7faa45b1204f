/** GOAL text (LogGOPSim, Schedgen, ATLAHS) to graphs: docs/IMPORTS.md has what is read. */
import type { z } from "zod";
import type { TRACE_FORMATS } from "../../../scenario/schema/trace.js";
import { Growing } from "../../../util/columns.js";
import type { Imported, ImportFormat } from "../common/format.js";
import type { SourceFile } from "../common/source.js";
import { cyclicNode, TraceBuilder } from "../common/trace-builder.js";
import { Matching } from "./matching.js";
import { ANY, type GoalOperation, GoalParser } from "./parse.js";

type Options = z.output<typeof TRACE_FORMATS.goal>;

const LARGEST_FILE = 2 ** 31;
const MAX_OPERATIONS = 2 ** 24;
/** Of a computation, in ps. */
const LARGEST_DURATION_PS = 9e15;

export const goal: ImportFormat<Options> = {
  sentence: "GOAL text, of LogGOPSim, Schedgen or ATLAHS: one file.",
  async read(files, options): Promise<Imported> {
    const [file, second] = files;
    if (second !== undefined) second.fail("GOAL text is one file; name one");
    const reader = new GoalReader(file!, options);
    const parser = new GoalParser(file!, reader);
    await file!.lines(LARGEST_FILE, (text, line) => parser.line(text, line));
    const ranks = parser.end();
    return { ranks, workload: reader.finish(), notes: reader.notes() };
  },
};

/** Makes nodes of operations. An operation has a first node, which waits, and a last one. */
class GoalReader {
  private trace!: TraceBuilder;
  private matching!: Matching;
  private total = 0;
  private usesNics = false;
  private readonly first: Growing<Uint32Array>[] = [];
  private readonly last: Growing<Uint32Array>[] = [];
  private readonly lines: Growing<Uint32Array>[] = [];

  constructor(
    private readonly file: SourceFile,
    private readonly options: Options,
  ) {}

  ranks(count: number): void {
    this.trace = new TraceBuilder(count);
    this.matching = new Matching(this.file, this.trace, this.options.rendezvous ?? Number.POSITIVE_INFINITY);
    for (const list of [this.first, this.last, this.lines]) {
      for (let rank = 0; rank < count; rank++) list.push(new Growing(Uint32Array));
    }
  }

  operation(rank: number, operation: GoalOperation, line: number): number {
    if (++this.total > MAX_OPERATIONS) {
      this.file.fail(`there are more than ${MAX_OPERATIONS} operations, the most that a run may have`, { line });
    }
    const [first, last] =
      operation.kind === "calc"
        ? this.calc(rank, operation, line)
        : operation.kind === "send"
          ? this.send(rank, operation, line)
          : this.receive(rank, operation, line);
    this.first[rank]!.push(first);
    this.last[rank]!.push(last);
    this.lines[rank]!.push(line);
    return this.first[rank]!.length - 1;
  }

  requires(rank: number, later: number, earlier: number, onStart: boolean): void {
    const from = (onStart ? this.first : this.last)[rank]!.at(earlier);
    this.trace.rank(rank).after(this.first[rank]!.at(later), from, onStart);
  }

  finish() {
    this.matching.finish();
    const graphs = this.trace.build();
    graphs.ranks.forEach(({ graph }, rank) => {
      const node = cyclicNode(graph);
      if (node === undefined) return;
      const operation = this.operationOf(rank, node);
      this.file.fail(`this operation of rank ${rank} waits for itself, by way of what it requires`, {
        line: this.lines[rank]!.at(operation),
      });
    });
    return graphs;
  }

  notes(): string[] {
    return this.usesNics ? ["messages of all nics go over the one NIC that a rank has to the fabric"] : [];
  }

  private operationOf(rank: number, node: number): number {
    const first = this.first[rank]!;
    let operation = first.length - 1;
    while (operation > 0 && first.at(operation) > node) operation--;
    return operation;
  }

  private calc(rank: number, { amount, cpu }: GoalOperation, line: number): [number, number] {
    const durationPs = amount * this.options.unit;
    if (durationPs > LARGEST_DURATION_PS) {
      this.file.fail(`calc ${amount} takes ${durationPs / 1e12} s; write at most 9000 s, or a smaller unit`, { line });
    }
    const node = this.compute(rank, cpu, durationPs, "calc");
    return [node, node];
  }

  private send(rank: number, operation: GoalOperation, line: number): [number, number] {
    this.checkNic(operation, line);
    const { amount: bytes, peer, tag, cpu } = operation;
    const communicator = this.matching.send({ rank, peer, tag, bytes, line });
    const builder = this.trace.rank(rank);
    const overheadPs = this.overheadPs(bytes);
    if (overheadPs === 0) {
      const node = builder.operation(communicator, this.trace.label("send"));
      return [node, node];
    }
    const before = this.compute(rank, cpu, overheadPs, "overhead");
    const node = builder.operation(communicator, this.trace.label("send"));
    builder.after(node, before);
    return [before, node];
  }

  private receive(rank: number, operation: GoalOperation, line: number): [number, number] {
    this.checkNic(operation, line);
    const { amount: bytes, peer, tag, cpu } = operation;
    const pending = { rank, peer, tag, bytes, line };
    const builder = this.trace.rank(rank);
    const label = this.trace.label("recv");
    const node =
      peer === ANY || tag === ANY
        ? builder.take(this.matching.receiveAny(pending), label)
        : builder.operation(this.matching.receive(pending), label);
    const overheadPs = this.overheadPs(bytes);
    if (overheadPs === 0) return [node, node];
    const after = this.compute(rank, cpu, overheadPs, "overhead");
    builder.after(after, node);
    return [node, after];
  }

  private compute(rank: number, cpu: number, durationPs: number, label: string): number {
    const builder = this.trace.rank(rank);
    return builder.compute(builder.lane(`cpu ${cpu}`), durationPs, this.trace.label(label));
  }

  /** LogGOPS: o + (s - 1) O. */
  private overheadPs(bytes: number): number {
    const { overhead, overheadPerByte } = this.options;
    return Math.round(overhead + (bytes - 1) * overheadPerByte);
  }

  private checkNic({ nic }: GoalOperation, line: number): void {
    if (nic === 0) return;
    this.usesNics = true;
    if (this.options.oneNic) return;
    const what = `nic ${nic}: a rank has one NIC to the fabric`;
    this.file.fail(`${what}; write oneNic: true to send the messages of all nics over it`, { line });
  }
}
