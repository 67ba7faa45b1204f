import type { DataClass } from "../../src/plan/plan.js";

/** Which data class is next at a port: MODEL §5. */
export class Turns {
  private readonly balance: number[];
  /** By priority: the class that has the turn. */
  private readonly turn = new Map<number, number>();

  constructor(private readonly classes: readonly DataClass[]) {
    this.balance = classes.map(() => 0);
    classes.forEach(({ priority }, i) => {
      this.turn.set(priority, i);
    });
  }

  /** Chooses among the classes that could send. */
  choose(able: readonly number[]): number | undefined {
    const highest = Math.max(...able.map((i) => this.classes[i]!.priority));
    const among = able.filter((i) => this.classes[i]!.priority === highest);
    const turn = this.turn.get(highest);
    if (turn === undefined) return undefined;
    if (among.includes(turn) && this.balance[turn]! > 0) return turn;
    return among.find((i) => i > turn) ?? among[0];
  }

  /** A packet of a class starts. */
  start(dataClass: number, wireBytes: number): void {
    const { priority, turnBytes } = this.classes[dataClass]!;
    const turn = this.turn.get(priority)!;
    if (turn !== dataClass || this.balance[dataClass]! <= 0) {
      this.balance[turn] = Math.min(0, this.balance[turn]!);
      this.balance[dataClass] = Math.min(0, this.balance[dataClass]!) + turnBytes;
      this.turn.set(priority, dataClass);
    }
    this.balance[dataClass]! -= wireBytes;
  }
}
