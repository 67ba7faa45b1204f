/** Faults as they are written, to what they are. */
import type { Sections } from "../schema/sections.js";
import type { Fault, LinkName, Profile, Span } from "../types/faults.js";
import { randomSource, streamKey } from "../types/random.js";
import type { WrittenRank } from "./ranks.js";

type Written = Sections["faults"][number];
type WrittenFlap = Extract<Written, { kind: "link-flap" }>;
type WrittenDrift = Extract<Written, { kind: "optic-drift" }>;

const PS_PER_HOUR = 3600e12;
/** Purpose of the numbers that times up are drawn from. */
const FLAPS = 21;
/** Looks at a profile, from its first to its last point. */
const STEPS = 64;
const MIN_STEP_PS = 1000;

/** @param seed of what is drawn for this fault */
export function resolveFault(fault: Written, nameOf: (device: WrittenRank) => string, seed: number): Fault {
  const { kind } = fault;
  switch (kind) {
    case "nic-stall":
      return {
        kind,
        host: nameOf(fault.host),
        startPs: fault.start,
        untilPs: fault.until,
        bufferBytes: fault.buffer,
      };
    case "nic-slow":
      return { kind, host: nameOf(fault.host), rateBps: fault.rate, ...spanOf(fault) };
    case "straggler":
      return { kind, host: nameOf(fault.host), factor: fault.factor, ...spanOf(fault) };
    case "switch-down":
    case "ecn-off":
      return { kind, switch: fault.switch, ...spanOf(fault) };
    case "swapped-cables": {
      const [a, b] = [fault.a, fault.b].map(({ from, to, index }) => ({ from: nameOf(from), to: nameOf(to), index }));
      return { kind, a: a!, b: b! };
    }
    case "pfc-off":
      return { kind, switch: fault.switch };
    case "wrong-headroom":
      return { kind, switch: fault.switch, headroomBytes: fault.headroom };
    default:
      return linkFault(fault, { from: nameOf(fault.from), to: nameOf(fault.to), index: fault.index }, seed);
  }
}

function linkFault(fault: Extract<Written, { from: WrittenRank }>, link: LinkName, seed: number): Fault {
  switch (fault.kind) {
    case "link-down": {
      const startPs = fault.at ?? fault.start ?? 0;
      const isForEver = fault.until === Number.POSITIVE_INFINITY;
      return { kind: fault.kind, ...link, startPs, ...(!isForEver && { untilPs: fault.until }) };
    }
    case "link-flap":
      return { kind: fault.kind, ...link, outages: outagesOf(fault, seed) };
    case "optic-drift":
      return opticDrift(fault, link);
    case "mtu-mismatch":
      return { kind: fault.kind, ...link, direction: fault.direction, mtuBytes: fault.mtu, ...spanOf(fault) };
    case "degraded-link": {
      const { kind, direction, ber = null, frameLossRatio = null, rate: rateBps = null } = fault;
      const span = spanOf(fault);
      const isAlways = span.startPs === 0 && span.untilPs === Number.POSITIVE_INFINITY;
      return { kind, ...link, direction, ber, frameLossRatio, rateBps, ...(!isAlways && { span }) };
    }
  }
}

function spanOf({ at, until }: { readonly at: number; readonly until: number }): Span {
  return { startPs: at, untilPs: until };
}

/** Rules have seen to it that one of the ways to say it is complete. */
function outagesOf({ at, up = 0, down = 0, count = 0, times, perHour, until = 0 }: WrittenFlap, seed: number): Span[] {
  if (times !== undefined) return times.map(([startPs, untilPs]) => ({ startPs, untilPs }));
  if (perHour === undefined) {
    return Array.from({ length: count }, (_, i) => {
      const startPs = at + i * (up + down) + up;
      return { startPs, untilPs: startPs + down };
    });
  }
  const draw = randomSource(streamKey(seed, FLAPS, 0));
  const outages: Span[] = [];
  for (let nowPs = at; ; ) {
    const upPs = Math.round((-Math.log(1 - draw()) / perHour) * PS_PER_HOUR);
    const startPs = nowPs + upPs;
    if (startPs > until || outages.length === MAX_OUTAGES) return outages;
    outages.push({ startPs, untilPs: startPs + down });
    nowPs = startPs + down;
  }
}

/** Of one link, at a rate. */
const MAX_OUTAGES = 100_000;

function opticDrift(fault: WrittenDrift, link: LinkName): Fault {
  const { kind, direction, ber, slope, every } = fault;
  const temperature: Profile = fault.temperature.length === 0 ? [[0, 25_000]] : fault.temperature;
  const contamination: Profile =
    typeof fault.contamination === "number" ? [[0, fault.contamination]] : fault.contamination;
  const times = [...temperature, ...contamination].map(([atPs]) => atPs);
  const lengthPs = Math.max(...times) - Math.min(...times);
  const stepPs = every ?? Math.max(MIN_STEP_PS, Math.ceil(lengthPs / STEPS));
  return { kind, ...link, direction, ber, snrSlopeDbPerC: slope, temperature, contamination, stepPs };
}
