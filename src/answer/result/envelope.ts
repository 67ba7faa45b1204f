/** Where a run leaves what the model is known to be accurate for. */
import type { RunPlan } from "../../plan/plan.js";
import { isTuned, ncclChoice, tunedName } from "../../scenario/tuning/choose.js";
import { NVLINK_SHARE } from "../../scenario/tuning/constants.js";
import { hardwareOf } from "../../scenario/tuning/hardware.js";
import { latencyUs } from "../../scenario/tuning/model.js";
import { tunedSystem } from "../../scenario/tuning/system.js";
import type { CollectiveWorkload, Scenario } from "../../scenario/types/scenario.js";
import { topologyFacts } from "../../scenario/types/topology-facts.js";
import { asCollective } from "../../scenario/types/workload-kinds.js";
import { percent } from "../text/units.js";

/** Less than this share of the time is not worth a word. */
const NOTABLE = 0.1;

/**
 * What is known to be missing from the times of this run.
 * @param jctPs null where the job did not finish
 */
export function envelopeOf(scenario: Scenario, plan: RunPlan, jctPs: number | null): string[] {
  const workload = asCollective(scenario.workload);
  const messages = messagesOf(plan);
  if (workload === undefined || jctPs === null || jctPs === 0) return messages;
  return [
    ...messages,
    ...softwareOf(scenario, workload, jctPs),
    ...nvlsOf(scenario, workload),
    ...nvlinkOf(scenario, workload),
  ];
}

/** NICs carry messages below this more slowly than at line rate. */
const SMALL_MESSAGE_BYTES = 65_536;

/** Small messages in a row on a queue pair between nodes, which cost the NIC nothing here. */
function messagesOf({ flows, fabric: { nics }, messageOverheadPs }: RunPlan): string[] {
  if (messageOverheadPs !== undefined) return [];
  let [small, sum] = [0, 0];
  for (let flow = 0; flow < flows.count; flow++) {
    if (nics.isScaleUp[flows.srcNic[flow]!] === 1) continue;
    const bytes = flows.chunkBytes[flow]! * flows.chunks[flow]!;
    sum += bytes;
    if (flows.chunks[flow]! > 1 && flows.chunkBytes[flow]! < SMALL_MESSAGE_BYTES) small += bytes;
  }
  if (sum === 0 || small / sum < NOTABLE) return [];
  return [
    `${percent(small / sum)} of the bytes between nodes travel in messages below 64 KiB, one after the other on a queue pair. A 400G NIC carries 27 to 30 GB/s of such messages at 32 KiB; here nic.messageOverhead is 0: write e.g. preset: messages-400g.`,
  ];
}

/** Without a protocol, starting a collective and its steps take no time of the GPU. */
function softwareOf(scenario: Scenario, workload: CollectiveWorkload, jctPs: number): string[] {
  const { collective, algorithm, protocol } = workload;
  if (protocol !== undefined || !isTuned(collective)) return [];
  const way = { collective, algorithm: tunedName(algorithm), protocol: "ll" as const };
  const us = latencyUs(way, systemOf(scenario, workload), "2.30");
  if ((us * 1e6) / jctPs < NOTABLE) return [];
  return [
    `Without a protocol no time passes in GPUs: NCCL's model has ${us.toFixed(1)} us for start and steps of this size of job with LL, ${percent((us * 1e6) / jctPs)} of the time here; write algorithm: auto, or a protocol.`,
  ];
}

/** What NCCL does in the switch, this algorithm does in the GPUs. */
function nvlsOf(scenario: Scenario, workload: CollectiveWorkload): string[] {
  const choice = ncclChoice(workload.collective, systemOf(scenario, workload), workload.sizeBytes);
  if (choice === null || !choice.algorithm.startsWith("nvls") || workload.algorithm === choice.algorithm) return [];
  return [
    `NCCL would take ${choice.algorithm} for sizes like this, which reduces in the NVSwitch; ${workload.algorithm} does not, and is bound by the NVLinks.`,
  ];
}

/** Inside one node the NVLinks are all there is. */
function nvlinkOf(scenario: Scenario, workload: CollectiveWorkload): string[] {
  const { hasNvlink, nodes, generation } = systemOf(scenario, workload);
  if (!hasNvlink || nodes > 1) return [];
  return [
    `NCCL counts on ${percent(NVLINK_SHARE[generation])} of the rate of NVLinks for rings; heddle takes off headers only, so large sizes come out faster.`,
  ];
}

function systemOf(scenario: Scenario, { groups }: CollectiveWorkload) {
  const { topology } = scenario;
  const facts = topologyFacts(topology);
  const ranks = groups?.[0]?.length ?? facts.ranks;
  return tunedSystem(hardwareOf(scenario, ranks, Math.min(ranks, facts.gpusPerNode)));
}
