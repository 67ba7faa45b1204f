/** Topology files of htsim (`.topo`): a fat tree of two or three tiers, tier by tier. */
import type { Imported, ImportFormat } from "../common/format.js";
import type { SourceFile } from "../common/source.js";

const LARGEST_FILE = 2 ** 20;
const MAX_NODES = 2 ** 15;
const GLOBAL = ["nodes", "tiers", "podsize"] as const;
const TIER = [
  ...["downlink_speed_gbps", "radix_up", "radix_down", "queue_up", "queue_down"],
  ...["oversubscribed", "bundle", "switch_latency_ns", "downlink_latency_ns"],
] as const;

type Values = Map<string, { readonly value: number; readonly line: number }>;

/** What is said of a tier of switches and of the links below it. */
interface Tier {
  readonly values: Values;
  readonly line: number;
}

export const htsimTopo: ImportFormat = {
  sentence: "A fat tree (.topo) of htsim: one file.",
  async read(files): Promise<Imported> {
    const [file, second] = files;
    if (second !== undefined) second.fail("a topology is one file; name one");
    const tiers: Tier[] = [];
    const all: Values = new Map();
    await file!.lines(LARGEST_FILE, (text, line) => readLine(file!, { text, line }, all, tiers));
    return new FatTree(file!, all, tiers).imported();
  },
};

function readLine(file: SourceFile, { text, line }: { text: string; line: number }, all: Values, tiers: Tier[]): void {
  const content = text.trim();
  if (content === "" || content.startsWith("#")) return;
  const [word, written, ...rest] = content.toLowerCase().split(/\s+/) as [string, string?, ...string[]];
  const value = written !== undefined && /^\d{1,12}$/.test(written) ? Number(written) : Number.NaN;
  if (rest.length > 0 || Number.isNaN(value)) {
    file.fail(`write a word and a whole number; found ${JSON.stringify(content.slice(0, 60))}`, { line });
  }
  if (word === "tier") {
    if (value !== tiers.length) file.fail(`Tier ${value} stands where Tier ${tiers.length} is expected`, { line });
    tiers.push({ values: new Map(), line });
    return;
  }
  const known: readonly string[] = tiers.length === 0 ? GLOBAL : TIER;
  if (!known.includes(word)) {
    file.fail(`${JSON.stringify(word.slice(0, 40))} is not known here; there are ${known.join(", ")}`, { line });
  }
  const values = tiers.at(-1)?.values ?? all;
  if (values.has(word)) file.fail(`${word} stands here twice`, { line });
  values.set(word, { value, line });
}

/**
 * Wired as htsim does: a leaf has links to every switch above it in its pod; switch i of a pod has
 * links to the cores i, i + n, i + 2n, … where a pod has n such switches.
 */
class FatTree {
  private readonly hosts: number;
  private readonly isThree: boolean;
  private readonly podHosts: number;

  constructor(
    private readonly file: SourceFile,
    private readonly all: Values,
    private readonly tiers: readonly Tier[],
  ) {
    this.hosts = this.global("nodes");
    const count = this.global("tiers");
    if (count !== 2 && count !== 3) file.fail(`Tiers is ${count}; write 2 or 3`, all.get("tiers")!);
    if (tiers.length !== count) file.fail(`there are ${tiers.length} tiers; Tiers is ${count}`, all.get("tiers")!);
    this.isThree = count === 3;
    this.podHosts = this.isThree ? this.global("podsize") : this.hosts;
    if (this.hosts < 2 || this.hosts > MAX_NODES) file.fail(`Nodes is from 2 to ${MAX_NODES}`, all.get("nodes")!);
  }

