/** Communication of a Chakra trace: who takes part, and that all ends are there. */
import type { AlgorithmName, CollectiveName } from "../../../plan/collectives.js";
import type { SourceFile } from "../common/source.js";
import type { TraceBuilder } from "../common/trace-builder.js";
import type { ProcessGroups } from "./groups.js";
import { type AttributeValue, type ChakraNode, MessageFault } from "./node.js";

/** By CollectiveCommType. */
const COLLECTIVES: readonly CollectiveName[] = [
  "all-reduce",
  "reduce",
  "all-gather",
  "gather",
  "scatter",
  "broadcast",
  "all-to-all",
  "reduce-scatter",
  "reduce-scatter",
  "barrier",
];
/** What a rank puts in is one part of what heddle counts as its buffer. */
const COUNTS_SHARE: readonly CollectiveName[] = ["all-gather", "gather"];
const ROOTED: readonly CollectiveName[] = ["reduce", "gather", "scatter", "broadcast"];
const LARGEST_BYTES = 2 ** 43;

interface Use {
  readonly what: string;
  readonly ranks: readonly number[];
  /** How often each of the ranks does it. */
  readonly counts: Uint32Array;
}

/** A node that communicates. */
export interface Communication {
  readonly communicator: number;
  readonly label: string;
  readonly kind: "send" | "receive" | "collective";
  /** Of collectives: the group, whose collectives follow one another. */
  readonly group: string;
}

/** By which algorithm collectives work; left out: `auto`. */
export type Algorithms = Readonly<Partial<Record<CollectiveName, AlgorithmName | "auto">>>;

export class Communications {
  private readonly uses = new Map<number, Use>();

  constructor(
    private readonly trace: TraceBuilder,
    private readonly groups: ProcessGroups,
    private readonly rankCount: number,
    private readonly algorithms: Algorithms,
  ) {}

  /**
   * A collective; undefined where there is nothing to do: one rank, or no bytes.
   * @throws MessageFault
   */
  collective(rank: number, { attributes }: ChakraNode): Communication | undefined {
    const type = whole(attributes, "comm_type", 0, COLLECTIVES.length - 1);
    const collective = COLLECTIVES[type!] ?? fault("has no comm_type");
    const group = groupName(attributes);
    const ranks = this.groups.of(group);
    if (ranks === undefined) {
      const known = this.groups.names.slice(0, 20).join(", ") || "none";
      throw new MessageFault(
        `is in the process group ${JSON.stringify(group)}, which nothing defines; known: ${known}`,
      );
    }
    const place = ranks.indexOf(rank);
    if (place < 0)
      throw new MessageFault(`is in the process group ${JSON.stringify(group)}, which rank ${rank} is not in`);
    checkDimensions(attributes);
    const given = collective === "barrier" ? 0 : whole(attributes, "comm_size", 0, LARGEST_BYTES);
    const bytes = (given ?? fault("has no comm_size")) * (COUNTS_SHARE.includes(collective) ? ranks.length : 1);
    if (ranks.length === 1 || (bytes === 0 && collective !== "barrier")) return undefined;
    const root = ROOTED.includes(collective) ? this.rootOf(attributes, ranks) : 0;
    const communicator = this.trace.communicator(`${group} ${collective} ${bytes} ${root}`, () => {
      return { kind: "collective", collective, ranks, bytes, root, algorithm: this.algorithms[collective] ?? "auto" };
    });
    this.count(communicator, place, () => ({ what: `${collective} of ${bytes} B of group ${group || "0"}`, ranks }));
    return { communicator, label: collective, kind: "collective", group };
  }

  /** A send or a receive. @throws MessageFault */
  message(rank: number, { attributes, type }: ChakraNode, sendType: number): Communication | undefined {
    const isSend = type === sendType;
    const peer = whole(attributes, isSend ? "comm_dst" : "comm_src", 0, this.rankCount - 1);
    if (peer === undefined) fault(`has no ${isSend ? "comm_dst" : "comm_src"}: the trace does not say with whom`);
    const own = whole(attributes, isSend ? "comm_src" : "comm_dst", 0, this.rankCount - 1) ?? rank;
    if (own !== rank) fault(`is of rank ${own}, in the file of rank ${rank}`);
    if (peer === rank) fault("is a message from a rank to itself");
    const tag = whole(attributes, "comm_tag", 0, 2 ** 32 - 1) ?? 0;
    const bytes =
      whole(attributes, "comm_size", 0, LARGEST_BYTES) ?? whole(attributes, "tensor_size", 0, LARGEST_BYTES);
    if (bytes === undefined) fault("has no comm_size");
    if (bytes === 0) return undefined;
    const [src, dst] = isSend ? [rank, peer!] : [peer!, rank];
    const communicator = this.trace.communicator(`${src} ${dst} ${tag} ${bytes} message`, () => {
      return { kind: "message", src, dst, bytes: bytes!, rendezvous: false };
    });
    const what = `a message of ${bytes} B from rank ${src} to rank ${dst} with tag ${tag}`;
    this.count(communicator, isSend ? 0 : 1, () => ({ what, ranks: [src, dst] }));
    return { communicator, label: isSend ? "send" : "receive", kind: isSend ? "send" : "receive", group: "" };
  }

  /** That all ends of each are there. @param files by rank */
  finish(files: readonly SourceFile[]): void {
    for (const { what, ranks, counts } of this.uses.values()) {
      const most = counts.reduce((a, b) => Math.max(a, b), 0);
      const fewer = counts.findIndex((count) => count < most);
      if (fewer < 0) continue;
      const other = counts.indexOf(most);
      const does = `has ${what} ${times(counts[fewer]!)}, and rank ${ranks[other]} ${times(most)}`;
      files[ranks[fewer]!]!.fail(`${does}; it would wait for ever`);
    }
  }

  private rootOf(attributes: ChakraNode["attributes"], ranks: readonly number[]): number {
    for (const name of ["root", "comm_root", "root_rank"]) {
      const root = whole(attributes, name, 0, this.rankCount - 1);
      if (root === undefined) continue;
      const place = ranks.indexOf(root);
      return place >= 0 ? place : fault(`has the ${name} ${root}, which is not in its process group`);
    }
    return 0;
  }

  private count(communicator: number, place: number, of: () => Omit<Use, "counts">): void {
    let use = this.uses.get(communicator);
    if (use === undefined) {
      const made = of();
      use = { ...made, counts: new Uint32Array(made.ranks.length) };
      this.uses.set(communicator, use);
    }
    use.counts[place]! += 1;
  }
}

function groupName(attributes: ChakraNode["attributes"]): string {
  const name = attributes.get("pg_name");
  if (name === undefined) return "";
  return typeof name === "string" || typeof name === "number" ? String(name) : fault("has a pg_name that is no text");
}

/** ASTRA-sim's choice of dimensions of its own topologies. */
function checkDimensions(attributes: ChakraNode["attributes"]): void {
  const dimensions = attributes.get("involved_dim");
  if (!Array.isArray(dimensions) || !dimensions.includes(false) || attributes.has("pg_name")) return;
  fault("names dimensions of a topology (involved_dim); write process groups instead");
}

function whole(attributes: ChakraNode["attributes"], name: string, least: number, most: number): number | undefined {
  const value: AttributeValue | undefined = attributes.get(name);
  if (value === undefined) return undefined;
  if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) return value;
  return fault(`${name} is ${JSON.stringify(value)}; it should be a whole number from ${least} to ${most}`);
}

function fault(message: string): never {
  throw new MessageFault(message);
}

function times(count: number): string {
  return count === 1 ? "once" : `${count} times`;
}
