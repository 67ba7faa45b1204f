/** First in, first out. Taking is cheap however many there are. */
export class Queue<T> {
  private items: T[] = [];
  private taken = 0;

  get length(): number {
    return this.items.length - this.taken;
  }

  add(item: T): void {
    this.items.push(item);
  }

  /** The first one; undefined where there is none. */
  take(): T | undefined {
    if (this.taken === this.items.length) return undefined;
    const item = this.items[this.taken++];
    // What was taken goes when it is half of all.
    if (2 * this.taken > this.items.length && this.taken > 64) {
      this.items = this.items.slice(this.taken);
      this.taken = 0;
    }
    return item;
  }
}
