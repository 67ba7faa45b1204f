import { z } from "zod";
import { MAX_PORTS } from "../../plan/limits.js";
import { choice, faulty, kinds, object, quantity, real, text, truth, whole } from "./fields.js";
import {
  fecLatency,
  innerCodeLatency,
  LONGEST_CABLE,
  LONGEST_LINK,
  linkBer,
  linkFrameLoss,
  linkOptic,
  linkRate,
  linkRetry,
} from "./links.js";

/** Each has an address, of 19 bits; and so has each place under a leaf that is left free. */
export const MAX_GPUS = 2 ** 19;

/** Of any device: the core numbers ports of a device in ten bits. */

function gpusError({ input }: { input?: unknown }): string {
  const reason = typeof input === "number" && input > MAX_GPUS ? ": packets have 19 bits for an address" : "";
  return `${faulty(input, "a whole number")}; write one from 1 to ${MAX_GPUS}${reason}`;
}

const clos = {
  gpus: z
    .int({ error: gpusError })
    .min(1, { error: gpusError })
    .max(MAX_GPUS, { error: gpusError })
    .meta({ description: "GPUs in the cluster; each is one rank." }),
  gpusPerNode: whole(1, MAX_PORTS / 2, "GPUs of a node, joined by an NVSwitch. 1 means no scale-up network.").prefault(
    8,
  ),
  radix: whole(
    2,
    MAX_PORTS,
    "Switch ports, counted at the access rate: a port of a faster level takes the place of several.",
  ).prefault(64),
  oversubscription: real(
    0.125,
    64,
    "Host-facing to spine-facing bandwidth at the leaf: 1 is non-blocking, 3 is 3:1.",
  ).prefault(1),
  scaleUp: truth("Join the GPUs of a node by a scale-up network. Left out: where a node has several GPUs.").optional(),
  nvSwitches: whole(
    1,
    64,
    "NVSwitches of a node: a GPU has a port to each, over which its messages in the node are split. 1 stands for all of them.",
  ).prefault(1),
  planes: whole(
    1,
    8,
    "Parallel fabrics. A NIC has a port to each, and a link of a plane has its share of the rate that `links` states; so do ports of switches. Queue pairs go over all planes in turn.",
  ).prefault(1),
  dualHomed: truth(
    "Dual-ToR: a NIC has a port of half its rate to each of two leaves. With planes: 2 the two leaves are in different planes.",
  ).prefault(false),
};

const leafLimit = whole(
  1,
  MAX_PORTS,
  "GPUs of a leaf at most, with one port each; of rails, nodes. Left out: as many as the radix allows.",
).optional();

/** Of three tiers. */
const pods = {
  leavesPerPod: whole(1, MAX_PORTS, "Leaves of a pod at most. Left out: as many as the radix allows.").optional(),
  coreOversubscription: real(
    0.125,
    64,
    "Bandwidth below the switches of a pod to that between pods: 1 is non-blocking, 7 is 7:1.",
  ).prefault(1),
};

const tiersOf = <const T extends 2 | 1>(least: T, fallback: 1 | 2 | 3, description = "Levels of switches.") =>
  z
    .union(least === 1 ? [z.literal(1), z.literal(2), z.literal(3)] : [z.literal(2), z.literal(3)], {
      error: (issue) => `${faulty(issue.input, "a number of tiers")}; write ${least === 1 ? "1, " : ""}2 or 3`,
    })
    .meta({ description })
    .prefault(fallback) as unknown as z.ZodType<T extends 1 ? 1 | 2 | 3 : 2 | 3, T extends 1 ? 1 | 2 | 3 : 2 | 3>;

const spines = whole(
  1,
  MAX_PORTS,
  "Spines of two tiers, over which a leaf's uplinks are spread evenly. Left out: the fewest that have the ports.",
).optional();

const leafSpine = object(
  {
    kind: z.literal("leaf-spine"),
    ...clos,
    tiers: z
      .literal(2, { error: "a leaf-spine fabric has 2 tiers; for 3 write kind: fat-tree" })
      .meta({ description: "Levels of switches." })
      .prefault(2),
    spines,
    gpusPerLeaf: leafLimit,
  },
  "Leaves under the nodes, every leaf linked to every spine.",
);

