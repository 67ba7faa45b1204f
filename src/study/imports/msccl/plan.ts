/** An execution plan of MSCCL++ (JSON), read and checked part by part. */
import type { SourceFile } from "../common/source.js";

const LARGEST_FILE = 2 ** 26;
const MAX_GPUS = 1024;
const MAX_CHUNKS = 2 ** 20;
const MAX_OPS = 2 ** 20;
/** Of one type and GPU. */
const MAX_CHANNELS = 4096;

const CHANNEL_TYPES = ["memory", "port"] as const;
export type ChannelType = (typeof CHANNEL_TYPES)[number];

/** Operations with a counterpart; others are refused by name. */
const OPS = [
  ...(["nop", "barrier", "signal", "rlxsignal", "wait", "rlxwait", "put", "pws", "pwsf", "flush"] as const),
  ...(["get", "copy", "re", "res", "rre", "rres"] as const),
] as const;
export type OpName = (typeof OPS)[number];

/** Chunks here, or at another GPU. */
export interface PlanBuffer {
  /** Undefined for this GPU. */
  readonly rank: number | undefined;
  readonly chunks: number;
}

/** The end of a channel: the `place`-th of its type that leads to the peer. */
export interface ChannelEnd {
  readonly type: ChannelType;
  readonly peer: number;
  readonly place: number;
}

export interface PlanOp {
  readonly name: OpName;
  readonly channels: readonly ChannelEnd[];
  readonly sources: readonly PlanBuffer[];
  readonly targets: readonly PlanBuffer[];
  readonly barrier: { readonly id: number; readonly blocks: number };
  /** Several threadblocks share what it moves. */
  readonly share: number;
  /** In the document. */
  readonly path: string;
}

export interface Plan {
  readonly file: SourceFile;
  /** Chunks of the larger buffer of each GPU. */
  readonly chunks: number;
  /** By GPU and threadblock. */
  readonly gpus: readonly (readonly (readonly PlanOp[])[])[];
}

/** A value of the document, and where it is. */
class At {
  constructor(
    readonly file: SourceFile,
    readonly value: unknown,
    readonly path: string,
  ) {}

  fail(message: string): never {
    return this.file.fail(`${this.path === "" ? "the plan" : this.path}: ${message}`);
  }

  /** A key of a map; undefined where it is not there. */
  maybe(key: string): At | undefined {
    if (typeof this.value !== "object" || this.value === null || Array.isArray(this.value)) this.fail("is no map");
    const map = this.value as Readonly<Record<string, unknown>>;
    const path = this.path === "" ? key : `${this.path}.${key}`;
    return Object.hasOwn(map, key) ? new At(this.file, map[key], path) : undefined;
  }

  key(key: string): At {
    return this.maybe(key) ?? this.fail(`${key} is missing`);
  }

  list(): At[] {
    if (!Array.isArray(this.value)) this.fail("is no list");
    return (this.value as unknown[]).map((each, i) => new At(this.file, each, `${this.path}[${i}]`));
  }

  whole(least: number, most: number): number {
    const { value } = this;
    if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) return value;
    return this.fail(`is ${JSON.stringify(value)?.slice(0, 60)}; write a whole number from ${least} to ${most}`);
  }

  text(): string {
    return typeof this.value === "string" ? this.value : this.fail("is no text");
  }

  choice<const T extends string>(words: readonly T[], what: string): T {
    const text = this.text();
    const word = words.find((each) => each === text);
    return word ?? this.fail(`${JSON.stringify(text.slice(0, 60))} is ${what}; supported: ${words.join(", ")}`);
  }
}

/** @throws ScenarioError with the path of the first fault in the document */
export async function readPlan(file: SourceFile): Promise<Plan> {
  const text = await file.text(LARGEST_FILE);
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (cause) {
    file.fail(`is no JSON: ${(cause as Error).message.slice(0, 120)}`);
  }
  const root = new At(file, document, "");
  root.key("collective").choice(["allreduce", "allgather"], "no collective of plans that are run");
  root.maybe("protocol")?.choice(["Simple"], "a protocol of packets with flags, which has no counterpart");
  const gpus = root.key("gpus").list();
  if (gpus.length < 2 || gpus.length > MAX_GPUS) root.key("gpus").fail(`${gpus.length} GPUs; write 2 to ${MAX_GPUS}`);
  let ops = 0;
  let chunks = 0;
  const read = gpus.map((gpu, rank) => {
    if (gpu.key("id").whole(0, gpus.length - 1) !== rank) gpu.key("id").fail(`should be ${rank}: GPUs stand in order`);
    const own = ["input_chunks", "output_chunks"].map((key) => gpu.key(key).whole(0, MAX_CHUNKS));
    chunks = Math.max(chunks, ...own);
    const site: GpuSite = { rank, ends: channelsOf(gpu, rank, gpus.length), buffers: buffersOf(gpu, gpus.length) };
    const blocks = gpu.key("threadblocks").list();
    return blocks.map((block, tb) => {
      if (block.key("id").whole(0, blocks.length - 1) !== tb)
        block.key("id").fail(`should be ${tb}: they stand in order`);
      const list = block.key("ops").list();
      ops += list.length;
      if (ops > MAX_OPS) block.fail(`more than ${MAX_OPS} operations in the plan`);
      const place = placeOf(block, site);
      return list.map((op) => opOf(op, place));
    });
  });
  if (chunks === 0) root.fail("no GPU has chunks of input or output");
  return { file, chunks, gpus: read };
}

