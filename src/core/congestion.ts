/** What the core keeps for each congestion control policy. */
import { type CongestionControl, TELEMETRY_HOPS } from "../plan/congestion.js";
import {
  ControlId,
  CREDITTAG_BYTES,
  DCQCN_BYTES,
  DcqcnParameters,
  type Field,
  HOP_BYTES,
  HPCC_BYTES,
  HpccParameters,
  NSCC_BYTES,
  NsccParameters,
  RCCC_BYTES,
  RcccParameters,
  SWIFT_BYTES,
  SwiftParameters,
  TAG_BYTES,
} from "./layout.js";
import type { CoreMemory } from "./memory.js";

interface Policy {
  readonly id: number;
  /** Of a QP. */
  readonly stateBytes: number;
  /** Of a packet; 0 where the policy needs nothing of it. */
  readonly tagBytes: number;
  /** Switch ports that write into a data packet's tag. */
  readonly telemetryHops?: number;
  /** The record of its parameters, which the plan names alike. */
  readonly parameters: Readonly<Record<string, Field>>;
}

const POLICIES: Readonly<Record<CongestionControl["kind"], Policy>> = {
  dcqcn: { id: ControlId.Dcqcn, stateBytes: DCQCN_BYTES, tagBytes: 0, parameters: DcqcnParameters },
  swift: { id: ControlId.Swift, stateBytes: SWIFT_BYTES, tagBytes: TAG_BYTES, parameters: SwiftParameters },
  nscc: { id: ControlId.Nscc, stateBytes: NSCC_BYTES, tagBytes: TAG_BYTES, parameters: NsccParameters },
  hpcc: {
    id: ControlId.Hpcc,
    stateBytes: HPCC_BYTES + TELEMETRY_HOPS * HOP_BYTES,
    tagBytes: TAG_BYTES + TELEMETRY_HOPS * HOP_BYTES,
    telemetryHops: TELEMETRY_HOPS,
    parameters: HpccParameters,
  },
  rccc: { id: ControlId.Rccc, stateBytes: RCCC_BYTES, tagBytes: CREDITTAG_BYTES, parameters: RcccParameters },
};

/** The header's fields. */
export function controlHeader(control: CongestionControl | null) {
  const none = { id: ControlId.None, stateBytes: 0 };
  const {
    id,
    stateBytes,
    telemetryHops = 0,
  }: Pick<Policy, "id" | "stateBytes" | "telemetryHops"> = control === null ? none : POLICIES[control.kind];
  const { cnpIntervalPs } = control ?? { cnpIntervalPs: 0 };
  const pullQuanta = control?.kind === "rccc" ? control.pullQuanta : 0;
  return { congestionControl: id, congestionBytes: stateBytes, telemetryHops, pullQuanta, cnpIntervalPs };
}

/** Bytes of a packet's tag that the policy needs. */
export function controlTagBytes(control: CongestionControl | null): number {
  return control === null ? 0 : POLICIES[control.kind].tagBytes;
}

/** Writes the policy's parameters to `address`. */
export function writeControl(memory: CoreMemory, control: CongestionControl | null, address: number): void {
  if (control === null) return;
  const values: Readonly<Record<string, unknown>> = { ...control };
  for (const [name, field] of Object.entries(POLICIES[control.kind].parameters)) {
    const value = values[name];
    if (typeof value !== "number") throw new TypeError(`${control.kind} has no ${name}`);
    memory.set(address, field, value);
  }
}
