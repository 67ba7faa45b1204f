/** A cabling against the one that is intended: swapped, moved, missing and additional cables. */
import { cableKey, endKey, type FoundCable, foundCables, type NamedEnd } from "./found.js";
import type { Cable, CableEnd, Intended } from "./intended.js";
import type { Neighbour } from "./read.js";

export type CablingFaultKind = "swapped" | "moved" | "missing" | "additional" | "unknown" | "silent" | "rail";

export interface CablingFault {
  readonly kind: CablingFaultKind;
  readonly message: string;
  /** Lines of the file that it rests on. */
  readonly lines: readonly number[];
}

export interface CablingReport {
  /** Cables of the intended fabric, and how many of them were found in their places. */
  readonly intendedCables: number;
  readonly rightCables: number;
  readonly faults: readonly CablingFault[];
  /** Ports are plain numbers in the file, and were compared; else only devices were. */
  readonly comparesPorts: boolean;
  /** GPUs that were found on a leaf of another rail; null in a fabric without rails. */
  readonly wrongRailGpus: number | null;
}

/** Compares what LLDP tells with the fabric of a scenario. */
export function checkCabling(rows: readonly Neighbour[], intended: Intended): CablingReport {
  const found = foundCables(rows, intended);
  const withPort = found.hasNumbers;
  const { surplus, deficit } = difference(found.cables, intended.cables, withPort);
  const rightCables = intended.cables.length - deficit.length;
  const silent = new Set(found.silent);
  const faults: CablingFault[] = [];
  for (const { message, line } of found.strays) faults.push({ kind: "unknown", message, lines: [line] });
  const matcher = new Matcher(surplus, deficit, withPort);
  faults.push(...matcher.swapped(), ...matcher.moved());
  for (const name of found.silent) {
    const count = matcher.deficit.filter((cable) => isOf(cable, name)).length;
    if (count === 0) continue;
    faults.push({ kind: "silent", message: `${name} is in no row: ${count} cables were not seen`, lines: [] });
  }
  for (const cable of matcher.deficit) {
    if (silent.has(cable.a.device) || silent.has(cable.b.device)) continue;
    faults.push({ kind: "missing", message: shownCable(cable, withPort), lines: [] });
  }
  for (const cable of matcher.surplus) {
    faults.push({ kind: "additional", message: shownCable(cable, true), lines: cable.lines });
  }
  const rails = wrongRails(found.cables, intended);
  return {
    intendedCables: intended.cables.length,
    rightCables,
    faults: [...faults, ...rails],
    comparesPorts: withPort,
    wrongRailGpus: intended.railCount > 0 ? rails.length : null,
  };
}

function isOf({ a, b }: Cable, device: string): boolean {
  return a.device === device || b.device === device;
}

/** What is there and should not be, and the other way round; cables count as often as they are. */
function difference(found: readonly FoundCable[], intended: readonly Cable[], withPort: boolean) {
  const open = new Map<string, Cable[]>();
  for (const cable of intended) {
    const key = cableKey(cable, withPort);
    const list = open.get(key);
    if (list === undefined) open.set(key, [cable]);
    else list.push(cable);
  }
  const surplus = found.filter((cable) => open.get(cableKey(cable, withPort))?.pop() === undefined);
  return { surplus, deficit: [...open.values()].flat() };
}

type End = NamedEnd | CableEnd;

/** Pairs of missing cables that are tried as swaps; a file of another fabric has none to find. */
const MAX_TRIES = 2 ** 22;

/** Explains cables that are in other places than intended by as few mistakes as possible. */
class Matcher {
  readonly surplus: Set<FoundCable>;
  #open: Set<Cable>;
  /** Intended cables that are not there, by each of their ends. */
  readonly #byEnd = new Map<string, Set<Cable>>();
  readonly #foundByEnds = new Map<string, Set<FoundCable>>();
  #tries = 0;