interface GpuSite {
  readonly rank: number;
  /** By type and number. */
  readonly ends: Readonly<Record<ChannelType, readonly ChannelEnd[]>>;
  /** Ranks of remote buffers. */
  readonly buffers: readonly number[];
}

function channelsOf(gpu: At, rank: number, ranks: number): Record<ChannelType, ChannelEnd[]> {
  const ends: Record<ChannelType, ChannelEnd[]> = { memory: [], port: [] };
  for (const channel of gpu.maybe("channels")?.list() ?? []) {
    const type = channel.key("channel_type").choice(CHANNEL_TYPES, "a type of channels that is not run");
    for (const each of channel.key("connected_to").list()) {
      const peer = each.whole(0, ranks - 1);
      if (peer === rank) each.fail("a channel from a GPU to itself");
      if (ends[type].length >= MAX_CHANNELS) each.fail(`more than ${MAX_CHANNELS} channels of ${type}`);
      ends[type].push({ type, peer, place: ends[type].filter((end) => end.peer === peer).length });
    }
  }
  return ends;
}

function buffersOf(gpu: At, ranks: number): number[] {
  return (gpu.maybe("remote_buffers")?.list() ?? []).map((buffer) => buffer.key("rank").whole(0, ranks - 1));
}

/** What the numbers of channels and buffers mean in a threadblock. */
interface BlockPlace {
  readonly ends: Readonly<Record<ChannelType, readonly ChannelEnd[]>>;
  readonly buffers: Readonly<Record<ChannelType, readonly number[]>>;
}

function placeOf(block: At, { ends, buffers }: GpuSite): BlockPlace {
  const own: Record<ChannelType, ChannelEnd[]> = { memory: [], port: [] };
  const remote: Record<ChannelType, number[]> = { memory: [], port: [] };
  for (const each of block.maybe("channels")?.list() ?? []) {
    const type = each.key("channel_type").choice(CHANNEL_TYPES, "a type of channels that is not run");
    for (const id of each.key("channel_ids").list()) {
      own[type].push(
        ends[type][id.whole(0, MAX_OPS)] ?? id.fail(`the GPU has ${ends[type].length} channels of ${type}`),
      );
    }
  }
  for (const each of block.maybe("remote_buffer_refs")?.list() ?? []) {
    const type = each.key("access_channel_type").choice(CHANNEL_TYPES, "a type of channels that is not run");
    for (const id of each.key("remote_buffer_ids").list()) {
      remote[type].push(buffers[id.whole(0, MAX_OPS)] ?? id.fail(`the GPU has ${buffers.length} remote buffers`));
    }
  }
  return { ends: own, buffers: remote };
}

function opOf(op: At, place: BlockPlace): PlanOp {
  const name = op.key("name").choice(OPS, "an operation without a counterpart");
  const type =
    op.maybe("channel_type")?.choice([...CHANNEL_TYPES, "none"], "a type of channels that is not run") ?? "none";
  const channels = (op.maybe("channel_ids")?.list() ?? []).map((id) => {
    if (type === "none") op.fail("channel_ids without a channel_type");
    return place.ends[type as ChannelType][id.whole(0, MAX_OPS)] ?? id.fail("the threadblock has no such channel");
  });
  const buffers = (key: string) =>
    (op.maybe(key)?.list() ?? []).map((buffer): PlanBuffer => {
      const chunks = buffer.key("size").whole(1, MAX_CHUNKS);
      if (buffer.maybe("switch_channel_id")) buffer.fail("switches reduce nothing in a plan; no counterpart");
      const id = buffer.maybe("buffer_id");
      if (id === undefined) return { rank: undefined, chunks };
      if (type === "none") op.fail("a remote buffer without a channel_type");
      const rank = place.buffers[type as ChannelType][id.whole(0, MAX_OPS)];
      return { rank: rank ?? id.fail("the threadblock has no such remote buffer"), chunks };
    });
  return {
    name,
    channels,
    sources: buffers("src_buff"),
    targets: buffers("dst_buff"),
    barrier: {
      id: op.maybe("barrier_id")?.whole(0, MAX_OPS) ?? 0,
      blocks: op.maybe("num_threadblocks")?.whole(1, MAX_OPS) ?? 1,
    },
    share: op.maybe("tbg_info")?.key("tbg_size").whole(1, MAX_OPS) ?? 1,
    path: op.path,
  };
}
