/** Columns of numbers that grow: millions of entries without an object each. */

type Column = Uint8Array | Uint32Array | Float64Array;
type Make<C extends Column> = new (length: number) => C;

const FIRST_ROOM = 64;

/** A list of numbers of one type. */
export class Growing<C extends Column> {
  private column: C;
  private count = 0;

  constructor(
    private readonly make: Make<C>,
    room = 0,
  ) {
    this.column = new make(room);
  }

  get length(): number {
    return this.count;
  }

  push(value: number): void {
    if (this.count === this.column.length) {
      const grown = new this.make(Math.max(FIRST_ROOM, 2 * this.count));
      grown.set(this.column);
      this.column = grown;
    }
    this.column[this.count++] = value;
  }

  at(index: number): number {
    return this.column[index]!;
  }

  set(index: number, value: number): void {
    this.column[index] = value;
  }

  /** What is there, without spare room; the list is empty afterwards. */
  take(): C {
    const taken = this.column.slice(0, this.count) as C;
    this.column = new this.make(0);
    this.count = 0;
    return taken;
  }
}
