import type { RoutingPolicy } from "../../src/plan/decision.js";
import { dataAddress } from "../../src/plan/flows.js";
import type { Outcome } from "../../src/plan/outcome.js";
import type { RunPlan } from "../../src/plan/plan.js";
import { Changes } from "./changes.js";
import { check } from "./check.js";
import { Member } from "./member.js";
import { Nic } from "./nic.js";
import { Posting } from "./posting.js";
import { Programs } from "./programs.js";
import { GoBackNReceiver, SelectiveReceiver } from "./receiver.js";
import { Sender } from "./sender.js";
import { type Reroute, Simulation } from "./simulation.js";
import { Switch, type SwitchPort } from "./switch.js";

/** How long a run goes on when all is acknowledged, where it would not end by itself. */
const REST_PS = 2 ** 20;
/** No test needs as many. A run that gets there would go on until memory ends. */
const MAX_EVENTS = 2e7;

/** Runs a plan in the plainest way there is: one event at a time, one object per packet. */
export function runOracle(plan: RunPlan, reroute?: Reroute, policy?: RoutingPolicy): Outcome {
  return runToRest(plan, reroute, policy);
}

/** The same, and the time of the last event of any kind. */
export function runToRest(
  plan: RunPlan,
  reroute?: Reroute,
  policy?: RoutingPolicy,
): Outcome & { readonly restPs: number } {
  return runSimulation(new Simulation(plan, reroute, policy));
}

/** The same of a simulation that is kept, for what it has noted. */
export function runSimulation(sim: Simulation): Outcome & { readonly restPs: number } {
  const { plan } = sim;
  const switches = plan.fabric.switches.map((spec, i) => new Switch(sim, spec, i));
  sim.samples.watch(switches.flatMap((sw) => sw.ports));
  const nics = buildNics(sim);
  connect(plan, [...nics, ...switches.flatMap((sw) => sw.ports)]);
  buildFlows(sim, nics);
  for (const stall of plan.stalls) nics[stall.nic]!.stallFor(stall);

  const ports = [...nics, ...switches.flatMap((sw) => sw.ports)];
  const changes = new Changes(plan.changes ?? [], ports, switches, nics, sim);
  const { cutOff } = runEvents(sim, changes);
  const status = statusOf(sim, cutOff);
  for (const port of ports) port.noteRest(endOfRunPs(sim, status));
  for (const port of ports) port.finish(endOfRunPs(sim, status));
  checkConservation(sim, nics, switches, status);
  return {
    status,
    endPs: sim.endPs,
    lastTransmissionPs: sim.lastTransmissionPs,
    failedFlow: sim.failedFlow,
    ...sim.times,
    chunksDelivered: sim.posting.chunksDelivered,
    totals: sim.totals,
    ports: sim.ports,
    ...(sim.classes.length > 1 && { classes: sim.perClass }),
    ...(sim.programs !== null && { programs: sim.programs.outcome() }),
    restPs: sim.nowPs,
  };
}

/** The instant to which pauses and waits for credit count that are still on. */
function endOfRunPs({ plan, nowPs, endPs }: Simulation, status: Outcome["status"]): number {
  if (status === "time-limit") return plan.timeLimitPs;
  return status === "qp-failed" ? nowPs : endPs;
}

function buildNics(sim: Simulation): Nic[] {
  const { fabric, nicLatencyPs } = sim.plan;
  const { nics, firstPort, portClass, linkClasses } = fabric;
  return Array.from({ length: nics.count }, (_, i) => {
    const port = nics.port[i]!;
    let device = 0;
    while (firstPort[device + 1]! <= port) device += 1;
    const { mtuBytes } = linkClasses[portClass[port]!]!;
    return new Nic(sim, device, port, nicLatencyPs[i]!, mtuBytes);
  });
}

function connect(plan: RunPlan, ports: readonly (Nic | SwitchPort)[]): void {
  const byNumber = new Map(ports.map((port) => [port.number, port]));
  for (const port of ports) port.peer = byNumber.get(plan.fabric.peerPort[port.number]!)!;
}

