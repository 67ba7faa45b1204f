/** Neighbours as cables between devices of the fabric. */
import type { Cable, CableEnd, Intended } from "./intended.js";
import type { Neighbour } from "./read.js";

/** A cable that was found, and the lines that tell of it. */
export interface FoundCable {
  /** As `Cable`, with ports as the file writes them. */
  readonly a: NamedEnd;
  readonly b: NamedEnd;
  readonly lines: readonly number[];
}

export interface NamedEnd {
  readonly device: string;
  readonly port: string;
}

/** A row that is no cable of the fabric, in words. */
export interface Stray {
  readonly message: string;
  readonly line: number;
}

export interface FoundCables {
  readonly cables: readonly FoundCable[];
  readonly strays: readonly Stray[];
  /** Switches of the fabric that no row is of. */
  readonly silent: readonly string[];
  /** Every port of a switch is a plain number: ports are compared, too. */
  readonly hasNumbers: boolean;
}

/** Whatever the two ends of a cable tell of it becomes one cable. */
export function foundCables(rows: readonly Neighbour[], intended: Intended): FoundCables {
  const strays: Stray[] = [];
  const known: { readonly row: Neighbour; readonly a: NamedEnd; readonly b: NamedEnd }[] = [];
  const lineOfPort = new Map<string, number>();
  for (const row of rows) {
    const fail = (message: string) => strays.push({ message, line: row.line });
    const device = switchNamed(row.device, intended);
    const peer = resolve(row, intended);
    if (device === undefined) fail(`${row.device} is no switch of the fabric`);
    else if (typeof peer === "string") fail(`${device} port ${row.port} leads to ${peer}`);
    else {
      const other = lineOfPort.get(`${device}\n${row.port}`);
      lineOfPort.set(`${device}\n${row.port}`, row.line);
      if (other !== undefined)
        fail(`${device} port ${row.port} has a second neighbour, ${row.peer}; see line ${other}`);
      else known.push({ row, a: { device, port: row.port }, b: peer });
    }
  }
  const isSwitch = (name: string) => intended.switches.has(name);
  const hasNumbers = known.every(({ a, b }) => isNumber(a.port) && (!isSwitch(b.device) || isNumber(b.port)));
  const { cables, lone } = paired(known, isSwitch, hasNumbers);
  const heard = new Set(known.map(({ a }) => a.device));
  return {
    cables,
    strays: [...strays, ...lone].sort((x, y) => x.line - y.line),
    silent: [...intended.switches].filter((name) => !heard.has(name)),
    hasNumbers,
  };
}

function isNumber(port: string): boolean {
  return /^\d{1,5}$/.test(port);
}

/** LLDP tells full names; scenarios seldom have the domain. */
function withoutDomain(name: string): string {
  const dot = name.indexOf(".");
  return dot > 0 ? name.slice(0, dot) : name;
}

function switchNamed(name: string, { switches }: Intended): string | undefined {
  return [name, withoutDomain(name)].find((each) => switches.has(each));
}

/** The far end, or words for one that is not of the fabric. */
function resolve({ peer, peerPort }: Neighbour, intended: Intended): NamedEnd | string {
  const { nicsPerGpu } = intended;
  const sw = switchNamed(peer, intended);
  if (sw !== undefined) {
    return peerPort === "" ? `${sw} without a port; write the neighbour's port` : { device: sw, port: peerPort };
  }
  for (const name of [peer, withoutDomain(peer)]) {
    if (intended.rankOf.has(name)) {
      const nic = nicsPerGpu === 1 ? 0 : lastNumber(peerPort);
      if (nic < nicsPerGpu) return { device: name, port: String(nic) };
      return `${name} ${shownPort(peerPort)}, which is none of its ${nicsPerGpu} NICs; the port ends with the NIC's number, from 0`;
    }
    const ranks = intended.ranksOfNode.get(name);
    if (ranks === undefined) continue;
    const nic = lastNumber(peerPort);
    const rank = ranks[Math.floor(nic / nicsPerGpu)];
    if (rank !== undefined) return { device: intended.rankName(rank), port: String(nic % nicsPerGpu) };
    return `${name} ${shownPort(peerPort)}, which is none of its ${ranks.length * nicsPerGpu} NICs; the port ends with the NIC's number in the node, from 0`;
  }
  return `${peer}, which is not in the fabric`;
}

function shownPort(port: string): string {
  return port === "" ? "without a port" : `port ${port}`;
}

/** The last number in a port's name: 5 of `mlx5_5`. NaN where there is none. */
function lastNumber(port: string): number {
  return Number(/(\d{1,5})\D*$/.exec(port)?.[1] ?? Number.NaN);
}

interface Told {
  readonly row: Neighbour;
  readonly a: NamedEnd;
  readonly b: NamedEnd;
}

/**
 * Joins what two switches tell of the cables between them. By ports where these are numbers. Else
 * the two may write a port differently, so the n-th row of one goes with the n-th of the other.
 */
function paired(known: readonly Told[], isSwitch: (name: string) => boolean, byPort: boolean) {
  const cables: FoundCable[] = [];
  const lone: Stray[] = [];
  const waiting = new Map<string, Told[]>();
  const heard = new Set(known.map(({ a }) => a.device));
  for (const told of known) {
    const { a, b, row } = told;
    if (!isSwitch(b.device)) {
      cables.push({ a, b, lines: [row.line] });
      continue;
    }
    const key = (from: NamedEnd, to: NamedEnd) =>
      byPort ? `${from.device}\n${from.port}\n${to.device}\n${to.port}` : `${from.device}\n${to.device}`;
    const others = waiting.get(key(b, a));
    const other = others?.shift();
    if (other !== undefined) {
      cables.push({ a: other.a, b: other.b, lines: [other.row.line, row.line] });
    } else {
      const list = waiting.get(key(a, b)) ?? [];
      list.push(told);
      waiting.set(key(a, b), list);
    }
  }
  for (const { a, b, row } of [...waiting.values()].flat()) {
    cables.push({ a, b, lines: [row.line] });
    // Of a switch that tells nothing at all there is a fault already.
    if (!heard.has(b.device)) continue;
    lone.push({
      message: `${a.device} port ${a.port} leads to ${b.device} port ${b.port}, of which ${b.device} tells nothing`,
      line: row.line,
    });
  }
  return { cables, lone };
}

/** An end as text: with its port where ports are compared. */
export function endKey({ device, port }: NamedEnd | CableEnd, withPort: boolean): string {
  return withPort ? `${device}\n${Number(port)}` : device;
}

/** A cable as text, the same from both ends. */
export function cableKey({ a, b }: Cable | FoundCable, withPort: boolean): string {
  return [endKey(a, withPort), endKey(b, withPort)].sort().join("\n\n");
}
