import fc from "fast-check";
import { maybe } from "./maybe.js";
import type { NetworkDirection, NetworkLink, NetworkSwitch } from "./network-spec.js";

/** Hosts, switches and links of a random network. Switches are numbered from 100. */
export interface RandomTopology {
  readonly hosts: readonly number[];
  readonly switches: readonly NetworkSwitch[];
  readonly links: readonly NetworkLink[];
  /** Hosts of one number have scale-up NICs on one switch; each host alone where there are none. */
  readonly nodeOf: readonly number[];
  /** Fabric NICs of each host; a scale-up NIC comes after them. */
  readonly fabricNics: readonly number[];
}

const FIRST_SWITCH = 100;

/** A few kinds of links; networks of one kind have ties everywhere. */
const direction: fc.Arbitrary<NetworkDirection> = fc.record({
  rateBps: fc.constantFrom(400e9, 400e9, 100e9, 200e9, 800e9, 3.6e12, 25e9, 99_991e6),
  propagationPs: fc.oneof(
    { weight: 10, arbitrary: fc.constantFrom(1000, 15_000, 150_000, 1_000_000) },
    { weight: 10, arbitrary: fc.integer({ min: 1000, max: 2_000_000 }) },
    // Up to 6 ms, or 1,200 km: beyond 32 bits.
    { weight: 1, arbitrary: fc.integer({ min: 2_000_000, max: 6_000_000_000 }) },
  ),
  fecPs: fc.constantFrom(0, 0, 120_000),
});

const palette = fc.oneof(
  { weight: 2, arbitrary: fc.array(direction, { minLength: 1, maxLength: 1 }) },
  { weight: 1, arbitrary: fc.array(direction, { minLength: 2, maxLength: 3 }) },
);

/** Expected losses per byte: a 4 KiB packet is lost once in 12,000, 250 or 25. */
const hazardPerByte = fc.oneof(
  { weight: 4, arbitrary: fc.constant(0) },
  { weight: 2, arbitrary: fc.constantFrom(2e-8, 1e-6, 1e-5) },
);

/** Any of the topologies below. */
export function randomTopology(mtuBytes: number, scaleUpMtuBytes: number): fc.Arbitrary<RandomTopology> {
  return fc
    .record({
      wiring: fc.oneof({ weight: 3, arbitrary: graph }, { weight: 2, arbitrary: leafSpine }),
      palette,
      choices: fc.array(fc.nat(5), { minLength: 1, maxLength: 8 }),
      hazardPerByte,
      retries: fc.boolean(),
      asymmetric: maybe(5, direction),
      failure: maybe(
        5,
        fc.record({ link: fc.nat(), downAtPs: fc.constantFrom(0, 2_000_000, 5_000_000, 10_000_000, 20_000_000) }),
      ),
    })
    .map(({ wiring, palette, choices, hazardPerByte, retries, asymmetric, failure }) => {
      const failedLink = failure === undefined ? -1 : pickTrunk(wiring.links, failure.link);
      const links = wiring.links.map((wire, i): NetworkLink => {
        const kind = palette[choices[i % choices.length]! % palette.length]!;
        const mtu = { mtuBytes: wire.isScaleUp ? scaleUpMtuBytes : mtuBytes };
        const loss = hazardPerByte > 0 && !wire.isScaleUp ? { hazardPerByte, retries } : {};
        const back = asymmetric !== undefined && i % 3 === 2 ? { back: asymmetric } : {};
        const down = i === failedLink ? { downAtPs: failure!.downAtPs } : {};
        return { ...wire, ...kind, ...mtu, ...loss, ...back, ...down };
      });
      return { ...wiring, links };
    });
}

/** A link between switches, where there is one, so that there may be a way around it. */
function pickTrunk(links: readonly Wire[], choice: number): number {
  const trunks = [...links.keys()].filter((i) => Math.min(links[i]!.a, links[i]!.b) >= FIRST_SWITCH);
  return trunks.length > 0 ? trunks[choice % trunks.length]! : choice % links.length;
}

interface Wire {
  readonly a: number;
  readonly b: number;
  readonly isScaleUp?: boolean;
}

interface Wiring extends Omit<RandomTopology, "links"> {
  readonly links: readonly Wire[];
}

