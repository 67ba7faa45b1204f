/** Depths of egress queues in quanta, as adaptive policies see them. */
import { carve } from "../engine/scratch";
import { portAt } from "../engine/state";
import { run } from "../memory/arena";
import { Device } from "../memory/structs/device";
import { MAX_PORTS } from "../memory/structs/limits";
import { Port } from "../memory/structs/port";
import { Switch } from "../memory/structs/switch";
import { classCount } from "./lanes";
import { backlogPs } from "./port";

/**
 * By local port of the switch that is being stepped: quanta from the start of the window until it
 * is free, at most `BEYOND`. A search over bytes takes sixteen ports at once.
 */
export let levels: u32 = 0;
export const BEYOND: u32 = 255;
/** Quanta at the start of the window. */
let levelBase: u32 = 0;
/** Whether `levels` holds. */
export let levelled: bool = false;
/** Ports that are read at once. */
const VECTOR: u32 = 16;

export function startLevels(): void {
  levels = carve(MAX_PORTS + VECTOR);
}

/** Finds the levels of the switch's ports. The caller keeps them up to date until `closeLevels`. */
export function openLevels(sw: Switch, portCount: u32, startPs: u64): void {
  levelBase = <u32>(startPs >> run.quantumShift);
  levelled = true;
  const base = i32x4.splat(<i32>levelBase);
  for (let i: u32 = 0; i < portCount; i += VECTOR) {
    const at = sw.ticks + i * 4;
    // Narrowing makes what is over less than nothing 0, and what is more than a byte holds 255.
    const low = narrowed(i32x4.sub(v128.load(at), base), i32x4.sub(v128.load(at, 16), base));
    const high = narrowed(i32x4.sub(v128.load(at, 32), base), i32x4.sub(v128.load(at, 48), base));
    v128.store(levels + i, i8x16.narrow_i16x8_u(low, high));
  }
}


@inline
function narrowed(low: v128, high: v128): v128 {
  return i16x8.narrow_i32x4_s(low, high);
}

export function closeLevels(): void {
  levelled = false;
}

/** Level of an instant of this window. */
@inline
export function levelOf(nowPs: u64): u32 {
  return min<u32>(<u32>(nowPs >> run.quantumShift) - levelBase, BEYOND);
}

/** Keeps depth and level of a queue up to date, by the time at which its port will be free. */
@inline
export function raiseDepth(sw: Switch, local: u32, freePs: u64): void {
  const tick = <u32>(freePs >> run.quantumShift);
  store<u32>(sw.ticks + local * 4, tick);
  store<u8>(levels + local, min<u32>(tick - levelBase, BEYOND));
}

const SWEEP_QUANTA: u64 = 1 << 30;
export const DEEPEST: u32 = (1 << 21) - 1;

/** Keeps the depth of a queue up to date, by the time at which its port will be free. */
@inline
export function updateDepth(sw: Switch, local: u32, freePs: u64): void {
  const ticks = sw.ticks;
  if (ticks != 0) store<u32>(ticks + local * 4, <u32>(freePs >> run.quantumShift));
}

/**
 * Depths are kept modulo 2^32 quanta. Called at every window: long before a port that fell idle
 * could be taken for a busy one, its depth is moved up to now.
 */
export function sweepDepths(nowPs: u64): void {
  if (run.tickBytes == 0) return;
  const now = nowPs >> run.quantumShift;
  const elapsed = now - run.sweptAt;
  if (elapsed < SWEEP_QUANTA) return;
  run.sweptAt = now;
  for (let at = run.ticks, end = run.ticks + run.tickBytes; at < end; at += 4) {
    if (elapsed >= 2 * SWEEP_QUANTA || <i32>(load<u32>(at) - <u32>now) < 0) store<u32>(at, <u32>now);
  }
}

/** Depth in quanta. */
@inline
export function depthOf(sw: Switch, ports: u32, local: u32, nowPs: u64): u32 {
  const port = portAt(ports, local);
  // Of several data classes any may be paused.
  if (port.paused || (classCount != 1 && sw.pausedPorts != 0)) return depthNow(port, nowPs);
  const ahead = <i32>(load<u32>(sw.ticks + local * 4) - <u32>(nowPs >> run.quantumShift));
  return min<u32>(<u32>max<i32>(ahead, 0), DEEPEST);
}

/** Of a paused queue, which has no time at which it will be free: its backlog counts from now. */
function depthNow(port: Port, nowPs: u64): u32 {
  const shift = run.quantumShift;
  return <u32>min<u64>(((nowPs + backlogPs(port, nowPs)) >> shift) - (nowPs >> shift), DEEPEST);
}

/** Finds the depths of a switch's queues from the state of its ports. */
export function updateDepths(device: Device): void {
  const sw = changetype<Switch>(device.body);
  for (let local: u32 = 0; local < device.portCount; local++) {
    const port = portAt(device.ports, local);
    updateDepth(sw, local, <u64>max<i64>(port.busyUntilPs, 0) + port.queuedPs);
  }
}
