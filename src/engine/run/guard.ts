/** Calls of the core, whose traps become typed errors. */

import type { RunPlan } from "../../plan/plan.js";
import { PolicyError } from "../../plan/policy-error.js";
import { CapacityError, CoreTrapError } from "../core/errors.js";
import type { CoreInstance } from "../core/instance.js";
import { Control, Run, THREAD_BYTES, Thread, TrapCode } from "../core/layout.js";

/** Trap codes from here on are checks of the debug core (assembly/memory/debug.ts). */
const FIRST_CHECK = 100;

/**
 * Runs a call into the core and turns a trap into a typed error.
 * @param policy name of the custom routing policy, whose fault a trap inside it is
 */
export function guard(core: CoreInstance, plan: RunPlan, call: () => void, policy?: string): void {
  try {
    call();
  } catch (cause) {
    if (policy !== undefined && core.memory.get(trappedThread(core), Thread.deciding) !== 0) {
      throw policyTrap(core, plan, policy, cause);
    }
    if (!(cause instanceof WebAssembly.RuntimeError)) throw cause;
    const { memory, header } = core;
    const code = memory.get(header, Run.trapCode);
    if (code === TrapCode.OutOfMemory) {
      const gigabytes = (memory.memory.buffer.byteLength / 2 ** 30).toFixed(1);
      throw new CapacityError(
        `the run needs more than the 4 GiB that the core can address (${gigabytes} GiB are in use): lower the number of GPUs, flows or the size of queues`,
        { cause },
      );
    }
    const nowPs = memory.get(header, Run.nowPs);
    const device = plan.fabric.deviceName(memory.get(trappedThread(core), Thread.device));
    const reason = Object.entries(TrapCode).find(([, value]) => value === code)?.[0] ?? `check ${code - FIRST_CHECK}`;
    throw new CoreTrapError(
      `the core stopped at ${nowPs / 1000} ns in ${device} (${reason}: ${cause.message}); this is a fault of heddle, please report it with the scenario`,
      nowPs,
      device,
      { cause },
    );
  }
}

/**
 * A policy that traps: it divides by zero, asserts what does not hold, calls itself without end.
 */
function policyTrap(core: CoreInstance, plan: RunPlan, name: string, cause: unknown): PolicyError {
  const simulatedPs = core.memory.get(core.header, Run.nowPs);
  const device = plan.fabric.deviceName(core.memory.get(trappedThread(core), Thread.device));
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new PolicyError(
    `the routing policy ${name} failed at ${simulatedPs / 1000} ns in ${device}: it trapped (${reason})`,
    name,
    { switch: device, simulatedPs },
    { cause },
  );
}

/** Address of the record of the thread that trapped: this one, unless another says that it did. */
function trappedThread({ memory, header, control }: CoreInstance): number {
  return memory.get(header, Run.threads) + memory.get(control, Control.trapped) * THREAD_BYTES;
}
