/** The pause of a NIC where pauses lapse. */
import { NEVER } from "../engine/state";
import { Nic, Port } from "../memory/structs";
import { clocked, clockOf, noteLapse } from "../switch/clock";
import { resumePort } from "../switch/pause";
import { kick } from "./nic";
import { noteNextEvent } from "./posts";

/** When the NIC's pause lapses. */
@inline
export function nextLapsePs(nic: Nic): u64 {
  return clocked ? clockOf(changetype<Port>(nic.port)).lapsesAtPs : NEVER;
}

/** The pause lapses at `nowPs`. */
export function lapse(nic: Nic, nowPs: u64): void {
  noteLapse();
  resumePort(changetype<Port>(nic.port), nowPs);
  noteNextEvent(nic);
  kick(nic, nowPs);
}
