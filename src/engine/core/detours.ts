/** What the core keeps where packets go over third groups of a dragonfly. */
import type { SwitchSpec } from "../../plan/fabric.js";
import type { RunPlan } from "../../plan/plan.js";
import { ExactStep, PORTSAMPLE_BYTES, SAMPLE_PLACES, SAMPLEHEAD_BYTES, SWITCH_BYTES, Switch } from "./layout.js";
import type { CoreMemory } from "./memory.js";

/** Bytes of the samples that a switch takes of its queues; 0 where it takes none. */
function sampleBytes(plan: RunPlan, { device }: SwitchSpec, number: number): number {
  const { firstPort, detours } = plan.fabric;
  if ((plan.routing.ugal?.samplePs ?? 0) === 0 || (detours?.groupOfSwitch[number] ?? -1) < 0) return 0;
  return SAMPLE_PLACES * (SAMPLEHEAD_BYTES + (firstPort[device + 1]! - firstPort[device]!) * PORTSAMPLE_BYTES);
}

/** The header's fields. */
export function detourHeader(plan: RunPlan) {
  const { detours, switches } = plan.fabric;
  if (detours === undefined) {
    return {
      detourGroups: 0,
      detourHosts: 1,
      firstVia: 0,
      lanesInFlight: 1,
      biasQuanta: 0,
      samplePs: 0,
      sampleBytes: 0,
    };
  }
  return {
    detourGroups: detours.groups,
    detourHosts: detours.hostsPerGroup,
    firstVia: detours.firstVia,
    lanesInFlight: detours.lanes,
    biasQuanta: plan.routing.ugal?.biasQuanta ?? 0,
    samplePs: plan.routing.ugal?.samplePs ?? 0,
    sampleBytes: switches.reduce((sum, spec, number) => sum + sampleBytes(plan, spec, number), 0),
  };
}

/** Routers change what they forward, so they always take the exact step. */
export function writeDetours(
  memory: CoreMemory,
  plan: RunPlan,
  at: { readonly switches: number; readonly portSamples: number },
): void {
  const { detours, switches, firstPort } = plan.fabric;
  if (detours === undefined) return;
  let samples = at.portSamples;
  switches.forEach((spec, number) => {
    const group = detours.groupOfSwitch[number]!;
    if (group < 0) return;
    const record = at.switches + number * SWITCH_BYTES;
    memory.set(record, Switch.routerGroup, group + 1);
    memory.set(record, Switch.exactStep, ExactStep.Always);
    const bytes = sampleBytes(plan, spec, number);
    if (bytes === 0) return;
    memory.set(record, Switch.samples, samples);
    memory.set(record, Switch.samplePorts, firstPort[spec.device + 1]! - firstPort[spec.device]!);
    memory.set(record, Switch.nextPeriod, 1);
    memory.set(record, Switch.nextSamplePs, plan.routing.ugal!.samplePs);
    samples += bytes;
  });
}
