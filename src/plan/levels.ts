/**
 * Levels of links and of switches, a row each. A topology that needs a level of its own adds its
 * row here, and names the level in its facts (`src/scenario/types/topology-facts.ts`): the schema,
 * the defaults, the rules about parts and rates, and the reports go by these rows.
 */

export interface LinkLevelRow {
  /** Between what its links are, for the schema. */
  readonly sentence: string;
  /** What applies where a scenario leaves it out. */
  readonly rate: string;
  readonly length: string;
  /** How many switches there are follows from the rate of its ports. */
  readonly countsPorts: boolean;
}

/** Levels that `links` has settings for, from the hosts up; the scale-up network's is apart. */
export const LINK_LEVELS = {
  access: { sentence: "Between a GPU's NIC and its leaf.", rate: "400Gbps", length: "3m", countsPorts: true },
  fabric: {
    sentence: "Between a leaf and the switches above it.",
    rate: "400Gbps",
    length: "30m",
    countsPorts: true,
  },
  core: { sentence: "Below the top switches of three tiers.", rate: "400Gbps", length: "100m", countsPorts: true },
  border: {
    sentence: "Between the top switches of a site and its border switch.",
    rate: "400Gbps",
    length: "100m",
    countsPorts: false,
  },
  local: {
    sentence: "Between the routers of a group of a dragonfly.",
    rate: "400Gbps",
    length: "5m",
    countsPorts: false,
  },
  global: { sentence: "Between the groups of a dragonfly.", rate: "400Gbps", length: "100m", countsPorts: false },
} as const satisfies Record<string, LinkLevelRow>;

export type LinkLevelName = keyof typeof LINK_LEVELS;

export const LINK_LEVEL_NAMES = Object.keys(LINK_LEVELS) as readonly LinkLevelName[];

/** Level of the links between sites, each of which has a rate and a length of its own. */
export const LONG_HAUL = "longHaul";

export interface SwitchLevelRow {
  /** Names of its switches begin with it. */
  readonly prefix: string;
  /** Hosts hang on it, and nothing takes over for it. */
  readonly isEdge: boolean;
}

export const SWITCH_LEVELS = {
  leaf: { prefix: "leaf", isEdge: true },
  spine: { prefix: "spine", isEdge: false },
  aggregation: { prefix: "agg", isEdge: false },
  core: { prefix: "core", isEdge: false },
  border: { prefix: "border", isEdge: false },
  router: { prefix: "router", isEdge: true },
  /** Of a listed fabric. */
  switch: { prefix: "switch", isEdge: false },
  /** Of the scale-up network of a node. */
  nvswitch: { prefix: "nvswitch", isEdge: true },
} as const satisfies Record<string, SwitchLevelRow>;

export type SwitchLevel = keyof typeof SWITCH_LEVELS;