function buildFlows(sim: Simulation, nics: readonly Nic[]): void {
  const { flows, transport } = sim.plan;
  const ReceiverOf = transport.recovery === "selective" ? SelectiveReceiver : GoBackNReceiver;
  for (let flow = 0; flow < flows.count; flow++) {
    const source = nics[flows.srcNic[flow]!]!;
    const SenderOf = isMember(sim.plan, flow) ? Member : Sender;
    const sender = new SenderOf(sim, flow, source, dataAddress(sim.plan.fabric, flows, flow));
    source.senders.push(sender);
    sim.senders.push(sender);
    sim.receivers.push(new ReceiverOf(sim, flow, sender.packetsPerChunk));
  }
  if (sim.plan.programs !== undefined) sim.programs = new Programs(sim, sim.plan.programs);
  sim.posting = new Posting(sim);
}

function isMember({ reduction }: RunPlan, flow: number): boolean {
  return reduction !== undefined && reduction.operationOf[flow]! >= 0;
}

/**
 * Runs until nothing is left, the time limit is reached, or a QP has failed; then the rest of that
 * instant.
 */
function runEvents(sim: Simulation, changes: Changes): { cutOff: boolean } {
  let played = 0;
  for (let event = sim.events.peek(); event !== undefined; event = sim.events.peek()) {
    if (++played > MAX_EVENTS) throw new Error(`the oracle played ${MAX_EVENTS} events and came to no end`);
    if (sim.failedFlow >= 0 && event.timePs > sim.nowPs) break;
    if (changes.applyUpTo(Math.min(event.timePs, limitPs(sim)))) continue;
    if (event.timePs > limitPs(sim)) return { cutOff: true };
    sim.samples.takeUpTo(event.timePs);
    sim.events.runNext();
  }
  return { cutOff: false };
}

/** Pauses that are refreshed, and NICs that stall, could keep a run going for ever. */
function limitPs(sim: Simulation): number {
  const { plan, endPs } = sim;
  const refreshes = plan.flowControl.pauses?.refreshPs.some((ps) => ps !== Number.POSITIVE_INFINITY) ?? false;
  const mayGoOn = refreshes || plan.stalls.length > 0;
  if (!mayGoOn || !isComplete(sim)) return plan.timeLimitPs;
  return Math.min(plan.timeLimitPs, endPs + REST_PS);
}

/** Whether all flows are acknowledged and all programs have ended. */
function isComplete({ plan, ackedFlows, programs }: Simulation): boolean {
  return ackedFlows === plan.flows.count && (programs === null || programs.allEnded);
}

function statusOf(sim: Simulation, cutOff: boolean): Outcome["status"] {
  if (sim.failedFlow >= 0) return "qp-failed";
  if (isComplete(sim)) return "finished";
  return cutOff ? "time-limit" : "stuck";
}

/** Every packet that was sent has been received, was dropped, or is still there. */
function checkConservation(
  sim: Simulation,
  nics: readonly Nic[],
  switches: readonly Switch[],
  status: Outcome["status"],
): void {
  const { totals } = sim;
  const sent =
    totals.dataSent +
    totals.acksSent +
    totals.cnpsSent +
    totals.pullsSent +
    totals.noticesSent +
    totals.pausesSent +
    totals.refreshesSent +
    totals.resumesSent +
    totals.creditUpdatesSent +
    sim.sentByUnits;
  const received =
    sim.takenUp +
    totals.dataDelivered +
    totals.droppedOrdering +
    totals.acksReceived +
    totals.cnpsReceived +
    totals.trimmedReceived +
    totals.pullsReceived +
    totals.noticesReceived +
    sim.framesReceived;
  const dropped = totals.droppedCongestion + totals.droppedCrc + totals.droppedLinkDown + totals.droppedWatchdog;
  const switchPorts = switches.flatMap((sw) => sw.ports);
  const queued = [...nics, ...switchPorts].reduce((sum, port) => sum + port.queuedPackets(), 0);
  check(sent === received + dropped + queued + sim.events.packetsUnderway(), "packets are conserved");
  if (status !== "finished") return;
  sim.times.finishPs.forEach((finishPs, flow) => {
    const ackedPs = sim.times.ackedPs[flow]!;
    const isInTime = isMember(sim.plan, flow) ? ackedPs === finishPs : ackedPs > finishPs;
    check(isInTime, "a flow is acknowledged after it is delivered");
  });
}
