import type { Buffers } from "./buffers.js";
import { check } from "./check.js";
import type { Simulation } from "./simulation.js";

/**
 * The books of one data class on a link direction with credit, of both its ends. All in blocks
 * since the beginning, but what is somewhere now.
 */
export class CreditedLink {
  private sent = 0;
  private limit: number;
  private allowed: number;
  private told: number;
  /** On the wire and in the pipeline behind it, and in the receive buffer. */
  private underWay = 0;
  private occupied = 0;

  private constructor(
    private readonly capacity: number,
    private readonly updateBlocks: number,
    private readonly blockBytes: number,
    readonly updateBytes: number,
    readonly responsePs: number,
  ) {
    this.limit = capacity;
    this.allowed = capacity;
    this.told = capacity;
  }

  /**
   * A class of the direction that ends at a port; null where it needs no credit. Both ends get the
   * same books.
   */
  static into(sim: Simulation, port: number, dataClass: number): CreditedLink | null {
    const { credit } = sim.plan.flowControl;
    const capacity = credit?.bufferBlocks[port] ?? 0;
    if (credit === null || capacity === 0) return null;
    const key = `${port} ${dataClass}`;
    const known = sim.creditedLinks.get(key);
    if (known !== undefined) return known;
    const { updateBlocks, blockBytes, updateBytes, responsePs } = credit;
    const link = new CreditedLink(capacity, updateBlocks[port]!, blockBytes, updateBytes, responsePs);
    sim.creditedLinks.set(key, link);
    return link;
  }

  covers(accountedBytes: number): boolean {
    return this.sent + this.blocks(accountedBytes) <= this.limit;
  }

  /** A packet that will arrive starts. */
  spend(accountedBytes: number): void {
    this.sent += this.blocks(accountedBytes);
    this.underWay += this.blocks(accountedBytes);
    check(this.sent <= this.limit, "nothing is sent without credit");
    this.checkBooks();
  }

  /** It takes effect at the other end. */
  arrive(accountedBytes: number): void {
    this.underWay -= this.blocks(accountedBytes);
    this.occupied += this.blocks(accountedBytes);
    check(this.occupied <= this.capacity, "a receive buffer is not overfilled");
    this.checkBooks();
  }

  /** It leaves the receive buffer. */
  free(accountedBytes: number): void {
    this.occupied -= this.blocks(accountedBytes);
    this.allowed += this.blocks(accountedBytes);
    this.checkBooks();
  }

  isUpdateDue(): boolean {
    return this.allowed - this.told >= this.updateBlocks;
  }

  /** An update starts. Returns what it names. */
  tell(): number {
    this.told = this.allowed;
    return this.told;
  }

  /** An update takes effect. */
  learn(limit: number): void {
    check(limit > this.limit && limit <= this.told, "an update brings credit that is there");
    this.limit = limit;
  }

  /**
   * Every block of the buffer is with the sender, on its way there, freed and not told, under way,
   * or in use.
   */
  checkBooks(): void {
    const withSender = this.limit - this.sent;
    const onItsWay = this.told - this.limit;
    const untold = this.allowed - this.told;
    const parts = [withSender, onItsWay, untold, this.underWay, this.occupied];
    check(
      parts.every((blocks) => blocks >= 0),
      "no part of a receive buffer is less than nothing",
    );
    check(parts.reduce((sum, blocks) => sum + blocks) === this.capacity, "credit is conserved");
  }

  private blocks(accountedBytes: number): number {
    return Math.ceil(accountedBytes / this.blockBytes);
  }
}

/** A switch whose ports have receive buffers of their own: who has credit has room. */
export class OnCredit implements Buffers {
  private heldBytes = 0;

  admit({ accountedBytes }: { readonly accountedBytes: number }): boolean {
    this.heldBytes += accountedBytes;
    return true;
  }

  pauseIfNeeded(): boolean {
    return false;
  }

  release({ accountedBytes }: { readonly accountedBytes: number }): void {
    this.heldBytes -= accountedBytes;
  }

  usedBytes(): number {
    return this.heldBytes;
  }
}
