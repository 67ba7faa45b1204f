/** The other threads of a run: workers that share the core's memory and join its windows. */

import type { Fabric } from "../../plan/fabric.js";
import type { CorePolicy } from "./core-policy.js";
import type { CoreInstance } from "./instance.js";
import { Control, Run, THREAD_BYTES, Thread } from "./layout.js";
import { visitOrders } from "./partition.js";
import { createMember, type Member } from "./platform.js";
import { policyTask } from "./policy.js";

/** Workers on a run's memory. The first thread is not among them: it is whoever calls `advance`. */
export class Team {
  #members: Member[] = [];
  #failure: Error | undefined;
  /**
   * Resolves when all workers can join; rejects where one cannot be started, and then none is left.
   */
  readonly ready: Promise<void>;

  /**
   * Makes room for the threads in the core's memory and starts their workers. Not while `advance`
   * is under way.
   * @param threads of the run, the first included
   * @param policy what decides where routing is custom
   */
  constructor(
    private readonly core: CoreInstance,
    fabric: Fabric,
    threads: number,
    private readonly policy?: CorePolicy,
  ) {
    visitOrders(fabric, threads).forEach((visits, number) => {
      this.#prepare(number, visits);
    });
    const others = Array.from({ length: threads - 1 }, (_, i) => this.#hire(i + 1));
    this.ready = Promise.all(others).then(
      () => {},
      async (error) => {
        await this.end();
        throw error;
      },
    );
  }

  /** A run that was continued may have the thread's record already. */
  #prepare(number: number, visits: Uint32Array): void {
    const { memory, header, exports } = this.core;
    if (number >= memory.get(header, Run.threadCount)) exports.addThread();
    const at = memory.get(header, Run.threads) + number * THREAD_BYTES;
    memory.set(at, Thread.turn, 0);
    memory.set(at, Thread.asleep, 0);
    new Uint32Array(memory.memory.buffer).set(visits, memory.get(at, Thread.visits) / 4);
  }

  async #hire(number: number): Promise<void> {
    const member = await createMember();
    this.#members.push(member);
    const { module, memory, control } = this.core;
    await new Promise<void>((resolve, reject) => {
      member.onMessage(({ ready, error }) => {
        if (ready) resolve();
        if (error !== undefined) this.#failure ??= new Error(error);
      });
      member.onError((error) => {
        this.#failure ??= error;
        reject(error);
      });
      const arrived = control + Control.arrived.offset;
      const trapped = control + Control.trapped.offset;
      member.post({ module, memory: memory.memory, number, arrived, trapped, ...policyTask(this.core, this.policy) });
    });
    member.release();
  }

  /** Why a worker stopped, if one did. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** Stops all workers, wherever they are. */
  async end(): Promise<void> {
    const members = this.#members;
    this.#members = [];
    if (members.length !== 0) this.core.exports.dismissOthers();
    await Promise.all(members.map((member) => member.end()));
  }
}
