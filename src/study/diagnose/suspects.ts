/**
 * Who is to blame for what telemetry shows, by rules that operators go by: each looks at one kind
 * of counter, in the run and in the healthy one.
 */
import { count, counted, duration, percent } from "../../answer/text/units.js";
import type { PortTelemetry, Telemetry } from "./telemetry.js";

export type SuspectKind = "wiring" | "switch" | "link" | "optic" | "nic" | "rank" | "misconfiguration";

export interface Suspect {
  readonly kind: SuspectKind;
  /** A switch, a rank, or a link (`leaf-0 - spine-1`). */
  readonly where: string;
  /** Devices that are to be looked at, or taken out, with it. */
  readonly parts: readonly string[];
  readonly evidence: readonly string[];
  /** The greater, the more it explains; suspects of one run can be compared. */
  readonly score: number;
}

/** Both sides of a port: in the run, and in the healthy one. */
interface Pair {
  readonly now: PortTelemetry;
  readonly before: PortTelemetry;
}

/** The ports of a switch. */
interface OfSwitch {
  readonly where: string;
  readonly own: readonly Pair[];
}

/** Evidence that a healthy run has none of counts above all that may follow from something else. */
const TIERS = { wiring: 9, down: 8, stalled: 7, slow: 7, compute: 7, errors: 6, buffer: 5, marking: 4, queue: 1 };
const SLOWER = 0.99;
const LONGER = 1.02;

/** All suspects, the first first. */
export function suspectsOf(run: Telemetry, healthy: Telemetry): Suspect[] {
  const pairs = run.ports.map((now, i): Pair => ({ now, before: healthy.ports[i]! }));
  const switches = bySwitch(pairs);
  const found = [
    ...miswired(pairs),
    ...down(pairs),
    ...stalled(pairs),
    ...slow(pairs),
    ...broken(pairs),
    ...dropping(switches),
    ...silent(switches),
    ...unmarked(switches),
    ...computing(run, healthy),
    ...queueing(pairs),
  ];
  return merged(found).sort((a, b) => b.score - a.score || (a.where < b.where ? -1 : 1));
}

const scoreOf = (tier: number, weight: number) => tier + 1 - 1 / (1 + Math.log10(1 + weight));
const linkOf = ({ from, to }: PortTelemetry) => (from < to ? `${from} - ${to}` : `${to} - ${from}`);

/** Neighbours that are others than in the healthy run, as LLDP tells. */
function miswired(pairs: readonly Pair[]): Suspect[] {
  const wrong = pairs.filter(({ now, before }) => now.to !== before.to);
  return wrong.map(({ now, before }) => ({
    kind: "wiring",
    where: linkOf(before),
    parts: [now.from, now.to, before.to],
    evidence: [`${now.from} has ${now.to} as its neighbour instead of ${before.to}`],
    score: scoreOf(TIERS.wiring, 1),
  }));
}

/** Links that were down while packets were sent; the switch where they are all of one. */
function down(pairs: readonly Pair[]): Suspect[] {
  const lost = new Map<string, { packets: number; ends: readonly PortTelemetry[] }>();
  for (const { now, before } of pairs) {
    const packets = now.lostDown - before.lostDown;
    if (packets <= 0) continue;
    const known = lost.get(linkOf(now)) ?? { packets: 0, ends: [] };
    lost.set(linkOf(now), { packets: known.packets + packets, ends: [...known.ends, now] });
  }
  const links = [...lost].map(([where, { packets, ends }]): Suspect => {
    const parts = [ends[0]!.from, ends[0]!.to];
    const evidence = [`${count(packets)} packets were sent while the link was down`];
    return { kind: "link", where, parts, evidence, score: scoreOf(TIERS.down, packets) };
  });
  const switches = new Map<string, Set<string>>();
  for (const { ends } of lost.values()) {
    for (const { from, to, fromSwitch, toSwitch } of ends) {
      for (const [name, isSwitch] of [
        [from, fromSwitch],
        [to, toSwitch],
      ] as const) {
        if (!isSwitch) continue;
        switches.set(name, (switches.get(name) ?? new Set()).add(`${from} ${to}`.replace(name, "").trim()));
      }
    }
  }
  const dead = [...switches]
    .filter(([, others]) => others.size > 1 && others.size === lost.size)
    .map(([where, others]): Suspect => {
      const evidence = [`all ${others.size} links that were down while packets were sent are its own`];
      return { kind: "switch", where, parts: [where], evidence, score: scoreOf(TIERS.down, 1e9) + 0.1 };
    });
  return [...dead, ...links];
}

