import fc from "fast-check";
import { mergeOutages, type Outage, outagesOf } from "../../src/build/topology/outages.js";
import type { NetworkChange, NetworkLink, NetworkSpec } from "./network-spec.js";

/** Instants of a run as shares of its length: from before the first packet to after the last. */
export const share = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom(0, 1e-9) },
  { weight: 6, arbitrary: fc.double({ min: 0, max: 1, noNaN: true }) },
  { weight: 1, arbitrary: fc.double({ min: 1, max: 3, noNaN: true }) },
);

const direction = { link: fc.nat(), ends: fc.constantFrom("forth", "back", "both", "both") };

const flap = fc.record({
  ...direction,
  down: share,
  /** From shorter than any window to the rest of the run. */
  lastsPs: fc.oneof(
    fc.constantFrom(1, 1000, 100_000, Number.POSITIVE_INFINITY),
    fc.integer({ min: 1_000, max: 20_000_000 }),
  ),
});

const worse = fc.record({
  ...direction,
  at: share,
  rateScale: fc.constantFrom(1, 1, 0.5, 0.1, 2 / 3, 1.5),
  hazardPerByte: fc.constantFrom(undefined, 0, 1e-6, 1e-5, 1e-4),
});

const route = fc.record({
  at: share,
  switchNumber: fc.nat(),
  address: fc.nat(20),
  mask: fc.oneof(fc.constant(-1), fc.integer()),
});

const compute = fc.record({ at: share, programRank: fc.nat(), factor: fc.constantFrom(1, 0.5, 1.7, 10) });

/** Several faults of the same links, all over a run. */
export const randomChanges = fc.record({
  /** Links that faults are at; few, so that several meet. */
  links: fc.integer({ min: 1, max: 4 }),
  flaps: fc.array(flap, { maxLength: 6 }),
  worse: fc.array(worse, { maxLength: 6 }),
  routes: fc.array(route, { maxLength: 5 }),
  computes: fc.array(compute, { maxLength: 4 }),
});

export type RandomChanges = typeof randomChanges extends fc.Arbitrary<infer T> ? T : never;

/** Changes of a network whose run takes so long without. */
export function withChanges(spec: NetworkSpec, lengthPs: number, drawn: RandomChanges): NetworkSpec {
  const count = Math.min(drawn.links, spec.links.length);
  const at = (part: number) => Math.floor(part * lengthPs);
  const placed = <T extends { link: number; ends: string }>(list: readonly T[]) =>
    list.flatMap((entry) => {
      const link = entry.link % count;
      const sides = entry.ends === "both" ? [false, true] : [entry.ends === "back"];
      return sides.map((back) => ({ ...entry, link, back }));
    });
  const changes: NetworkChange[] = placed(drawn.worse).map(({ link, back, at: part, rateScale, hazardPerByte }) => ({
    kind: "link",
    atPs: at(part),
    link,
    back,
    rateBps: Math.max(1, Math.round((rateOf(spec.links[link]!, back) * rateScale) / 1e6)) * 1e6,
    ...(hazardPerByte !== undefined && { hazardPerByte }),
  }));
  const links = [...spec.links];
  for (const back of [false, true]) {
    for (let link = 0; link < count; link++) {
      const own = placed(drawn.flaps).filter((each) => each.link === link && each.back === back);
      if (own.length === 0) continue;
      const outages = own.map(({ down, lastsPs }): Outage => ({ downPs: at(down), upPs: at(down) + lastsPs }));
      const { downAtPs, ups } = outagesOf(mergeOutages(outages));
      links[link] = downAt(links[link]!, back, downAtPs);
      changes.push(...ups.map((up): NetworkChange => ({ kind: "up", link, back, ...up })));
    }
  }
  changes.push(
    ...drawn.routes.map(
      ({ at: part, switchNumber, address, mask }): NetworkChange => ({
        kind: "route",
        atPs: at(part),
        switchNumber: switchNumber % Math.max(1, spec.switches.length),
        address,
        mask,
      }),
    ),
  );
  const ranks = spec.programs?.ranks.length ?? 0;
  for (const { at: part, programRank, factor } of ranks > 0 ? drawn.computes : []) {
    changes.push({ kind: "compute", atPs: at(part), programRank: programRank % ranks, factor });
  }
  return {
    ...spec,
    links,
    changes: spec.switches.length === 0 ? changes.filter(({ kind }) => kind !== "route") : changes,
  };
}

function rateOf(link: NetworkLink, back: boolean): number {
  return back ? (link.back?.rateBps ?? link.rateBps) : link.rateBps;
}

/** The other direction stays as it is. */
function downAt(link: NetworkLink, back: boolean, downAtPs: number): NetworkLink {
  if (back) return { ...link, back: { ...link.back, downAtPs } };
  const other = link.back?.downAtPs ?? link.downAtPs ?? Number.POSITIVE_INFINITY;
  return { ...link, downAtPs, back: { ...link.back, downAtPs: other } };
}
