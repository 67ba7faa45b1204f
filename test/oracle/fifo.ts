/** First in, first out. */
export class Fifo<T> {
  private items: T[] = [];
  private head = 0;

  get length(): number {
    return this.items.length - this.head;
  }

  push(item: T): void {
    this.items.push(item);
  }

  /** The first, left where it is. */
  peek(): T | undefined {
    return this.items[this.head];
  }

  /** All that wait, in order. */
  all(): readonly T[] {
    return this.items.slice(this.head);
  }

  last(): T | undefined {
    return this.length === 0 ? undefined : this.items.at(-1);
  }

  /** Takes the last one away again. */
  pop(): T | undefined {
    return this.length === 0 ? undefined : this.items.pop();
  }

  shift(): T | undefined {
    if (this.length === 0) return undefined;
    const item = this.items[this.head++];
    if (this.head >= 1024) {
      this.items = this.items.slice(this.head);
      this.head = 0;
    }
    return item;
  }
}
