/** What a rank does with the records of a workload: forward in order, backward the other way. */
import type { TraceRank } from "../../../scenario/types/trace.js";
import { RankBuilder } from "../common/trace-builder.js";
import type { SimaiGroup, SimaiRecord, SimaiWork } from "./parse.js";

/** A collective that ranks do, each in its group. */
export type Use = NonNullable<SimaiWork["collective"]>;

const PS_PER_NS = 1000;

export interface RankWork {
  /** Operands of its operations are places in `uses`. */
  readonly rank: TraceRank;
  readonly uses: readonly Use[];
}

/**
 * Collectives of weight gradients go beside what follows, one after the other. The others hold up
 * the rank, as in SimAI.
 * @param isAlone whether groups have one rank, which has nobody to send to
 */
export function workOf(
  records: readonly SimaiRecord[],
  isAlone: (group: SimaiGroup) => boolean,
  label: (name: string) => number,
): RankWork {
  const work = new Work(isAlone, label);
  for (const record of records) {
    work.compute(record.forward, "forward");
    work.communicate(record.forward, record.updateNs, false);
  }
  for (const record of [...records].reverse()) {
    work.compute(record.inputGradient, "input gradient");
    work.communicate(record.inputGradient, record.updateNs, false);
    work.compute(record.weightGradient, "weight gradient");
    work.communicate(record.weightGradient, record.updateNs, true);
  }
  return work.end();
}

class Work {
  private readonly rank = new RankBuilder();
  private readonly main = this.rank.lane("compute");
  private readonly beside = this.rank.lane("gradients");
  private readonly uses = new Map<string, { readonly place: number; readonly use: Use }>();
  private last: number | undefined;
  private lastBeside: number | undefined;

  constructor(
    private readonly isAlone: (group: SimaiGroup) => boolean,
    private readonly label: (name: string) => number,
  ) {}

  compute({ computeNs }: SimaiWork, name: string): void {
    if (computeNs === 0) return;
    this.follow(this.rank.compute(this.main, computeNs * PS_PER_NS, this.label(name)));
  }

  communicate({ collective }: SimaiWork, updateNs: number, isBeside: boolean): void {
    if (collective === undefined || this.isAlone(collective.group)) return;
    const lane = isBeside ? this.beside : this.main;
    const node = this.rank.operation(this.placeOf(collective), this.label(collective.group), { lane });
    const follow = isBeside ? this.followBeside : this.follow;
    follow.call(this, node);
    if (updateNs > 0) follow.call(this, this.rank.compute(lane, updateNs * PS_PER_NS, this.label("update")));
  }

  end(): RankWork {
    return { rank: this.rank.build(), uses: [...this.uses.values()].map(({ use }) => use) };
  }

  private follow(node: number): void {
    if (this.last !== undefined) this.rank.after(node, this.last);
    this.last = node;
  }

  /** After what was computed last, and after what went beside before. */
  private followBeside(node: number): void {
    if (this.last !== undefined) this.rank.after(node, this.last);
    if (this.lastBeside !== undefined) this.rank.after(node, this.lastBeside);
    this.lastBeside = node;
  }

  private placeOf(use: Use): number {
    const key = `${use.group} ${use.name} ${use.bytes}`;
    const known = this.uses.get(key);
    if (known !== undefined) return known.place;
    this.uses.set(key, { place: this.uses.size, use });
    return this.uses.size - 1;
  }
}