  constructor(
    surplus: readonly FoundCable[],
    deficit: readonly Cable[],
    private readonly withPort: boolean,
  ) {
    this.surplus = new Set(surplus);
    this.#open = new Set(deficit);
    for (const cable of deficit) for (const end of [cable.a, cable.b]) add(this.#byEnd, this.#key(end), cable);
    for (const cable of surplus) add(this.#foundByEnds, cableKey(cable, withPort), cable);
  }

  get deficit(): readonly Cable[] {
    return [...this.#open];
  }

  /** Two cables of which each ends where the other should. */
  *swapped(): Generator<CablingFault> {
    for (const found of [...this.surplus]) {
      const fault = this.surplus.has(found) ? this.#swapOf(found) : undefined;
      if (fault !== undefined) yield fault;
    }
  }

  /**
   * `found` joins x and y. Where x - p and y - q are intended and missing, and a cable p - q was
   * found, the two are crossed.
   */
  #swapOf(found: FoundCable): CablingFault | undefined {
    for (const first of this.#missingAt(found.a)) {
      for (const second of this.#missingAt(found.b)) {
        if (first === second) continue;
        if (++this.#tries > MAX_TRIES) return undefined;
        const [p, q] = [farEnd(first, found.a), farEnd(second, found.b)];
        const other = [...(this.#foundByEnds.get(this.#pair(p, q)) ?? [])].find((each) => each !== found);
        if (other === undefined) continue;
        this.#settle([found, other], [first, second]);
        const wanted = [first, second].map((cable) => shownCable(cable, this.withPort)).join(" and ");
        const seen = [found, other].map((cable) => shownCable(cable, true)).join(" and ");
        const lines = [...found.lines, ...other.lines].sort((a, b) => a - b);
        return { kind: "swapped", message: `${wanted} are crossed: found ${seen}`, lines };
      }
    }
    return undefined;
  }

  /** A cable with one end where it should be, and the other elsewhere. */
  *moved(): Generator<CablingFault> {
    for (const found of [...this.surplus]) {
      const missing = [found.a, found.b].flatMap((end) => [...this.#missingAt(end)])[0];
      if (missing === undefined) continue;
      this.#settle([found], [missing]);
      const message = `${shownCable(missing, this.withPort)} is elsewhere: found ${shownCable(found, true)}`;
      yield { kind: "moved", message, lines: found.lines };
    }
  }

  #missingAt(end: End): ReadonlySet<Cable> {
    return this.#byEnd.get(this.#key(end)) ?? new Set();
  }

  #settle(found: readonly FoundCable[], cables: readonly Cable[]): void {
    for (const each of found) {
      this.surplus.delete(each);
      this.#foundByEnds.get(cableKey(each, this.withPort))?.delete(each);
    }
    for (const cable of cables) {
      this.#open.delete(cable);
      for (const end of [cable.a, cable.b]) this.#byEnd.get(this.#key(end))?.delete(cable);
    }
  }

  #key(end: End): string {
    return endKey(end, this.withPort);
  }

  #pair(p: End, q: End): string {
    return [this.#key(p), this.#key(q)].sort().join("\n\n");
  }
}

function add<T>(map: Map<string, Set<T>>, key: string, value: T): void {
  const set = map.get(key);
  if (set === undefined) map.set(key, new Set([value]));
  else set.add(value);
}

function farEnd({ a, b }: Cable, near: End): CableEnd {
  return a.device === near.device && (b.device !== near.device || a.port === Number(near.port)) ? b : a;
}

function shownCable({ a, b }: { a: End; b: End }, withPort: boolean): string {
  const shown = ({ device, port }: End) => (withPort ? `${device} port ${port}` : device);
  return `${shown(a)} - ${shown(b)}`;
}

/** GPUs on a leaf of another rail than theirs. */
function wrongRails(cables: readonly FoundCable[], { rankOf, localOfRank, railOf }: Intended): CablingFault[] {
  return cables.flatMap(({ a, b, lines }) => {
    const rank = rankOf.get(b.device);
    const rail = railOf.get(a.device);
    if (rank === undefined || rail === undefined || localOfRank[rank] === rail) return [];
    const message = `${b.device} belongs on rail ${localOfRank[rank]}; it is on ${a.device}, of rail ${rail}`;
    return [{ kind: "rail" as const, message, lines }];
  });
}