  imported(): Imported {
    const { hosts, podHosts } = this;
    const [down, up] = [this.of(0, "radix_down"), this.of(0, "radix_up")];
    const pods = this.exact(hosts, podHosts, "Nodes", "Podsize", this.all.get("nodes"));
    const podLeaves = this.exact(podHosts, down, "hosts of a pod", "Radix_Down of tier 0", this.tiers[0]);
    const podMiddle = this.exact(
      podLeaves * up,
      this.of(1, "radix_down"),
      "uplinks of a pod's leaves",
      "Radix_Down of tier 1",
      this.tiers[1],
    );
    const width = this.exact(
      podLeaves * up,
      podLeaves * podMiddle,
      "uplinks of a pod's leaves",
      "pairs of switches in it",
      this.tiers[1],
    );
    this.checkBundle(1, width);
    const links: Record<string, unknown>[] = [];
    for (let host = 0; host < hosts; host++) {
      links.push({ a: `h${host}`, b: `tor${Math.floor(host / down)}`, ...this.link(0) });
    }
    for (let leaf = 0; leaf < pods * podLeaves; leaf++) {
      const first = Math.floor(leaf / podLeaves) * podMiddle;
      for (let i = 0; i < podMiddle; i++) links.push({ a: `tor${leaf}`, b: `agg${first + i}`, ...this.link(1, width) });
    }
    const cores = this.isThree ? this.linkCores(pods, podMiddle, links) : 0;
    const switches = [
      ...this.switches("tor", pods * podLeaves, 0),
      ...this.switches("agg", pods * podMiddle, 1),
      ...this.switches("core", cores, 2),
    ];
    const names = Array.from({ length: hosts }, (_, host) => `h${host}`);
    const topology = { kind: "custom", hosts: names, switches, links };
    const workload = { kind: "collective", collective: "all-reduce", size: "64MiB" };
    return { ranks: hosts, sections: { topology, workload }, notes: this.notes() };
  }

  private linkCores(pods: number, podMiddle: number, links: Record<string, unknown>[]): number {
    const up = this.of(1, "radix_up");
    const tier = this.tiers[2]!;
    const cores = this.exact(
      pods * podMiddle * up,
      this.of(2, "radix_down"),
      "uplinks of all pods",
      "Radix_Down of tier 2",
      tier,
    );
    const perSwitch = this.exact(cores, podMiddle, "cores", "switches of a pod", tier);
    const width = this.exact(up, perSwitch, "Radix_Up of tier 1", "cores of a switch", tier);
    this.checkBundle(2, width);
    for (let middle = 0; middle < pods * podMiddle; middle++) {
      for (let i = 0; i < perSwitch; i++) {
        links.push({ a: `agg${middle}`, b: `core${(middle % podMiddle) + i * podMiddle}`, ...this.link(2, width) });
      }
    }
    return cores;
  }

  private switches(name: string, count: number, tier: number): unknown[] {
    const latency = `${this.optional(tier, "switch_latency_ns") ?? 0}ns`;
    return Array.from({ length: count }, (_, i) => ({ name: `${name}${i}`, latency }));
  }

  private link(tier: number, count = 1) {
    const latency = `${this.of(tier, "downlink_latency_ns")}ns`;
    const rate = `${this.of(tier, "downlink_speed_gbps")}Gbps`;
    return { rate, latency, fecLatency: "0ns", ...(count > 1 && { count }) };
  }

  private checkBundle(tier: number, width: number): void {
    const bundle = this.tiers[tier]!.values.get("bundle");
    if (bundle === undefined || bundle.value === width) return;
    this.file.fail(`Bundle is ${bundle.value}; the radices make ${width} links between two switches`, bundle);
  }

  private notes(): string[] {
    const queues = this.tiers.some(({ values }) => values.has("queue_up") || values.has("queue_down"));
    return [
      ...(queues ? ["Queue_Up and Queue_Down are not read: they count packets; write switch.buffer"] : []),
      "the workload is an all-reduce of 64 MiB; write your own; preset: htsim has htsim's rules of packets",
    ];
  }

  private global(name: (typeof GLOBAL)[number]): number {
    const of = this.all.get(name) ?? this.file.fail(`there is no ${name}`);
    return of.value > 0 ? of.value : this.file.fail(`${name} is 0`, of);
  }

  private optional(tier: number, name: (typeof TIER)[number]): number | undefined {
    return this.tiers[tier]?.values.get(name)?.value;
  }

  private of(tier: number, name: (typeof TIER)[number]): number {
    const { values, line } = this.tiers[tier]!;
    const of = values.get(name) ?? this.file.fail(`tier ${tier} has no ${name}`, { line });
    return of.value > 0 || name.endsWith("_ns") ? of.value : this.file.fail(`${name} is 0`, of);
  }

  /** A quotient without a rest. */
  private exact(value: number, by: number, what: string, divisor: string, at: { line: number } | undefined): number {
    if (by > 0 && value % by === 0) return value / by;
    return this.file.fail(`${what}, ${value}, are no multiple of ${divisor}, ${by}`, at ?? {});
  }
}
