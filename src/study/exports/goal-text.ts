/** The block of a rank in GOAL text: its statements, and what each requires. */

/** Statements are numbered from 0; statement `n` has the label `l<n>`. */
export class Block {
  private readonly statements: string[] = [];
  private readonly order: string[] = [];

  constructor(private readonly unitPs: number) {}

  send(bytes: number, to: number, tag: number): number {
    return this.statements.push(`send ${bytes}b to ${to} tag ${tag}`) - 1;
  }

  receive(bytes: number, from: number, tag: number): number {
    return this.statements.push(`recv ${bytes}b from ${from} tag ${tag}`) - 1;
  }

  calc(durationPs: number, cpu = 0): number {
    return this.statements.push(`calc ${Math.round(durationPs / this.unitPs)} cpu ${cpu}`) - 1;
  }

  /** `later` waits for the end of `earlier`, if that is given. @returns `later` */
  after(later: number, earlier: number | undefined): number {
    if (earlier !== undefined) this.order.push(`l${later} requires l${earlier}`);
    return later;
  }

  /** `later` waits for the beginning of `earlier`. */
  afterStart(later: number, earlier: number): void {
    this.order.push(`l${later} irequires l${earlier}`);
  }

  *lines(): Generator<string> {
    for (let n = 0; n < this.statements.length; n++) yield `l${n}: ${this.statements[n]}\n`;
    for (const line of this.order) yield `${line}\n`;
  }
}
