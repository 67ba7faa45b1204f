/** Topology files of NCCL: GPUs, NVLinks and NICs of one node, in a tree of PCIe. */
import type { SourceFile } from "../common/source.js";
import { readXml, type XmlElement } from "../common/xml.js";

export interface NcclGpu {
  readonly dev: number;
  /** All NVLinks together, in bit/s; 0 where there are none. */
  readonly nvlinkBps: number;
  readonly place: Place;
}

export interface NcclNet {
  readonly name: string;
  readonly dev: number;
  readonly rateBps: number;
  readonly place: Place;
  /** As the file says it, of newer versions; -1 where it does not. */
  readonly rail: number;
}

/** Elements from the root of the tree, and what the PCIe links among them carry. */
export interface Place {
  readonly path: readonly XmlElement[];
}

export interface NcclNode {
  readonly gpus: readonly NcclGpu[];
  readonly nets: readonly NcclNet[];
  /** NVLinks of GPUs lead to NVSwitches. */
  readonly hasSwitches: boolean;
  /** CPUs are linked to GPUs by NVLink-C2C. */
  readonly hasC2c: boolean;
}

const LARGEST_FILE = 2 ** 24;
const MAX_DEVICES = 1024;

/** GB/s of an NVLink by compute capability, as NCCL counts them. */
const NVLINK_GBPS: readonly (readonly [sm: number, gbps: number])[] = [
  [100, 40.1],
  [90, 20.6],
  [87, 20],
  [86, 12],
  [80, 20],
  [70, 20],
  [60, 18],
];

/** @throws ScenarioError with the place of the first fault */
export async function readNode(file: SourceFile): Promise<NcclNode> {
  const gpus: { dev: number; sm: number; links: number; place: Place }[] = [];
  const nets: NcclNet[] = [];
  let [hasSwitches, hasC2c, isSystem] = [false, false, false];
  await readXml(file, LARGEST_FILE, {
    open(element, parents) {
      if (parents.length === 0) {
        if (element.name !== "system") element.fail("a topology file of NCCL has <system> around it");
        isSystem = true;
        return;
      }
      if (gpus.length + nets.length > MAX_DEVICES) element.fail(`more than ${MAX_DEVICES} GPUs and NICs`);
      const place = { path: [...parents] };
      if (element.name === "gpu") {
        gpus.push({ dev: element.whole("dev", 0, 1023), sm: element.whole("sm", 60, 999), links: 0, place });
      } else if (element.name === "nvlink") {
        if (parents.at(-1)?.name !== "gpu") element.fail("stands outside of a <gpu>");
        gpus.at(-1)!.links += element.whole("count", 1, 64);
        hasSwitches ||= element.text("tclass") === "0x068000";
      } else if (element.name === "net") {
        // A speed that is not known is 10 Gb/s to NCCL.
        const megabits = element.whole("speed", -1, 10_000_000);
        const name = element.text("name") ?? "net";
        nets.push({
          name,
          dev: element.whole("dev", 0, 1023),
          rateBps: (megabits <= 0 ? 10_000 : megabits) * 1e6,
          place,
          rail: element.whole("rail", -1, 1023, -1),
        });
      } else if (element.name === "c2c") {
        hasC2c = true;
      }
    },
  });
  if (!isSystem) file.fail("the file is empty");
  if (gpus.length === 0) file.fail("there is no <gpu>");
  if (nets.length === 0) file.fail("there is no <net>: the node has no NIC that NCCL knows");
  const listed = gpus.map(({ dev, sm, links, place }) => ({ dev, place, nvlinkBps: links * nvlinkBps(sm) }));
  return { gpus: listed.sort((a, b) => a.dev - b.dev), nets, hasSwitches, hasC2c };
}

function nvlinkBps(sm: number): number {
  return Math.round(NVLINK_GBPS.find(([least]) => sm >= least)![1] * 8e9);
}

/** Elements that both have above them. */
export function shared(a: Place, b: Place): number {
  let depth = 0;
  while (depth < a.path.length && depth < b.path.length && a.path[depth] === b.path[depth]) depth += 1;
  return depth;
}

/** Bit/s of the narrowest PCIe link between two places; infinite where none is known. */
export function pcieBps(a: Place, b: Place): number {
  const common = shared(a, b);
  const links = [...a.path.slice(common), ...b.path.slice(common)].filter(({ name }) => name === "pci");
  return links.reduce((least, link) => Math.min(least, linkBps(link)), Number.POSITIVE_INFINITY);
}

/** Lanes times transfers, less what their code takes (8b/10b below 8 GT/s, else 128b/130b). */
function linkBps(link: XmlElement): number {
  const speed = /^(\d{1,3}(?:\.\d{1,2})?) GT\/s/.exec(link.text("link_speed") ?? "")?.[1];
  const width = link.whole("link_width", 0, 64, 0);
  if (speed === undefined || width === 0) return Number.POSITIVE_INFINITY;
  return Number(speed) * 1e9 * width * (Number(speed) < 8 ? 8 / 10 : 128 / 130);
}
