/** The sections of a scenario: the one source of what is accepted, of its defaults, and of the JSON Schema. */
import { z } from "zod";
import { classes } from "./classes.js";
import { nic, switchParams, wire } from "./devices.js";
import { faults } from "./faults.js";
import { quantityOr, show, text, whole } from "./fields.js";
import { ecn, flowControl } from "./flow-control.js";
import { links } from "./links.js";
import { routing } from "./routing.js";
import { placement, topology } from "./topology.js";
import { transport } from "./transport.js";
import { workload } from "./workload.js";

export const SECTIONS = {
  version: z
    .literal(1, { error: (issue) => `version ${show(issue.input)} is not supported by this version; supported: 1` })
    .meta({ description: "Version of the scenario language." })
    .prefault(1),
  name: text(200, "Name of the scenario, for results."),
  seed: whole(0, 2 ** 32 - 1, "Seed of everything random.").prefault(1),
  topology,
  links,
  switch: switchParams,
  nic,
  wire,
  routing,
  flowControl,
  classes,
  ecn,
  transport,
  placement,
  workload,
  faults,
  timeLimit: quantityOr(
    "time",
    { none: Number.POSITIVE_INFINITY },
    {
      description: "Simulated time after which the run is cut off.",
      min: "1ns",
      max: "9000s",
      examples: ["10ms"],
    },
  ).prefault("none"),
};

export type SectionName = keyof typeof SECTIONS;

/** The sections after validation, units resolved. */
export type Sections = { readonly [K in SectionName]: z.output<(typeof SECTIONS)[K]> };

/** Every top-level key. */
export const TOP_LEVEL_KEYS: readonly string[] = ["preset", ...Object.keys(SECTIONS)];
