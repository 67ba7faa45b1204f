import { delayOfFlow } from "../../src/plan/flows.js";
import type { RunPlan } from "../../src/plan/plan.js";

/** A plan in a few lines for people: devices and links, flows, and the rules in force. */
export function describePlan(plan: RunPlan): string {
  const { fabric, flows, wire, transport, routing, flowControl } = plan;
  const { firstPort, peerPort, nics } = fabric;
  const deviceOf = (port: number) =>
    firstPort.findIndex((first, device) => port >= first && port < firstPort[device + 1]!);
  const links = Array.from(peerPort.keys())
    .filter((port) => port < peerPort[port]!)
    .map((port) => {
      const { rateBps, propagationPs, fecPs, mtuBytes } = fabric.linkClasses[fabric.portClass[port]!]!;
      const ends = [port, peerPort[port]!].map((end) => `${fabric.deviceName(deviceOf(end))}:${end}`);
      return `${ends.join(" - ")} ${rateBps / 1e9}G ${propagationPs}+${fecPs}ps mtu ${mtuBytes}`;
    });
  const switches = fabric.switches.map((sw, i) => {
    const credit = flowControl.credit?.bufferBlocks[firstPort[sw.device]!] ?? 0;
    const kind = credit > 0 ? `credit of ${credit} blocks` : flowControl.lossless[i] === 1 ? "pfc" : "tail drop";
    return `${sw.name} ${kind} ${sw.bufferBytes}B ${sw.latencyPs}ps ${sw.routing.kind}`;
  });
  const flowLines = Array.from({ length: flows.count }, (_, f) => {
    const [src, dst] = [flows.srcNic[f]!, flows.dstNic[f]!].map((nic) => `${nics.rank[nic]}.${nic}`);
    const after = Array.from(flows.upFlow.keys())
      .filter((i) => i >= flows.upFirst[f]! && i < flows.upFirst[f + 1]!)
      .map((i) => ` after ${flows.upFlow[i]} lag ${flows.upLag[i]}`);
    return `flow ${f}: ${src} -> ${dst} ${flows.chunks[f]} x ${flows.chunkBytes[f]}B at ${flows.startPs[f]} + ${delayOfFlow(flows, f)}${after.join()}`;
  });
  const programs = plan.programs === undefined ? [] : [JSON.stringify(plan.programs.roles)];
  return [
    ...programs,
    ...links,
    ...switches,
    ...flowLines,
    `seed ${plan.seed}, ${routing.policy}, ${JSON.stringify(transport)}`,
    `${JSON.stringify(wire)}, release ${flowControl.release}, response ${flowControl.pauseResponsePs}ps, ${flowControl.pauses === null ? "no" : "with"} quanta`,
    `nic ${plan.nicLatencyPs.join()}ps, ${plan.messageOverheadPs?.[0] ?? 0}ps a message, limit ${plan.timeLimitPs}ps`,
  ].join("\n");
}
