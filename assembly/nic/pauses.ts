/**
 * What pauses need of a NIC besides its QPs: an own pause that lapses, and the frames of a NIC that
 * stalls.
 */
import { NEVER } from "../engine/state";
import { watchesWaits } from "../engine/watch";
import { own } from "../memory/arena";
import { Nic, Stall } from "../memory/structs/nic";
import { Port } from "../memory/structs/port";
import { clocked, clockOf, countLapse, countRefresh } from "../port/clock";
import { ALL_CLASSES, classCount, frameWord, laneAt } from "../port/lanes";
import { resumePort } from "../port/pause";
import { extraOf } from "../port/port";
import { transmitFrame } from "../port/transmit";
import { updateNextEvent, stallOf } from "./agenda";
import { tryStart } from "./egress";
import { tellHeldQps } from "./held";

/** Plays what is due at `nowPs`. */
export function playPause(nic: Nic, nowPs: u64): void {
  const port = changetype<Port>(nic.port);
  for (let c: u32 = 0; c < classCount; c++) {
    if (clocked && clockOf(laneAt(port, c)).lapsesAtPs == nowPs) lapse(nic, c, nowPs);
    // Its frames are for all classes: they count as the first one's.
    if (c == 0 && nic.stall != 0) playStall(nic, port, nowPs);
  }
  updateNextEvent(nic);
}

function lapse(nic: Nic, dataClass: u32, nowPs: u64): void {
  countLapse();
  if (watchesWaits()) tellHeldQps(nic, dataClass, nowPs);
  resumePort(laneAt(changetype<Port>(nic.port), dataClass), nowPs);
  tryStart(nic, nowPs);
}

function playStall(nic: Nic, port: Port, nowPs: u64): void {
  const stall = stallOf(nic);
  if (stall.refreshAtPs == nowPs) {
    stall.refreshAtPs += stall.refreshPs;
    if (countRefresh(port)) sendFrame(nic, true, nowPs);
  }
  if (stall.frameAtPs == nowPs) startFrame(port, stall, nowPs);
}

/** Tells the peer to pause, and goes on telling it, or to resume. */
export function tellPeer(nic: Nic, pause: bool, nowPs: u64): void {
  const stall = stallOf(nic);
  if (pause) {
    own.pausesSent++;
    extraOf(changetype<Port>(nic.port)).pausesSent++;
    if (stall.refreshPs != NEVER) stall.refreshAtPs = nowPs + stall.refreshPs;
  } else {
    own.resumesSent++;
    stall.refreshAtPs = NEVER;
  }
  sendFrame(nic, pause, nowPs);
  updateNextEvent(nic);
}

/** Sends a frame, ahead of everything else, as soon as the port is free. */
function sendFrame(nic: Nic, pause: bool, nowPs: u64): void {
  const port = changetype<Port>(nic.port);
  if (port.busyUntilPs < <i64>nowPs) {
    transmitFrame(port, nowPs, stallFrame(pause));
    return;
  }
  const extra = extraOf(port);
  if (extra.framesWaiting++ == 0) extra.firstFrameIsPause = pause ? 1 : 0;
  stallOf(nic).frameAtPs = port.busyUntilPs;
}

/** A NIC that stalls takes nothing of any class. */
function stallFrame(pause: bool): u32 {
  return frameWord(pause ? 1 : 0, classCount == 1 ? 0 : ALL_CLASSES);
}

/** The port has fallen free: starts the first frame that waits. */
function startFrame(port: Port, stall: Stall, nowPs: u64): void {
  const extra = extraOf(port);
  const pause = extra.firstFrameIsPause != 0;
  extra.firstFrameIsPause = pause ? 0 : 1;
  transmitFrame(port, nowPs, stallFrame(pause));
  stall.frameAtPs = --extra.framesWaiting != 0 ? <u64>port.busyUntilPs : NEVER;
}