const fatTree = object(
  { kind: z.literal("fat-tree"), ...clos, tiers: tiersOf(2, 3), gpusPerLeaf: leafLimit, ...pods },
  "A folded Clos of 2 or 3 tiers; the GPUs of a node share a leaf.",
);

const railOptimized = object(
  { kind: z.literal("rail-optimized"), ...clos, tiers: tiersOf(2, 2), spines, gpusPerLeaf: leafLimit, ...pods },
  "GPU i of every node is linked to the leaves of rail i; the rails meet at the spines.",
);

const railOnly = object(
  {
    kind: z.literal("rail-only"),
    ...clos,
    tiers: tiersOf(1, 1, "Levels of switches of a rail: 1 is one switch for each."),
  },
  "GPU i of every node is linked to rail i, and nothing joins the rails: what is for another rail goes over the scale-up network first, to the GPU of its node on that rail.",
);

const dragonfly = object(
  {
    kind: z.literal("dragonfly"),
    gpusPerNode: clos.gpusPerNode,
    scaleUp: clos.scaleUp,
    nvSwitches: clos.nvSwitches,
    dragonfly: object(
      {
        a: whole(1, MAX_PORTS, "Routers of a group, each linked to every other."),
        p: whole(1, MAX_PORTS, "Hosts of a router."),
        h: whole(1, MAX_PORTS, "Links of a router to other groups."),
        groups: whole(2, MAX_GPUS, "Groups: a*h + 1 at most. Each has links to every other."),
        lanes: z
          .union([z.literal(1), z.literal(2), z.literal(3)], {
            error: "not a number of lanes; write 2, 3 where packets go over third groups, or 1 for none",
          })
          .meta({
            description:
              "Virtual channels that keep a lossless fabric free of deadlock. Minimal ways need 2: what goes to groups of higher numbers is queued apart from the rest. Ways over a third group (valiant, ugal-l, ugal-g) need 3, one more with each link between groups. Left out: as many as are needed. 1: none.",
          })
          .optional(),
      },
      "Its shape. Balanced is a = 2p = 2h.",
    ),
  },
  "Groups of routers, all linked to each other, and groups all linked to each other. It has a*p*groups GPUs. Routing takes minimal ways, or goes over a third group: valiant, ugal-l, ugal-g.",
);

const siteName = text(32, "Name of the site; names of its switches begin with it.");

const site = object(
  {
    name: siteName,
    topology: kinds(
      ["leaf-spine", "fat-tree", "rail-optimized"],
      [],
      [leafSpine, fatTree, railOptimized],
      "The fabric of the site.",
    ),
  },
  "A site. Ranks are numbered site by site.",
);

const longLinks = object(
  {
    a: text(32, "Site at one end."),
    b: text(32, "Site at the other end."),
    links: whole(1, MAX_PORTS - 1, "How many such links side by side."),
    rate: linkRate("Bandwidth of each direction of one of them.").prefault("400Gbps"),
    length: quantity("length", {
      description: "Length, at 5 ns/m: 100 km are 500 us one way.",
      max: LONGEST_CABLE,
      examples: ["100km"],
    }).optional(),
    latency: quantity("time", {
      description: "One-way latency; goes before length.",
      max: LONGEST_LINK,
      examples: ["500us"],
    }).optional(),
    optic: linkOptic.prefault("auto"),
    fecLatency: fecLatency.optional(),
    ber: linkBer.prefault(0),
    frameLossRatio: linkFrameLoss.prefault(0),
    llr: linkRetry.prefault(false),
  },
  "Links between the border switches of two sites.",
);

const multiDatacenter = object(
  {
    kind: z.literal("multi-datacenter"),
    sites: z
      .array(site, { error: "not a list of sites; write e.g. [{ name: east, topology: { … } }]" })
      .min(2, { error: "a single site; write two or more, or its topology by itself" })
      .max(64, { error: "at most 64 sites" })
      .meta({ description: "Sites, each a fabric of its own with one border switch above its top switches." }),
    between: z
      .array(longLinks, { error: "not a list of links; write e.g. [{ a: east, b: west, links: 64, length: 100km }]" })
      .min(1, { error: "sites need links; write e.g. [{ a: east, b: west, links: 64, length: 100km }]" })
      .meta({ description: "What joins the sites. Packets take the ways over the fewest sites." }),
  },
  "Sites, joined by long links.",
);

