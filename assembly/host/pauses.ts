/** What pauses need of a NIC besides its QPs: an own pause that lapses, and the frames of a NIC that stalls. */
import { NEVER } from "../engine/state";
import { extraOf, transmitFrame } from "../link/transmit";
import { own } from "../memory/arena";
import { Nic, Port, Stall } from "../memory/structs";
import { clocked, clockOf, noteLapse, noteRefresh } from "../switch/clock";
import { resumePort } from "../switch/pause";
import { kick } from "./nic";
import { noteNextEvent } from "./posts";
import { mayStall } from "./stall";


@inline
export function stallOf(nic: Nic): Stall {
  return changetype<Stall>(nic.stall);
}

/** The earliest of lapse, refresh and waiting frame. */
@inline
export function nextPausePs(nic: Nic): u64 {
  const lapses = clocked ? clockOf(changetype<Port>(nic.port)).lapsesAtPs : NEVER;
  if (!mayStall(nic)) return lapses;
  return min(lapses, min(stallOf(nic).refreshAtPs, stallOf(nic).frameAtPs));
}

/** Plays what is due at `nowPs`. */
export function playPause(nic: Nic, nowPs: u64): void {
  const port = changetype<Port>(nic.port);
  const lapses = clocked && clockOf(port).lapsesAtPs == nowPs;
  if (lapses) {
    noteLapse();
    resumePort(port, nowPs);
  }
  if (nic.stall != 0) {
    const stall = stallOf(nic);
    if (stall.refreshAtPs == nowPs) {
      stall.refreshAtPs += stall.refreshPs;
      if (noteRefresh(port)) sendFrame(nic, true, nowPs);
    }
    if (stall.frameAtPs == nowPs) startFrame(port, stall, nowPs);
  }
  noteNextEvent(nic);
  if (lapses) kick(nic, nowPs);
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
  noteNextEvent(nic);
}

/** Sends a frame, ahead of everything else, as soon as the port is free. */
function sendFrame(nic: Nic, pause: bool, nowPs: u64): void {
  const port = changetype<Port>(nic.port);
  if (port.busyUntilPs < <i64>nowPs) {
    transmitFrame(port, nowPs, pause);
    return;
  }
  const extra = extraOf(port);
  if (extra.framesWaiting++ == 0) extra.firstFrameIsPause = pause ? 1 : 0;
  stallOf(nic).frameAtPs = port.busyUntilPs;
}

/** The port has fallen free: starts the first frame that waits. */
function startFrame(port: Port, stall: Stall, nowPs: u64): void {
  const extra = extraOf(port);
  const pause = extra.firstFrameIsPause != 0;
  extra.firstFrameIsPause = pause ? 0 : 1;
  transmitFrame(port, nowPs, pause);
  stall.frameAtPs = --extra.framesWaiting != 0 ? <u64>port.busyUntilPs : NEVER;
}
