import type { Cargo } from "./schedule.js";

/** What the flows carry that were added together; `flow` counts from the first of them. */
type CargoOf = (flow: number, chunk: number) => Cargo;

/** The cargo of a schedule whose flows come in sections. */
export class Sections {
  private readonly sections: { readonly first: number; readonly cargo: CargoOf }[] = [];

  /** A section begins with flow `first`. */
  begin(first: number, cargo: CargoOf): void {
    this.sections.push({ first, cargo });
  }

  /** What a flow carries: that of the last section that begins with it or before. */
  readonly cargo: CargoOf = (flow, chunk) => {
    const { first, cargo } = this.sections.findLast((section) => section.first <= flow)!;
    return cargo(flow - first, chunk);
  };
}
