/** A place in a text that is worked out when somebody asks: of many values few are ever wrong. */
import type { Origin } from "./node.js";

/** The place of what a reader knows by this number. */
export type FindPlace = (number: number) => Origin;

export class LateOrigin {
  readonly from = "text";

  constructor(
    private readonly number: number,
    private readonly find: FindPlace,
  ) {}

  get line(): number {
    return this.#found.line;
  }

  get column(): number {
    return this.#found.column;
  }

  get file(): string | undefined {
    return this.#found.file;
  }

  get #found(): Extract<Origin, { from: "text" }> {
    const origin = this.find(this.number);
    if (origin.from !== "text") throw new TypeError("the place of a value in a text is in another one");
    return origin;
  }
}
