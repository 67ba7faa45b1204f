/**
 * How a NIC grants credit to the QPs that send to it, at its line rate: in turn to those that want
 * some, else, ahead of any demand, to those that have sent before. How much a sender may ask for
 * bounds it, so that one that is slow keeps no other waiting. While the queue lasts that unasked
 * packets have made, the NIC holds back.
 */
import { mostUnderWayQuanta, roundTripQuanta } from "../congestion/quanta";
import { CreditTag, Grant, Granter, RcccParameters } from "../congestion/records";
import { NIC_BYTES, receiverAt } from "../engine/queue-pairs";
import { NEVER } from "../engine/state";
import { own, run } from "../memory/arena";
import { CREDIT_QUANTUM_SHIFT } from "../memory/structs/limits";
import { Nic } from "../memory/structs/nic";
import { Port } from "../memory/structs/port";
import { Receiver } from "../memory/structs/queue-pair";
import { firstWord, PULL, thirdWord } from "../packet/packet";
import { tagOf } from "../packet/tags";
import { psPerByteOf } from "../port/port";
import { granterOf, updateNextEvent } from "./agenda";
import { sendAnswer } from "./egress";


@inline
function grantOf(flow: u32): Grant {
  return changetype<Grant>(run.grants + flow * offsetof<Grant>());
}

/** Makes every NIC ready to grant. */
export function startGranters(): void {
  if (run.pullQuanta == 0) return;
  const p = changetype<RcccParameters>(run.controlParameters);
  for (let i: u32 = 0; i < run.nicCount; i++) {
    const nic = changetype<Nic>(run.nics + i * NIC_BYTES);
    const granter = granterOf(nic);
    const psPerByte = psPerByteOf(changetype<Port>(nic.port));
    granter.turnPs = NEVER;
    granter.spare = roundTripQuanta(p.speculativeShare, psPerByte);
    granter.mostUnderWay = mostUnderWayQuanta(psPerByte);
    granter.quantumPs = psPerByte * <f64>(1 << CREDIT_QUANTUM_SHIFT);
  }
}

/**
 * Lets the answer to the packet at `record` say what its QP has been granted, which the sender may
 * not have heard.
 */
export function raiseGranted(flow: u32, record: u32): void {
  const tag = changetype<CreditTag>(tagOf(record));
  tag.granted = max(tag.granted, grantOf(flow).granted);
}

/** A packet of `wireBytes` that is not data is processed: it took the link, too. */
export function overhear(nic: Nic, wireBytes: u32, nowPs: u64): void {
  const granter = granterOf(nic);
  granter.paidPs += <u64>(<f64>wireBytes * (granter.quantumPs / <f64>(1 << CREDIT_QUANTUM_SHIFT)));
  if (granter.turnPs != NEVER) lookForTurn(nic, granter, nowPs);
}

/** Takes up what the packet at `record`, which has been received, says of its sender. */
export function updateDemand(nic: Nic, flow: u32, receiver: Receiver, record: u32, nowPs: u64): void {
  const tag = changetype<CreditTag>(tagOf(record));
  const granter = granterOf(nic);
  const grant = grantOf(flow);
  granter.stillToCome -= stillToCome(grant);
  grant.granted = max(grant.granted, tag.granted);
  if (tag.spent > grant.spent) {
    grant.spent = tag.spent;
    grant.wanted = tag.wanted;
  }
  if (receiver.delivered == receiver.chunks) grant.wanted = grant.spent;
  if (!grant.isHeard) noteFirstHeard(granter, grant, tag, nowPs);
  granter.stillToCome += stillToCome(grant);
  queue(granter, grant, flow);
  lookForTurn(nic, granter, nowPs);
}

/** Books the link for what the QP may send unasked. */
function noteFirstHeard(granter: Granter, grant: Grant, tag: CreditTag, nowPs: u64): void {
  grant.isHeard = 1;
  grant.unasked = tag.granted;
  const takesPs = <u64>(<f64>stillToCome(grant) * granter.quantumPs);
  granter.bookedPs = max(granter.bookedPs, nowPs) + takesPs;
}

