/**
 * Assertions of the debug core, which only tests run. In the cores that are shipped there are none.
 */
import { run } from "./arena";
import { TrapCode } from "./structs/run";

/** Whether this is the debug core (`npm run build:debug-core`). */
// @ts-ignore: decorator
@inline
export const DEBUG: bool = isDefined(DEBUG_CORE);

/**
 * Traps where what must hold does not. `code` is the number of the check, for `Run.trapCode`.
 * To be called as `if (DEBUG) check(…)`: the compiler would keep the loads of the condition.
 */
@inline
export function check(condition: bool, code: u32): void {
  if (!condition) fail(code);
}

/** Kept apart from `trap`, which would be another function in the core that is shipped. */
function fail(code: u32): void {
  if (run.trapCode == TrapCode.None) run.trapCode = FIRST_CHECK + code;
  unreachable();
}

/** Trap codes from here on are those of checks. */
// @ts-ignore: decorator
@inline
const FIRST_CHECK: u32 = 100;
