/** Types of policy-host.js, which the compiler does not read. */
import type { RoutingPolicy } from "../../plan/decision.js";
import type { Field } from "./layout.js";

/** Where the core keeps what it says of a decision. */
export interface CallLayout {
  /** Fields of `PolicyCall`. */
  readonly fields: Readonly<Record<string, Field>>;
  /** `PolicyFault`s. */
  readonly faults: Readonly<Record<string, number>>;
  /** Bytes from a record to its text and to the depths, and of the whole. */
  readonly textAt: number;
  readonly depthsAt: number;
  readonly bytes: number;
  readonly stateWords: number;
  readonly groupWords: number;
  readonly parameterCount: number;
  readonly parametersAt: number;
}

/** What a thread needs to load a policy that is a module. */
export interface PolicyTask {
  readonly url: string;
  readonly layout: CallLayout;
}

export class PolicyHost {
  constructor(memory: WebAssembly.Memory, policy: RoutingPolicy, again: RoutingPolicy);
  /** @param fillDepths of the core: writes the depths of all candidates to memory. */
  bind(layout: CallLayout, fillDepths: () => void): void;
  decide(call: number): number;
}

/** @returns The module's `choose`, twice: of two instances that share nothing. */
export function importPolicy(url: string): Promise<[RoutingPolicy, RoutingPolicy]>;
