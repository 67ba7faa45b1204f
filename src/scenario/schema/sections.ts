/**
 * The sections of a scenario: the one source of what is accepted, of its defaults, and of the JSON
 * Schema.
 */
import { z } from "zod";
import { anyWorkload } from "./any-workload.js";
import { availability, checkpoint } from "./availability.js";
import { classes } from "./classes.js";
import { nic, switchParams, wire } from "./devices.js";
import { faults } from "./faults.js";
import { quantityOr, show, text, whole } from "./fields.js";
import { ecn, flowControl } from "./flow-control.js";
import { jobs } from "./jobs.js";
import { links } from "./links.js";
import { optics } from "./optics.js";
import { reduction } from "./reduction.js";
import { routing } from "./routing.js";
import { placement, topology } from "./topology.js";
import { gpu } from "./training.js";
import { transport } from "./transport.js";

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
  reduction,
  gpu,
  workload: anyWorkload,
  jobs,
  faults,
  optics,
  checkpoint,
  availability,
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

/** A top-level field of a scenario. */
export type SectionName = keyof typeof SECTIONS;

/**
 * The sections after validation, units resolved. With `jobs` there is no workload: rules about one
 * see the workload of each job in its place.
 */
export type Sections = { readonly [K in SectionName]: z.output<(typeof SECTIONS)[K]> };

/**
 * Text, of which some is known: editors offer it, and text of another type than a literal may be
 * one.
 */
type Known<T extends string> = T | (string & {});

/** What may be the preset's or the default's. */
type Inherited = "kind" | "congestionControl" | "threshold";

/**
 * What programs may write: every field by its name, none of which is changed. Which words and
 * numbers are right is left to the parser, as objects that are put together rarely have the types
 * of literals.
 */
type Written<T> = T extends string
  ? Known<T>
  : T extends number
    ? number
    : T extends readonly unknown[]
      ? readonly Written<T[number]>[]
      : T extends object
        ? { readonly [K in keyof T as K extends Inherited ? never : K]: Written<T[K]> } & {
            readonly [K in keyof T as K extends Inherited ? K : never]?: Written<T[K]> | undefined;
          }
        : T;

type WrittenSections = { readonly [K in SectionName]: Written<z.input<(typeof SECTIONS)[K]>> };

/** What is to be done: one workload, or several jobs. */
type Work =
  | { readonly workload: WrittenSections["workload"]; readonly jobs?: undefined }
  | { readonly jobs: NonNullable<WrittenSections["jobs"]>; readonly workload?: undefined };

/**
 * A scenario as a program writes it: as in a file, with units as text, and defaults left out. What
 * was read from a file goes through `parseScenario` or `parseScenarioText`.
 */
export type ScenarioDocument = {
  readonly [K in Exclude<SectionName, "topology" | "workload" | "jobs">]?: WrittenSections[K] | undefined;
} & Work & {
    readonly topology: WrittenSections["topology"];
    /** Name of a preset, or several, of which the later ones count. */
    readonly preset?: string | readonly string[] | undefined;
  };

/** Every top-level key. */
export const TOP_LEVEL_KEYS: readonly string[] = ["preset", ...Object.keys(SECTIONS)];
