import { FAILURE_RATE_NAMES } from "../../plan/failures/rates.js";
import { choice, object, quantity, quantityOr, real, whole } from "./fields.js";

/** Checkpoints of the job; `heddle availability` reads them. */
export const checkpoint = object(
  {
    interval: quantityOr(
      "duration",
      { young: "young" as const, daly: "daly" as const },
      {
        description: "Work between two checkpoints; young and daly for their formulas, which follow from the rates.",
        min: "1s",
        max: "1000h",
        examples: ["1h", "young"],
      },
    ).prefault("1h"),
    write: quantity("duration", {
      description: "Time that the job stands still to write one.",
      max: "100h",
      examples: ["60s"],
    }).prefault("60s"),
    restart: quantity("duration", {
      description: "From an interruption until the job is back at its last checkpoint.",
      max: "100h",
      examples: ["10min"],
    }).prefault("10min"),
  },
  "Checkpoints of a training job, for `heddle availability`.",
).prefault({});

const unstableLinks = object(
  {
    count: whole(0, 1_000_000, "Links that go down and up again.").prefault(0),
    flapsPerHour: real(0, 1e6, "How often each does.").prefault(10),
    down: quantity("duration", {
      description: "How long it is down; the job stands still that long, where it survives.",
      max: "24h",
      examples: ["2s"],
    }).prefault("2s"),
    fatalShare: real(0, 1, "Share of the flaps that the job does not survive.").prefault(1),
  },
  "Links known to be unstable.",
).prefault({});

/** What interrupts the job. */
export const availability = object(
  {
    rates: choice(FAILURE_RATE_NAMES, [], "Published rates of interruptions, per GPU.").prefault("llama-3"),
    network: choice(
      ["rates", "parts"],
      [],
      "Failures of the network: of the published rates, or of the parts that it is made of.",
    ).prefault("rates"),
    fatalShare: real(
      0,
      1,
      "Share of the failures of links, with network: parts, that interrupt the job; the others are routed around.",
    ).prefault(1),
    opticFailures: real(
      0,
      1,
      "Share of optical ends that fail in a year, with network: parts. Left out: as the parts say.",
    ).optional(),
    unstableLinks,
    horizon: quantity("duration", {
      description: "Time that is looked at.",
      min: "1h",
      max: "8760h",
      examples: ["54d"],
    }).prefault("30d"),
    runs: whole(10, 100_000, "Simulated courses of that time, for intervals.").prefault(200),
    gpuHourUsd: real(0, 1000, "Price of a GPU for an hour, in US dollars.").prefault(2.5),
  },
  "What interrupts the job, for `heddle availability`.",
).prefault({});
