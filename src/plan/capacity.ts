/** What a run may ask for, checked before anything large is built. */

import type { Path } from "../util/document-path.js";
import { HeddleError } from "../util/heddle-error.js";
import { formatIssue, type ScenarioIssue } from "../util/issue.js";

/** Linear memory that the core can address, in bytes. */
export const ADDRESSABLE_BYTES = 2 ** 32;

/**
 * Tables of a flow (sender, receiver, start, lists) and of a flow that it waits for, in bytes. The
 * core holds them to these.
 */
export const FLOW_BYTES = 216;
export const DEPENDENCY_BYTES = 12;

/** What a `CapacityError` says beside its message. */
export interface CapacityErrorOptions extends ErrorOptions {
  readonly paths?: readonly Path[];
  readonly issue?: ScenarioIssue;
}

/**
 * The plan asks for more than the core can represent or hold; the message says what, and what to
 * change.
 */
export class CapacityError extends HeddleError {
  override readonly name = "CapacityError";
  readonly code = "HEDDLE_CAPACITY";

  readonly reason: string;
  /** Settings of the scenario that may be to blame. */
  readonly paths: readonly Path[];
  /** The reason with its place, where the scenario's document is known. */
  readonly issue: ScenarioIssue | undefined;

  /** @param options settings to blame, and the place of the reason */
  constructor(reason: string, { paths = [], issue, ...options }: CapacityErrorOptions = {}) {
    super(issue === undefined ? reason : formatIssue(issue), options);
    this.reason = reason;
    this.paths = paths;
    this.issue = issue;
  }
}

/**
 * Refuses flow graphs whose tables alone exceed what the core can address.
 * @throws CapacityError
 */
export function checkFlowTables(flowCount: number, dependencyCount: number, advice: string): void {
  const needed = flowCount * FLOW_BYTES + dependencyCount * DEPENDENCY_BYTES;
  if (needed <= ADDRESSABLE_BYTES) return;
  const dependencies =
    dependencyCount * DEPENDENCY_BYTES > flowCount * FLOW_BYTES
      ? `${millions(dependencyCount)} dependencies between ${millions(flowCount)} flows`
      : `${millions(flowCount)} flows`;
  throw new CapacityError(
    `${dependencies} take ${gibibytes(needed)}, more than the ${gibibytes(ADDRESSABLE_BYTES)} that the core can address; ${advice}`,
    { paths: [["transport", "qpsPerConnection"], ["workload"]] },
  );
}

/** A QP numbers its packets to here. */
const MAX_PACKETS = 2 ** 31;

/**
 * Refuses flows of more packets than a QP can number.
 * @param listed index of the flow in the scenario's list, where it has one
 * @throws CapacityError
 */
export function checkFlowPackets(flow: number, packets: number, listed = flow): void {
  if (packets <= MAX_PACKETS) return;
  throw new CapacityError(
    `flow ${flow} has ${packets} packets, and a queue pair numbers at most ${MAX_PACKETS}; write a smaller size, or a larger transport.mtu`,
    {
      paths: [["workload", "flows", listed, "size"], ["workload", "size"], ["transport", "mtu"], ["workload"]],
    },
  );
}

export function millions(count: number): string {
  return count < 1e6 ? count.toLocaleString("en-US") : `${(count / 1e6).toFixed(1)} million`;
}

/** `512 MiB`, `2.5 GiB`, `4 GiB`. */
export function gibibytes(bytes: number): string {
  if (bytes < 2 ** 30) return `${Math.max(1, Math.round(bytes / 2 ** 20))} MiB`;
  return `${Number((bytes / 2 ** 30).toFixed(1))} GiB`;
}