/** NICs that pause their switch, or drop what comes. */
function stalled(pairs: readonly Pair[]): Suspect[] {
  return pairs.flatMap(({ now, before }): Suspect[] => {
    if (now.fromSwitch) return [];
    const pauses = now.pausesSent - before.pausesSent;
    const discards = now.discards - before.discards;
    if (pauses <= 0 && discards <= 0) return [];
    const evidence = [
      ...(pauses > 0 ? [`the NIC paused its switch ${counted(pauses, "time")}, as no NIC of the healthy run did`] : []),
      ...(discards > 0 ? [`the NIC dropped ${count(discards)} packets for lack of buffer`] : []),
    ];
    return [nicSuspect(now, evidence, scoreOf(TIERS.stalled, 1e6 * pauses + discards))];
  });
}

function nicSuspect({ from, to }: PortTelemetry, evidence: readonly string[], score: number): Suspect {
  return { kind: "nic", where: from, parts: [from, to], evidence, score };
}

/** Ports that ran at a lower speed. */
function slow(pairs: readonly Pair[]): Suspect[] {
  return pairs.flatMap(({ now, before }): Suspect[] => {
    const share = now.rateBps / before.rateBps;
    if (share >= SLOWER) return [];
    const evidence = [`${now.link} ran at ${percent(share)} of its speed`];
    const weight = (1 / share) * (now.txBytes > 0 ? 1e6 : 1);
    return [
      { kind: "link", where: linkOf(now), parts: [now.from, now.to], evidence, score: scoreOf(TIERS.slow, weight) },
    ];
  });
}

/** Links that lose frames. */
function broken(pairs: readonly Pair[]): Suspect[] {
  return pairs.flatMap(({ now, before }): Suspect[] => {
    const errors = now.crcErrors - before.crcErrors;
    if (errors <= 0) return [];
    const evidence = [`${now.link} lost ${count(errors)} frames; ${count(before.crcErrors)} in the healthy run`];
    return [
      { kind: "optic", where: linkOf(now), parts: [now.from, now.to], evidence, score: scoreOf(TIERS.errors, errors) },
    ];
  });
}

/** Switches that drop what others hold back by pauses. */
function dropping(switches: readonly OfSwitch[]): Suspect[] {
  return switches.flatMap(({ where, own }): Suspect[] => {
    const sum = (of: (pair: Pair) => number) => own.reduce((total, pair) => total + of(pair), 0);
    const drops = sum(({ now, before }) => now.discards - before.discards);
    if (drops <= 0) return [];
    const pauses = sum(({ now }) => now.pausesSent);
    const evidence = [
      `it dropped ${count(drops)} packets for lack of buffer`,
      pauses > 0 ? `it sent ${count(pauses)} pauses, too late: too little headroom` : "it sent no pauses",
    ];
    return [{ kind: "misconfiguration", where, parts: [where], evidence, score: scoreOf(TIERS.buffer, drops) }];
  });
}

