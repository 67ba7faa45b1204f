/** What the core keeps for custom routing policies, and what it says of them. */

import { GROUP_WORDS, MAX_POLICY_PARAMETERS, MAX_THREADS } from "../../plan/limits.js";
import type { RoutingParams, RunPlan } from "../../plan/plan.js";
import { PolicyError } from "../../plan/policy-error.js";
import type { CorePolicy } from "./core-policy.js";
import type { CoreInstance } from "./instance.js";
import { POLICY_CALL_BYTES, POLICY_DEPTHS_AT, POLICYCALL_BYTES, PolicyCall, PolicyFault, Run } from "./layout.js";
import type { CallLayout, PolicyTask } from "./policy-host.js";
import type { Sizes } from "./sizes.js";

/** What calls of a policy that is JavaScript have cost, in all threads. */
export interface PolicyCost {
  readonly calls: number;
  /** Of those whose time was taken. */
  readonly nsPerCall: number;
}

/** The header's fields. */
export function policyHeader({ custom }: RoutingParams) {
  return { stateWords: custom?.stateWords ?? 0, policyIdentity: custom?.identity ?? 0 };
}

/** Bytes of linear memory. */
export function policyBytes({ routing: { custom }, fabric }: RunPlan, { groupCount }: Sizes): number {
  if (custom === undefined) return 0;
  const words = fabric.switches.length * custom.stateWords + groupCount * GROUP_WORDS + MAX_POLICY_PARAMETERS;
  return 4 * words + MAX_THREADS * POLICY_CALL_BYTES;
}

export function writeParameters({ memory, header }: CoreInstance, { custom }: RoutingParams): void {
  const at = memory.get(header, Run.policyParameters);
  custom?.parameters.forEach((value, i) => {
    memory.setU32(at + 4 * i, value);
  });
}

/** Where a policy outside of the core finds what the core says of a decision. */
export function callLayout({ memory, header }: CoreInstance): CallLayout {
  return {
    fields: PolicyCall,
    faults: PolicyFault,
    textAt: POLICYCALL_BYTES,
    depthsAt: POLICY_DEPTHS_AT,
    bytes: POLICY_CALL_BYTES,
    stateWords: memory.get(header, Run.stateWords),
    groupWords: GROUP_WORDS,
    parameterCount: MAX_POLICY_PARAMETERS,
    parametersAt: memory.get(header, Run.policyParameters),
  };
}

/** What other threads need to load the policy; nothing where it is in the core. */
export function policyTask(core: CoreInstance, policy: CorePolicy | undefined): { policy?: PolicyTask } {
  return policy?.kind === "module" ? { policy: { url: policy.url, layout: callLayout(core) } } : {};
}

/** Addresses of the records of all threads that ever took part. */
function calls({ memory, header }: CoreInstance): number[] {
  const first = memory.get(header, Run.policyCalls);
  return Array.from({ length: memory.get(header, Run.threadCount) }, (_, i) => first + i * POLICY_CALL_BYTES);
}

export function readPolicyCost(core: CoreInstance): PolicyCost {
  const sum = (name: "calls" | "timedCalls" | "timedNs") =>
    calls(core).reduce((total, call) => total + core.memory.get(call, PolicyCall[name]), 0);
  const timed = sum("timedCalls");
  return { calls: sum("calls"), nsPerCall: timed === 0 ? 0 : Math.max(0, sum("timedNs") / timed) };
}

/** What the policy did wrong: the earliest failure of all threads, by time, then switch. */
export function readPolicyFailure(core: CoreInstance, plan: RunPlan, name: string): PolicyError {
  const { memory } = core;
  const failures = calls(core)
    .filter((call) => memory.get(call, PolicyCall.failure) !== PolicyFault.None)
    .map((call) => ({
      call,
      atPs: memory.get(call, PolicyCall.failedAtPs),
      number: memory.get(call, PolicyCall.failedSwitch),
    }))
    .sort((a, b) => a.atPs - b.atPs || a.number - b.number);
  const { call, atPs, number } = failures[0]!;
  const { name: switchName } = plan.fabric.switches[number]!;
  const message = `the routing policy ${name} failed at ${atPs / 1000} ns in ${switchName}: ${reasonOf(core, call)}`;
  return new PolicyError(message, name, { switch: switchName, simulatedPs: atPs });
}

function reasonOf({ memory }: CoreInstance, call: number): string {
  const length = memory.get(call, PolicyCall.textBytes);
  if (length > 0) {
    const at = call + POLICYCALL_BYTES;
    // Text cannot be decoded out of shared memory everywhere.
    return new TextDecoder().decode(new Uint8Array(memory.memory.buffer).slice(at, at + length));
  }
  if (memory.get(call, PolicyCall.failure) === PolicyFault.Asked) {
    return "it asked for a candidate, word of state or parameter that is not there";
  }
  return `it returned ${memory.get(call, PolicyCall.failedIndex)}, which is no candidate's index`;
}
