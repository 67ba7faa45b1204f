/**
 * Samples that routers take of their queues for the other routers of their group (MODEL §9,
 * Detours). One is that of the beginning of a period, and holds until there is a later one.
 *
 * Others read it while this router goes on, so each lies where it is until three later ones were
 * taken. A reader asks for the beginning of the period before its own, which lies before its
 * window: windows are no longer than periods. Within that window a router takes at most the samples
 * of the three periods after.
 */
import { portAt } from "../engine/state";
import { run } from "../memory/arena";
import { PortSample, SAMPLE_PLACES, SampleHead, Switch } from "../memory/structs/switch";
import { DEEPEST } from "../port/depths";


@inline
function placeOfSample(sw: Switch, place: u32): u32 {
  return sw.samples + place * (offsetof<SampleHead>() + sw.samplePorts * offsetof<PortSample>());
}


@inline
function headAt(sw: Switch, place: u32): SampleHead {
  return changetype<SampleHead>(placeOfSample(sw, place));
}


@inline
function portSample(sw: Switch, place: u32, local: u32): PortSample {
  return changetype<PortSample>(placeOfSample(sw, place) + offsetof<SampleHead>() + local * offsetof<PortSample>());
}

/** Something happens at `nowPs`: takes the sample of its period, if none was taken yet. */
export function sampleBefore(sw: Switch, ports: u32, nowPs: u64): void {
  if (nowPs < sw.nextSamplePs) return;
  const period = nowPs / run.samplePs;
  take(sw, ports, period);
  sw.nextPeriod = period + 1;
  sw.nextSamplePs = (period + 1) * run.samplePs;
}

/** No more happens for now: what is here is the sample of the next period, unless more happens. */
export function sampleAfter(sw: Switch, ports: u32): void {
  take(sw, ports, sw.nextPeriod);
}

function take(sw: Switch, ports: u32, period: u64): void {
  let place = sw.lastSample;
  if (headAt(sw, place).period != period) {
    place = (place + 1) % SAMPLE_PLACES;
    sw.lastSample = place;
  }
  for (let i: u32 = 0; i < sw.samplePorts; i++) {
    const port = portAt(ports, i);
    const sample = portSample(sw, place, i);
    sample.busyUntilPs = port.busyUntilPs;
    sample.queuedPs = port.queuedPs;
  }
  headAt(sw, place).period = period;
}

/** Depth in quanta of a port of another router, as it is known at `nowPs`. */
export function sampledDepth(other: Switch, local: u32, nowPs: u64): u32 {
  const current = nowPs / run.samplePs;
  if (current == 0) return 0;
  const period = current - 1;
  let best: u32 = 0;
  let newest: u64 = 0;
  for (let place: u32 = 0; place < SAMPLE_PLACES; place++) {
    const found = headAt(other, place).period;
    if (found > period || found < newest) continue;
    newest = found;
    best = place;
  }
  const sample = portSample(other, best, local);
  const atPs = period * run.samplePs;
  const leftPs = sample.busyUntilPs > <i64>atPs ? <u64>sample.busyUntilPs - atPs : 0;
  const shift = run.quantumShift;
  return <u32>min<u64>(((atPs + leftPs + sample.queuedPs) >> shift) - (atPs >> shift), DEEPEST);
}