/** Switches that neither send nor heed pauses, which they did in the healthy run. */
function silent(switches: readonly OfSwitch[]): Suspect[] {
  return switches.flatMap(({ where, own }): Suspect[] => {
    const sum = (of: (pair: Pair) => number) => own.reduce((total, pair) => total + of(pair), 0);
    const sent = sum(({ before }) => before.pausesSent);
    const pausedNs = sum(({ before }) => before.pausedNs);
    const isSilent = sum(({ now }) => now.pausesSent) === 0 && sum(({ now }) => now.pausedNs) === 0;
    if (!isSilent || sent + pausedNs === 0) return [];
    const evidence = [
      `it sent no pauses and was not paused; ${count(sent)} and ${duration(pausedNs)} in the healthy run`,
    ];
    return [{ kind: "misconfiguration", where, parts: [where], evidence, score: scoreOf(TIERS.marking, sent) }];
  });
}

/** Switches that marked in the healthy run, and do not any more. */
function unmarked(switches: readonly OfSwitch[]): Suspect[] {
  return switches.flatMap(({ where, own }): Suspect[] => {
    const now = own.reduce((sum, pair) => sum + pair.now.marked, 0);
    const before = own.reduce((sum, pair) => sum + pair.before.marked, 0);
    if (before === 0 || now > before / 2) return [];
    const evidence = [`it marked ${count(now)} packets; ${count(before)} in the healthy run`];
    return [{ kind: "misconfiguration", where, parts: [where], evidence, score: scoreOf(TIERS.marking, before - now) }];
  });
}

function bySwitch(pairs: readonly Pair[]): OfSwitch[] {
  const groups = new Map<string, Pair[]>();
  for (const pair of pairs) {
    const { from, fromSwitch } = pair.now;
    if (!fromSwitch) continue;
    const own = groups.get(from);
    if (own === undefined) groups.set(from, [pair]);
    else own.push(pair);
  }
  return [...groups].map(([where, own]) => ({ where, own }));
}

/** Ranks whose GPUs compute for longer. */
function computing(run: Telemetry, healthy: Telemetry): Suspect[] {
  return run.ranks.flatMap(({ name, computeNs }, i): Suspect[] => {
    const before = healthy.ranks[i]?.computeNs ?? 0;
    if (computeNs <= before * LONGER) return [];
    const evidence = [`its GPU computed for ${duration(computeNs)}; ${duration(before)} in the healthy run`];
    const weight = 1e6 * (computeNs / Math.max(before, 1));
    return [{ kind: "rank", where: name, parts: [name], evidence, score: scoreOf(TIERS.compute, weight) }];
  });
}

/** Ports where packets wait for longer: weak evidence, for it shows where, and not why. */
function queueing(pairs: readonly Pair[]): Suspect[] {
  return pairs.flatMap(({ now, before }): Suspect[] => {
    const longerNs = now.longestQueueNs - before.longestQueueNs;
    if (longerNs <= 0 || now.longestQueueNs <= before.longestQueueNs * LONGER) return [];
    const evidence = [
      `the queue at ${now.link} was up to ${duration(now.longestQueueNs)} long, ${duration(longerNs)} more`,
    ];
    return [
      { kind: "link", where: linkOf(now), parts: [now.from, now.to], evidence, score: scoreOf(TIERS.queue, longerNs) },
    ];
  });
}

/** Suspects at one place as one, with all their evidence. */
function merged(suspects: readonly Suspect[]): Suspect[] {
  const places = new Map<string, Suspect>();
  for (const suspect of suspects) {
    const known = places.get(suspect.where);
    if (known === undefined) {
      places.set(suspect.where, suspect);
      continue;
    }
    const [first, second] = known.score >= suspect.score ? [known, suspect] : [suspect, known];
    places.set(suspect.where, {
      ...first,
      parts: [...new Set([...first.parts, ...second.parts])],
      evidence: [...new Set([...first.evidence, ...second.evidence])],
    });
  }
  return [...places.values()];
}

/** Suspects with evidence that a healthy run has none of. */
export function isHard({ score }: Suspect): boolean {
  return score >= TIERS.marking;
}
