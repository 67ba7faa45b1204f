/** Chunks of the packet pool that a state of the fluid takes. */
import { spreadsPackets } from "../../plan/policies/routing.js";
import { inboxChunks, queueChunks } from "./chunks.js";
import type { FluidState } from "./fluid.js";

/**
 * Mean queue of a fully loaded link on which packets of many flows meet, per square root of the
 * packets that have crossed it: a random walk that starts at an empty queue.
 */
const WALK = 0.25;
/**
 * Chance that an acknowledgement waits at the end of a window for a data packet in transmission.
 * The link carries as many acknowledgements as data. At a switch the chance is 1 - (1 - 1/e) for
 * arrivals at random; at a NIC they come in the rhythm of the data that it receives, and more
 * often.
 */
const ANSWER_WAITS_AT_SWITCH = 0.3;
const ANSWER_WAITS_AT_NIC = 0.75;

/** @param copies parts of the traffic, of which the state is one */
export function poolChunks(state: FluidState, copies: number): number {
  return inboxes(state) + queues(state) + posts(state, copies);
}

/** Lists of what is on its way, by device and window. */
function inboxes({ network, copies, moved, answers, stepPs, wireBytes }: FluidState): number {
  const { places, pipes, timing } = network;
  const rate = new Float64Array(places.length);
  const flight = new Float64Array(places.length);
  const blockBytes = network.plan.flowControl.credit?.blockBytes ?? 1;
  pipes.forEach(({ to, from, delayPs, bytesPerPs, ports, updateBlocks, updateDelayPs }, i) => {
    const perPs = moved[i]! / stepPs;
    if (perPs === 0) return;
    rate[to]! += perPs;
    flight[to]! += perPs * (delayPs + (wireBytes[i]! * ports) / bytesPerPs);
    const updatesPerPs = perPs / Math.max(1, (updateBlocks * blockBytes) / wireBytes[i]!);
    rate[from]! += updatesPerPs;
    flight[from]! += updatesPerPs * updateDelayPs;
  });
  let chunks = 0;
  places.forEach(({ devices }, i) => {
    const perWindow = (copies.atPlace[i]! * (rate[i]! + answers[i]! / stepPs) * timing.windowPs) / devices;
    if (perWindow === 0) return;
    // Acknowledgements alone take about as long as a window.
    const windows = rate[i]! > 0 ? flight[i]! / rate[i]! / timing.windowPs : 1;
    for (let slot = 0; slot < windows; slot++) {
      chunks += copies.ofPlace[i]! * devices * inboxChunks(perWindow * Math.min(1, windows - slot));
    }
  });
  return chunks;
}

/** Egress queues of both classes. */
function queues({
  network,
  copies,
  waiting,
  moved,
  movedInAll,
  flowsOn,
  wireBytes,
  stepPs,
  answers,
}: FluidState): number {
  const { pipes, places } = network;
  const spreads = spreadsPackets(network.plan.routing.policy);
  const isAnswerData = network.plan.wire.ackClass === "data";
  const arriving = new Float64Array(places.length);
  const portsFrom = new Float64Array(places.length);
  pipes.forEach(({ to, from, ports }, i) => {
    arriving[to]! += moved[i]!;
    portsFrom[from]! += ports;
  });
  let chunks = 0;
  for (let i = 0; i < pipes.length; i++) {
    const crossed = moved[i]!;
    if (crossed === 0 && waiting[i] === 0) continue;
    const { ports, bytesPerPs, isFromHost, from } = pipes[i]!;
    const over = copies.overPipe[i]! / ports;
    // Acknowledgements of the data class wait too: as many as come to a port on average, among the
    // data that came to this one.
    const came = 1 + waiting[i]! / Math.max(1, movedInAll[i]!);
    const among = isAnswerData ? answers[from]! / portsFrom[from]! / (Math.max(1, crossed / ports) * came) : 0;
    const queued = waiting[i]! * over * (1 + Math.min(1, among));
    const busy = Math.min(1, (crossed * over * ports * wireBytes[i]!) / (bytesPerPs * stepPs));
    const answersPerPacket = Math.min(1, answers[from]! / Math.max(1e-9, arriving[from]!, crossed));
    const waitingAnswer = busy * answersPerPacket * (isFromHost ? ANSWER_WAITS_AT_NIC : ANSWER_WAITS_AT_SWITCH);
    const isMixed = spreads || flowsOn[i]! * over * ports > 1;
    const walked = WALK * Math.sqrt(movedInAll[i]! * over);
    const settled = busy < 1 ? (busy * busy) / (2 * (1 - busy)) : walked;
    const random = isMixed && !isFromHost ? Math.min(settled, walked) : 0;
    chunks += copies.ofPipe[i]! * ports * (dataChunks(queued, random) + waitingAnswer);
  }
  return chunks;
}

/** Expected chunks of a queue of at least `queued` records, and on average `random` more. */
function dataChunks(queued: number, random: number): number {
  const records = queued + random;
  if (records < 1e-3) return 0;
  // M/D/1 with this mean queue: its load, and the chance that someone waits.
  const load = Math.sqrt(records * records + 2 * records) - records;
  const someone = Math.max(1 - (1 - load) * Math.exp(load), Math.min(1, queued));
  return someone * queueChunks(Math.max(1, records / someone));
}

/** One chunk for each NIC at which chunks wait to be posted. */
function posts({ network, posted, delayPs: ownPs, stepPs }: FluidState, copies: number): number {
  const { plan } = network;
  const delayPs = ownPs + plan.nicLatencyPs.reduce((sum, ps) => sum + ps, 0) / plan.nicLatencyPs.length;
  const { count } = plan.fabric.nics;
  return count * (1 - Math.exp((-posted * copies * delayPs) / stepPs / count));
}
