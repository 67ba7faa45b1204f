/**
 * The window that is being simulated, and the parameters that every packet needs. Module globals
 * are one instance's registers.
 */
import { run } from "../memory/arena";
import { Device } from "../memory/structs/device";
import { Port } from "../memory/structs/port";
import { Thread } from "../memory/structs/thread";

export const PORT_BYTES: u32 = offsetof<Port>();
const DEVICE_BYTES: u32 = offsetof<Device>();
/** No such time. */
export const NEVER: u64 = u64.MAX_VALUE;

/** First instant of the window, and of the one after it (less where the time limit cuts it off). */
export let windowStart: u64 = 0;
export let windowEnd: u64 = 0;
/** Number of the window. */
export let windowIndex: u64 = 0;

export let windowPs: u32 = 1;
/** floor(2^32 / windowPs). */
export let windowReciprocal: u64 = 0;
export let slotMask: u32 = 0;
export let deviceCount: u32 = 0;
let devicesBase: u32 = 0;
/** Threads at work in this window. */
export let activeThreads: u32 = 1;

export function loadParameters(): void {
  windowPs = run.windowPs;
  windowReciprocal = ((<u64>1) << 32) / windowPs;
  slotMask = run.slots - 1;
  deviceCount = run.deviceCount;
  devicesBase = run.devices;
}

/**
 * First instant of a window, modulo 2^64: one that is cut soon after the beginning of the run
 * starts before it.
 */
@inline
export function startOf(window: u64): u64 {
  return run.originPs + window * windowPs;
}

/** Makes `run.windowIndex` this thread's window. */
export function enterWindow(): void {
  const index = run.windowIndex;
  windowIndex = index;
  activeThreads = run.activeThreads;
  windowStart = startOf(index);
  windowEnd = min<u64>(windowStart + windowPs, run.lastPs + 1);
}


@inline
export function deviceAt(index: u32): Device {
  return changetype<Device>(devicesBase + index * DEVICE_BYTES);
}

/** Port `local` of the device whose first port is at `ports`. */
@inline
export function portAt(ports: u32, local: u32): Port {
  return changetype<Port>(ports + local * PORT_BYTES);
}

const THREAD_BYTES: u32 = offsetof<Thread>();


@inline
export function threadAt(number: u32): Thread {
  return changetype<Thread>(run.threads + number * THREAD_BYTES);
}