/**
 * A random tree of switches with some links more, parallel ones included; hosts of one NIC or two.
 */
const graph: fc.Arbitrary<Wiring> = fc
  .record({
    parents: fc.array(fc.nat(), { maxLength: 5 }),
    extra: fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 4 }),
    homes: fc.array(fc.nat(), { minLength: 2, maxLength: 10 }),
    secondNics: fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 4 }) },
    ),
    linksFromHosts: fc.boolean(),
  })
  .map(({ parents, extra, homes, secondNics, linksFromHosts }) => {
    const switchCount = parents.length + 1;
    const hosts = homes.map((_, host) => host);
    const switchAt = (raw: number) => FIRST_SWITCH + (raw % switchCount);
    const trunks = [
      ...parents.map((raw, i) => ({ a: FIRST_SWITCH + (raw % (i + 1)), b: FIRST_SWITCH + i + 1 })),
      ...extra.map(([a, b]) => ({ a: switchAt(a), b: switchAt(b) })),
    ].filter(({ a, b }) => a !== b);
    const fabricNics = hosts.map(() => 1);
    const access = homes.map((raw, host) => ({ a: host, b: switchAt(raw) }));
    for (const [rawHost, rawSwitch] of secondNics) {
      const host = rawHost % hosts.length;
      fabricNics[host]! += 1;
      access.push({ a: host, b: switchAt(rawSwitch) });
    }
    return {
      hosts,
      switches: Array.from({ length: switchCount }, (_, i) => ({ id: FIRST_SWITCH + i })),
      links: linksFromHosts ? [...access, ...trunks] : [...trunks, ...access],
      nodeOf: hosts,
      fabricNics,
    };
  });

/** Leaves and spines that route by address ranges, with or without a scale-up switch per node. */
const leafSpine: fc.Arbitrary<Wiring> = fc
  .record({
    leaves: fc.integer({ min: 1, max: 3 }),
    spines: fc.integer({ min: 1, max: 3 }),
    width: fc.integer({ min: 1, max: 2 }),
    hostsPerLeaf: fc.integer({ min: 2, max: 4 }),
    hasScaleUp: fc.boolean(),
  })
  .map(({ leaves, spines, width, hostsPerLeaf, hasScaleUp }) => {
    const hostCount = leaves * hostsPerLeaf;
    const hosts = Array.from({ length: hostCount }, (_, host) => host);
    const leafOf = (host: number) => Math.floor(host / hostsPerLeaf);
    const firstSpine = FIRST_SWITCH + leaves;
    const firstScaleUp = firstSpine + spines;
    const links: Wire[] = hosts.map((host) => ({ a: host, b: FIRST_SWITCH + leafOf(host) }));
    for (let leaf = 0; leaf < leaves; leaf++) {
      for (let spine = 0; spine < spines; spine++) {
        for (let i = 0; i < width; i++) links.push({ a: FIRST_SWITCH + leaf, b: firstSpine + spine });
      }
    }
    const switches: NetworkSwitch[] = [];
    for (let leaf = 0; leaf < leaves; leaf++) {
      const low = leaf * hostsPerLeaf;
      const down = { low, high: low + hostsPerLeaf, stride: 1, downBase: 0, downWidth: 1 };
      const up = { upBase: hostsPerLeaf, upCount: spines * width };
      switches.push({ id: FIRST_SWITCH + leaf, range: { kind: "range", ...down, ...up, pinDivisor: 1 } });
    }
    for (let spine = 0; spine < spines; spine++) {
      const down = { low: 0, high: hostCount, stride: hostsPerLeaf, downBase: 0, downWidth: width };
      const range = { kind: "range", ...down, upBase: 0, upCount: 0, pinDivisor: spines } as const;
      switches.push({ id: firstSpine + spine, range });
    }
    if (hasScaleUp) {
      for (let node = 0; node < leaves; node++) switches.push({ id: firstScaleUp + node });
      for (const host of hosts) links.push({ a: host, b: firstScaleUp + leafOf(host), isScaleUp: true });
    }
    return { hosts, switches, links, nodeOf: hasScaleUp ? hosts.map(leafOf) : hosts, fabricNics: hosts.map(() => 1) };
  });