const deviceName = (what: string) => text(64, what);

const customSwitch = z
  .union(
    [
      deviceName("Name of the switch."),
      object(
        {
          name: deviceName("Name of the switch."),
          latency: quantity("time", {
            description: "Pipeline latency. Left out: as the scenario's switch.",
            max: "1ms",
            examples: ["600ns"],
          }).optional(),
          buffer: quantity("size", {
            description: "Shared packet buffer. Left out: as the scenario's switch.",
            min: "1KiB",
            max: "4GB",
            examples: ["64MiB"],
          }).optional(),
        },
        "A switch that differs from the scenario's `switch`.",
      ),
    ],
    { error: "not a switch; write a name, or { name: s0, latency: 600ns, buffer: 64MiB }" },
  )
  .meta({ description: "A name, or a map with what differs." });

const customLink = object(
  {
    a: deviceName("Host or switch at one end."),
    b: deviceName("Host or switch at the other end."),
    rate: linkRate(
      "Bandwidth of each direction. Left out: of `links.access` at a host, else of `links.fabric`.",
    ).optional(),
    latency: quantity("time", {
      description: "One-way latency; goes before length.",
      max: LONGEST_LINK,
      examples: ["1us"],
    }).optional(),
    length: quantity("length", { description: "Length, at 5 ns/m.", max: LONGEST_CABLE, examples: ["30m"] }).optional(),
    optic: linkOptic.optional(),
    fecLatency: fecLatency.optional(),
    innerCodeLatency: innerCodeLatency.optional(),
    ber: linkBer.optional(),
    frameLossRatio: linkFrameLoss.optional(),
    llr: linkRetry.optional(),
    cost: whole(1, 65_535, "What it costs: packets take the ways whose links cost the least together.").prefault(1),
    count: whole(1, MAX_PORTS, "How many such links side by side.").prefault(1),
  },
  "A link, two independent directions.",
);

const custom = object(
  {
    kind: z.literal("custom"),
    hosts: z
      .array(deviceName("Name of a host."), { error: "not a list of hosts; write e.g. [h0, h1]" })
      .min(2, { error: "a fabric needs at least 2 hosts" })
      .max(MAX_GPUS, { error: `at most ${MAX_GPUS} hosts` })
      .meta({ description: "Host names; each host is one rank, with a NIC for each of its links." }),
    rankOrder: z
      .array(deviceName("Name of a host."), { error: "not a list of hosts; write e.g. [h1, h0]" })
      .meta({ description: "All hosts in the order of their ranks. Left out: as `hosts` lists them." })
      .optional(),
    gpusPerNode: whole(
      1,
      MAX_PORTS / 2,
      "Hosts of a node, in the order of ranks, joined by an NVSwitch over `links.scaleUp`. 1 means no nodes.",
    ).prefault(1),
    scaleUp: clos.scaleUp,
    nvSwitches: clos.nvSwitches,
    switches: z
      .array(customSwitch, { error: "not a list of switches; write e.g. [s0, s1]" })
      .meta({ description: "Switches. Left out: links join hosts." })
      .prefault([]),
    links: z
      .array(customLink, { error: "not a list of links; write e.g. [{ a: h0, b: s0 }]" })
      .min(1, { error: "a fabric needs links" })
      .meta({ description: "Links. Ports of a device are numbered in the order in which the links name it." }),
  },
  "A fabric listed link by link. Routing takes all ways of the least cost; hosts do not forward.",
);

export const topology = kinds(
  ["leaf-spine", "fat-tree", "rail-optimized", "rail-only", "dragonfly", "multi-datacenter", "custom"],
  [],
  [leafSpine, fatTree, railOptimized, railOnly, dragonfly, multiDatacenter, custom],
  "The fabric.",
).meta({ examples: [{ kind: "rail-optimized", gpus: 1024, gpusPerNode: 8, radix: 64, tiers: 2 }] });

export const placement = choice(
  ["packed"],
  ["strided", "random"],
  "Order of ranks: packed is by node, then by GPU in the node.",
).prefault("packed");