/** Sent unasked, and not heard of yet. */
function stillToCome(grant: Grant): u64 {
  const end = min(grant.unasked, grant.wanted);
  return end > grant.spent ? end - grant.spent : 0;
}

/** Grants to the QP that is first in turn, at `nowPs`. */
export function grantNext(nic: Nic, nowPs: u64): void {
  const granter = granterOf(nic);
  granter.turnPs = NEVER;
  const flow = takeFirst(granter);
  if (flow != 0) {
    const grant = grantOf(flow - 1);
    const most = grant.wanted > grant.granted ? grant.wanted : grant.wanted + granter.spare;
    const more = min<u64>(run.pullQuanta, most - grant.granted);
    grant.granted += more;
    granter.paidPs = nowPs + <u64>(<f64>more * granter.quantumPs);
    queue(granter, grant, flow - 1);
    pull(nic, flow - 1, grant, nowPs);
    lookForTurn(nic, granter, nowPs);
  }
  updateNextEvent(nic);
}

function pull(nic: Nic, flow: u32, grant: Grant, nowPs: u64): void {
  own.pullsSent++;
  const word1 = firstWord(receiverAt(flow).source, PULL, 0);
  sendAnswer(nic, word1, flow, thirdWord(<u32>grant.granted, 0), nowPs, 0);
}

/** Who wants credit waits for the queue that unasked packets have made. */
function isHeldBack(granter: Granter, nowPs: u64): bool {
  return granter.wantingFirst != 0 && granter.stillToCome >= granter.mostUnderWay && nowPs < granter.bookedPs;
}

/** Sets the time of the next turn anew. */
function lookForTurn(nic: Nic, granter: Granter, nowPs: u64): void {
  if ((granter.wantingFirst | granter.sparingFirst) == 0) return;
  const before = granter.turnPs;
  const turn = max(nowPs, granter.paidPs);
  granter.turnPs = isHeldBack(granter, nowPs) ? max(turn, granter.bookedPs) : turn;
  if (granter.turnPs < nic.nextEventPs) nic.nextEventPs = granter.turnPs;
  else if (before == nic.nextEventPs) updateNextEvent(nic);
}

function isComplete(flow: u32): bool {
  const receiver = receiverAt(flow);
  return receiver.delivered == receiver.chunks;
}

/** Puts the QP at the end of the queue that it belongs into, if it is not there. */
function queue(granter: Granter, grant: Grant, flow: u32): void {
  if (grant.granted < grant.wanted) {
    if (grant.isWanting) return;
    grant.isWanting = 1;
    grant.wantingNext = 0;
    if (granter.wantingFirst == 0) granter.wantingFirst = flow + 1;
    else grantOf(granter.wantingLast - 1).wantingNext = flow + 1;
    granter.wantingLast = flow + 1;
  } else if (!grant.isSparing && mayHaveSpare(granter, grant, flow)) {
    grant.isSparing = 1;
    grant.sparingNext = 0;
    if (granter.sparingFirst == 0) granter.sparingFirst = flow + 1;
    else grantOf(granter.sparingLast - 1).sparingNext = flow + 1;
    granter.sparingLast = flow + 1;
  }
}

function mayHaveSpare(granter: Granter, grant: Grant, flow: u32): bool {
  return !isComplete(flow) && grant.granted >= grant.wanted && grant.granted < grant.wanted + granter.spare;
}

/**
 * Takes the first QP that can still use credit out of its queue, and returns its number + 1; 0 if
 * there is none.
 */
function takeFirst(granter: Granter): u32 {
  while (granter.wantingFirst != 0) {
    const flow = granter.wantingFirst;
    const grant = grantOf(flow - 1);
    granter.wantingFirst = grant.wantingNext;
    grant.isWanting = 0;
    if (grant.granted < grant.wanted) return flow;
  }
  while (granter.sparingFirst != 0) {
    const flow = granter.sparingFirst;
    const grant = grantOf(flow - 1);
    granter.sparingFirst = grant.sparingNext;
    grant.isSparing = 0;
    if (mayHaveSpare(granter, grant, flow - 1)) return flow;
  }
  return 0;
}
