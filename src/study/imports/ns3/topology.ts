/** Topology files: nodes by number, switches among them, and links. */
import type { SourceFile } from "../common/source.js";
import { type Line, number, quantity, whole } from "./words.js";

export interface Ns3Topology {
  /** Ids of hosts, in the order of ranks. */
  readonly hosts: readonly number[];
  readonly switches: readonly number[];
  readonly links: readonly Ns3Link[];
  /** NVSwitches that were left out, with their links. */
  readonly nvSwitches: number;
  readonly gpusPerServer: number;
}

export interface Ns3Link {
  readonly a: number;
  readonly b: number;
  readonly rate: string;
  readonly latency: string;
  /** Share of packets that are lost; 0 for what the configuration says. */
  readonly errorRate: number;
  readonly line: number;
}

const MAX_NODES = 2 ** 19;
const MAX_LINKS = 2 ** 21;

/**
 * HPCC: `nodes switches links`, the ids of switches, then `src dst rate delay error` for each link.
 * SimAI: `nodes gpus-per-server nvswitches switches links GPU`, the ids of NVSwitches and switches,
 * then links.
 */
export function readTopology(file: SourceFile, lines: readonly Line[]): Ns3Topology {
  const [head, ...rest] = lines as [Line, ...Line[]];
  const isSimAi = head.words.length >= 5;
  const at = (i: number, what: string) => whole(file, what, head.words[i], head.line);
  const nodes = at(0, "the number of nodes");
  const gpusPerServer = isSimAi ? at(1, "the number of GPUs of a server") : 1;
  const nvSwitches = isSimAi ? at(2, "the number of NVSwitches") : 0;
  const switchCount = at(isSimAi ? 3 : 1, "the number of switches");
  const linkCount = at(isSimAi ? 4 : 2, "the number of links");
  if (nodes > MAX_NODES || linkCount > MAX_LINKS) {
    file.fail(`${nodes} nodes and ${linkCount} links; at most ${MAX_NODES} and ${MAX_LINKS}`, head);
  }
  const { ids, next } = idsOf(file, rest, nvSwitches + switchCount, nodes, head);
  const isScaleUp = new Set(ids.slice(0, nvSwitches));
  const isSwitch = new Set(ids);
  const found = rest.slice(next);
  if (found.length !== linkCount) {
    const { line } = found.at(-1) ?? head;
    file.fail(`there are ${found.length} links; the first line says ${linkCount}`, { line });
  }
  const links = found
    .map((line) => linkOf(file, line, nodes))
    .filter(({ a, b }) => !isScaleUp.has(a) && !isScaleUp.has(b));
  const hosts = Array.from({ length: nodes }, (_, id) => id).filter((id) => !isSwitch.has(id));
  const switches = ids.slice(nvSwitches).sort((a, b) => a - b);
  checkHosts(file, hosts, isSwitch, links, head);
  return { hosts, switches, links, nvSwitches, gpusPerServer };
}

/** Ids of switches, which may stand in one line or in several. */
function idsOf(file: SourceFile, lines: readonly Line[], count: number, nodes: number, head: Line) {
  const ids: number[] = [];
  let next = 0;
  while (ids.length < count) {
    const line = lines[next++] ?? file.fail(`the file ends before the ids of ${count} switches`, head);
    for (const word of line.words) {
      const id = whole(file, "the id of a switch", word, line.line);
      if (id >= nodes) file.fail(`there is no node ${id}; they are numbered from 0 to ${nodes - 1}`, line);
      ids.push(id);
    }
    if (ids.length > count) file.fail(`${ids.length} ids of switches; the first line says ${count}`, line);
  }
  if (new Set(ids).size < ids.length) file.fail("an id of a switch stands here twice", lines[next - 1] ?? head);
  return { ids, next };
}

function linkOf(file: SourceFile, { words, line }: Line, nodes: number): Ns3Link {
  if (words.length < 4 || words.length > 5)
    file.fail("write src dst rate delay error, e.g. 0 4 100Gbps 1us 0", { line });
  const [a, b] = [0, 1].map((i) => whole(file, "the end of a link", words[i], line)) as [number, number];
  for (const end of [a, b]) {
    if (end >= nodes) file.fail(`there is no node ${end}; they are numbered from 0 to ${nodes - 1}`, { line });
  }
  if (a === b) file.fail("a link from a node to itself", { line });
  const errorRate = words[4] === undefined ? 0 : number(file, "the error rate", words[4], line);
  if (errorRate > 1) file.fail(`the error rate is ${errorRate}; it is a share of packets, from 0 to 1`, { line });
  return {
    ...{ a, b, line, errorRate },
    rate: quantity(file, "rate", words[2], line),
    latency: quantity(file, "time", words[3], line),
  };
}

/** A host of a listed fabric has one link, to a switch. */
function checkHosts(
  file: SourceFile,
  hosts: readonly number[],
  isSwitch: ReadonlySet<number>,
  links: readonly Ns3Link[],
  head: Line,
): void {
  if (hosts.length < 2) file.fail("a fabric needs at least 2 hosts: nodes that are no switches", head);
  const linkOfHost = new Map<number, number>();
  for (const { a, b, line } of links) {
    if (!isSwitch.has(a) && !isSwitch.has(b)) file.fail("a link between two hosts; link each to a switch", { line });
    for (const end of [a, b]) {
      if (isSwitch.has(end)) continue;
      const other = linkOfHost.get(end);
      if (other !== undefined) {
        file.fail(`host ${end} has a second link, beside that of line ${other}; a host of a listed fabric has one`, {
          line,
        });
      }
      linkOfHost.set(end, line);
    }
  }
  const apart = hosts.find((id) => !linkOfHost.has(id));
  if (apart !== undefined) file.fail(`host ${apart} has no link`, head);
}
