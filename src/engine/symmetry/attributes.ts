/**
 * Numbers for what ports and flows are by themselves. What has the same number behaves alike
 * wherever the same comes to it.
 */
import { classOfFlow, delayOfFlow } from "../../plan/flows.js";
import type { RunPlan } from "../../plan/plan.js";
import { type Parts, rankOfPart } from "./parts.js";
import { sharedBytes } from "./pools.js";
import { describeFlow, describeRank } from "./program-parts.js";
import type { Usage } from "./usage.js";

/** By part: a number for what it is by itself. */
export function kindsOf(parts: Parts): Uint32Array {
  const { usage, firstPort, firstRank, firstSwitch, count, memberFirst, members } = parts;
  const flows = flowAttributes(usage);
  const ports = portAttributes(usage);
  // A switch that is looked at as a whole has its ports in order.
  const turns = new Uint32Array(ports.length);
  for (let group = firstSwitch - firstRank; group < count - firstRank; group++) {
    for (let i = memberFirst[group]!; i < memberFirst[group + 1]!; i++) turns[members[i]!] = i - memberFirst[group]!;
  }
  const switchOf = (part: number) => {
    const port = usage.ports[members[memberFirst[part - firstRank]!]!]!;
    return usage.switchOf[usage.deviceOf[port]!]!;
  };
  return numbered(count, (part) => {
    if (part < firstPort) return `flow ${flows[part]}`;
    if (part < firstRank) return `port ${ports[part - firstPort]} ${turns[part - firstPort]}`;
    if (part < firstSwitch)
      return `rank ${usage.programs === null ? "" : describeRank(usage.programs, rankOfPart(parts, part))}`;
    return `switch ${sharedBytes(usage.plan, switchOf(part))}`;
  });
}

/** By place of the usage's ports: the link both ways, and the rules at both its ends. */
function portAttributes({ plan, deviceOf, switchOf, nicOf, ports, placeOf }: Usage): Uint32Array {
  const { peerPort } = plan.fabric;
  const ends = numbered(ports.length, (place) => {
    const port = ports[place]!;
    const nic = nicOf[port]!;
    return nic >= 0 ? nicEnd(plan, nic, port) : switchEnd(plan, switchOf[deviceOf[port]!]!, port);
  });
  return numbered(ports.length, (place) => `${ends[place]} ${ends[placeOf[peerPort[ports[place]!]!]!]}`);
}

/** By flow: what it sends, and its turn among the flows of its NIC, no two of which are alike. */
function flowAttributes({ plan, wayFirst, programs }: Usage): Uint32Array {
  const { count, srcNic, chunkBytes, chunks, startPs, upFirst } = plan.flows;
  const turns = new Uint32Array(plan.fabric.nics.count);
  return numbered(count, (flow) => {
    const waits = upFirst[flow + 1]! - upFirst[flow]!;
    const forth = wayFirst[2 * flow + 1]! - wayFirst[2 * flow]!;
    const back = wayFirst[2 * flow + 2]! - wayFirst[2 * flow + 1]!;
    const times = `${startPs[flow]} ${delayOfFlow(plan.flows, flow)}`;
    const slots = programs === null ? "" : describeFlow(programs, flow);
    return `${slots} ${turns[srcNic[flow]!]!++} ${classOfFlow(plan.flows, flow)} ${chunkBytes[flow]} ${chunks[flow]} ${times} ${waits} ${forth} ${back}`;
  });
}

function nicEnd({ fabric, flowControl, nicLatencyPs }: RunPlan, nic: number, port: number): string {
  return `nic ${fabric.portClass[port]} ${fabric.nics.isScaleUp[nic]} ${nicLatencyPs[nic]} ${creditOf(flowControl.credit, port)}`;
}

function switchEnd({ fabric, flowControl }: RunPlan, switchNumber: number, port: number): string {
  const { lossless, watchdog, ports, pauses, credit } = flowControl;
  const pfc = `${ports.reserveBytes[port]} ${ports.headroomBytes[port]} ${ports.xoffBytes[port]} ${ports.alphaShift[port]} ${ports.resumeOffsetBytes[port]} ${ports.queueLimitBytes[port]}`;
  const clock = pauses === null ? "" : `${pauses.lastsPs[port]} ${pauses.refreshPs[port]}`;
  const device = `${fabric.switches[switchNumber]!.latencyPs} ${lossless[switchNumber]} ${watchdog?.guarded[switchNumber]}`;
  return `switch ${fabric.portClass[port]} ${device} ${pfc} ${clock} ${creditOf(credit, port)}`;
}

function creditOf(credit: RunPlan["flowControl"]["credit"], port: number): string {
  return credit === null ? "" : `${credit.bufferBlocks[port]} ${credit.updateBlocks[port]}`;
}

/** Numbers different descriptions from 0. */
export function numbered(count: number, describe: (place: number) => string): Uint32Array {
  const numbers = new Map<string, number>();
  return Uint32Array.from({ length: count }, (_, place) => {
    const description = describe(place);
    let number = numbers.get(description);
    if (number === undefined) {
      number = numbers.size;
      numbers.set(description, number);
    }
    return number;
  });
}
