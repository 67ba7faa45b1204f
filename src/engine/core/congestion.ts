/** What the core keeps for each congestion control policy. */
import { type CongestionControl, TELEMETRY_HOPS } from "../../plan/congestion.js";
import { controlOf, type RunPlan } from "../../plan/plan.js";
import { CONGESTION_CONTROL } from "../../plan/policies/congestion-control.js";
import {
  CONGESTION_BYTES,
  Congestion,
  ControlTable,
  CREDITTAG_BYTES,
  DCQCN_BYTES,
  DcqcnParameters,
  type Field,
  HOP_BYTES,
  HOPSTAG_BYTES,
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
  dcqcn: { stateBytes: DCQCN_BYTES, tagBytes: 0, parameters: DcqcnParameters },
  swift: { stateBytes: SWIFT_BYTES, tagBytes: TAG_BYTES, parameters: SwiftParameters },
  nscc: { stateBytes: NSCC_BYTES, tagBytes: TAG_BYTES, parameters: NsccParameters },
  hpcc: {
    stateBytes: HPCC_BYTES + TELEMETRY_HOPS * HOP_BYTES,
    tagBytes: HOPSTAG_BYTES + TELEMETRY_HOPS * HOP_BYTES,
    telemetryHops: TELEMETRY_HOPS,
    parameters: HpccParameters,
  },
  rccc: { stateBytes: RCCC_BYTES, tagBytes: CREDITTAG_BYTES, parameters: RcccParameters },
};

/** What is asked of a plan. */
type Controlled = Pick<RunPlan, "transport" | "messageOverheadPs">;

/** The header's fields. NICs that take a time for messages need the record of every policy. */
export function controlHeader({ transport, messageOverheadPs }: Controlled) {
  const { congestionControl: control, controlByClass } = transport;
  const { id } = CONGESTION_CONTROL[control?.kind ?? "none"];
  const messageOverheads = messageOverheadPs === undefined ? 0 : 1;
  const { stateBytes, telemetryHops = 0 }: Pick<Policy, "stateBytes" | "telemetryHops"> =
    control === null ? { stateBytes: messageOverheads * CONGESTION_BYTES } : POLICIES[control.kind];
  const { cnpIntervalPs } = control ?? { cnpIntervalPs: 0 };
  const cnpDelayPs = control?.kind === "dcqcn" ? control.cnpDelayPs : 0;
  const pullQuanta = control?.kind === "rccc" ? control.pullQuanta : 0;
  const controlCount = controlByClass?.length ?? 1;
  return {
    ...{ congestionControl: id, congestionBytes: stateBytes, messageOverheads },
    ...{ controlCount, telemetryHops, pullQuanta, cnpIntervalPs, cnpDelayPs },
  };
}

/** Bytes of the parameters of all link classes. */
export function controlTableBytes(plan: Controlled): number {
  const { congestionBytes, controlCount } = controlHeader(plan);
  return congestionBytes === 0 ? 0 : controlCount * ControlTable.RecordBytes;
}

/** Bytes of a packet's tag that the policy needs. */
export function controlTagBytes(control: CongestionControl | null): number {
  return control === null ? 0 : POLICIES[control.kind].tagBytes;
}

/** Writes the policy's parameters, and tells each QP which of them hold for it. */
export function writeControl(
  memory: CoreMemory,
  plan: RunPlan,
  regions: { readonly controlParameters: number; readonly congestion: number },
): void {
  const { transport, flows, fabric } = plan;
  const { congestionBytes, controlCount } = controlHeader(plan);
  if (transport.congestionControl === null) return;
  const recordAt = (linkClass: number) => regions.controlParameters + linkClass * ControlTable.RecordBytes;
  for (let i = 0; i < controlCount; i++) writeParameters(memory, controlOf(transport, i)!, recordAt(i));
  for (let flow = 0; flow < flows.count; flow++) {
    const linkClass = fabric.portClass[fabric.nics.port[flows.srcNic[flow]!]!]!;
    const state = regions.congestion + flow * congestionBytes;
    memory.set(state, Congestion.parameters, recordAt(controlCount === 1 ? 0 : linkClass));
  }
}

function writeParameters(memory: CoreMemory, control: CongestionControl, address: number): void {
  const values: Readonly<Record<string, unknown>> = { ...control };
  for (const [name, field] of Object.entries(POLICIES[control.kind].parameters)) {
    const value = values[name];
    if (typeof value !== "number") throw new TypeError(`${control.kind} has no ${name}`);
    memory.set(address, field, value);
  }
}
