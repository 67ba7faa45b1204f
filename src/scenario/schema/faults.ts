/** Faults: made from the rows of the mechanisms that they ask for. */
import { z } from "zod";
import { MECHANISM_PARAMETERS } from "../../plan/policies/mechanism-parameters.js";
import { choice, kinds, object, quantity, quantityOr, real, text, whole } from "./fields.js";
import { linkRate } from "./links.js";
import { fieldsOf } from "./parameters.js";
import { device } from "./ranks.js";

const ends = {
  from: device("Device at one end"),
  to: device("Device at the other end"),
  index: whole(0, 1023, "Which of several parallel links.").prefault(0),
};

const time = (description: string) => ({ description, max: "9000s", examples: ["50us"] });

const direction = choice(["both", "forward"], ["backward"], "Both directions, or only from `from` to `to`.").prefault(
  "both",
);

/** When it begins and ends. */
const span = {
  at: quantity("time", time("When it begins.")).prefault("0ns"),
  until: quantityOr("time", { never: Number.POSITIVE_INFINITY }, time("When it is over.")).prefault("never"),
};

const degradedLink = object(
  { kind: z.literal("degraded-link"), ...fieldsOf(MECHANISM_PARAMETERS["frame-loss"]) },
  "A link that loses packets, or has become slower. Several for one link add up where they state different things.",
);

const linkDown = object(
  { kind: z.literal("link-down"), ...fieldsOf(MECHANISM_PARAMETERS["link-down"]) },
  "A link that goes down. Switches go on as if it were up, unless `routing.convergence` says when they follow.",
);

const outage = z.tuple([quantity("time", time("Goes down.")), quantity("time", time("Comes back."))], {
  error: "not a pair of times; write when the link goes down and comes back, e.g. [1ms, 3ms]",
});

const linkFlap = object(
  {
    kind: z.literal("link-flap"),
    ...ends,
    at: quantity("time", time("When the first time up begins.")).prefault("0ns"),
    up: quantity("time", time("With `down` and `count`: how long it is up before each time down.")).optional(),
    down: quantity("time", time("How long it is down each time.")).optional(),
    count: whole(1, 100_000, "How often it goes down.").optional(),
    times: z
      .array(outage, { error: "not a list of times down; write e.g. [[1ms, 3ms], [8ms, 9ms]]" })
      .min(1, { error: "the list of times down is empty" })
      .max(100_000, { error: "at most 100,000 times down" })
      .optional()
      .meta({ description: "In place of these: each time down, from when to when." }),
    perHour: real(
      1e-6,
      1e12,
      "With `down` and `until`: times down per hour of simulated time, drawn from the seed, with exponential times up.",
    ).optional(),
    until: quantity("time", time("With `perHour`: no time down begins later.")).optional(),
  },
  "A link that goes down and comes back, several times: given by `up`, `down` and `count`, by `times`, or at a rate.",
);

const point = <T extends z.ZodType>(value: T, example: string) =>
  z.tuple([quantity("time", time("When.")), value], { error: `not a time and a value; write e.g. ${example}` });

const opticDrift = object(
  {
    kind: z.literal("optic-drift"),
    ...ends,
    direction,
    ber: real(1e-15, 0.1, "Bit error ratio before error correction at 25 °C, clean.").prefault(1e-7),
    slope: real(
      0,
      10,
      "What the signal-to-noise ratio loses per degree, in dB: 0.03 is a good module, 0.12 a bad one.",
    ).prefault(0.12),
    temperature: z
      .array(
        point(
          quantity("temperature", { description: "Of its case.", min: "-40C", max: "150C", examples: ["55C"] }),
          "[10ms, 65C]",
        ),
        { error: "not a list of times and temperatures; write e.g. [[0s, 35C], [10ms, 65C]]" },
      )
      .max(1000, { error: "at most 1,000 points" })
      .meta({ description: "Temperature over time: linear between points, constant before and after them." })
      .prefault([]),
    contamination: z
      .union(
        [
          quantity("attenuation", { description: "All the time.", max: "40dB", examples: ["0.5dB"] }),
          z
            .array(
              point(
                quantity("attenuation", { description: "Loss of light.", max: "40dB", examples: ["0.5dB"] }),
                "[10ms, 1.5dB]",
              ),
            )
            .min(1)
            .max(1000),
        ],
        {
          error:
            "not an attenuation, nor a list of times and attenuations; write e.g. 0.5dB, or [[0s, 0dB], [10ms, 1.5dB]]",
        },
      )
      .meta({ description: "Light that dirt takes, in dB; or a list of times and values, as for the temperature." })
      .prefault("0dB"),
    every: quantity("time", {
      ...time("Time after which the errors are looked at anew; a 64th of the profile where left out."),
      min: "1ns",
    }).optional(),
  },
  "An optic whose bit errors follow from temperature and dirt: a decibel of dirt is two of signal (PAM4).",
);

const mtuMismatch = object(
  {
    kind: z.literal("mtu-mismatch"),
    ...ends,
    direction,
    mtu: quantity("size", { description: "Largest payload that gets through.", min: "1B", max: "64KiB" }),
    ...span,
  },
  "A port with a smaller MTU: it drops every packet with more payload.",
);

const switchName = text(64, "Name of the switch, as `heddle topo --list` prints it.");

const switchDown = object(
  { kind: z.literal("switch-down"), switch: switchName, ...span },
  "A switch that is off: all of its links are down.",
);

const ecnOff = object({ kind: z.literal("ecn-off"), switch: switchName, ...span }, "A switch that marks no packets.");

const pfcOff = object(
  { kind: z.literal("pfc-off"), switch: switchName },
  "A switch on which PFC is off, for the whole run: it sends no pauses, heeds none, and drops what does not fit.",
);

const wrongHeadroom = object(
  {
    kind: z.literal("wrong-headroom"),
    switch: switchName,
    headroom: quantity("size", {
      description: "Headroom of each of its ports, for the whole run, whatever its links need.",
      max: "64MiB",
      examples: ["16KiB"],
    }),
  },
  "A switch whose headroom does not fit its links: too little drops packets, too much takes buffer.",
);

const nicStall = object(
  { kind: z.literal("nic-stall"), ...fieldsOf(MECHANISM_PARAMETERS["nic-stall"]) },
  "A NIC that stalls: a storm of pauses begins there.",
);

const nicSlow = object(
  {
    kind: z.literal("nic-slow"),
    host: device("Rank whose fabric NIC it is"),
    rate: linkRate("Rate at which it still sends and takes in data."),
    ...span,
  },
  "A NIC that has become slow, both ways: its leaf queues what is for it.",
);

const straggler = object(
  {
    kind: z.literal("straggler"),
    host: device("Rank that computes slower"),
    factor: real(1, 1000, "What its computations take longer by: 1.2 for a fifth more."),
    ...span,
  },
  "A rank that computes slower.",
);

const cable = object(ends, "A cable, by the devices at its ends as they should be.");

const swappedCables = object(
  { kind: z.literal("swapped-cables"), a: cable, b: cable },
  "Two cables whose far ends (`to`) are exchanged, for the whole run. Routing finds the shortest paths that are left.",
);

const VARIANTS = [
  degradedLink,
  linkDown,
  linkFlap,
  opticDrift,
  mtuMismatch,
  switchDown,
  ecnOff,
  pfcOff,
  wrongHeadroom,
  nicStall,
  nicSlow,
  straggler,
  swappedCables,
] as const;

const FAULT_KINDS = VARIANTS.map(({ shape }) => shape.kind.value);

export const faults = z
  .array(kinds(FAULT_KINDS, ["slow-gpu"], VARIANTS, "A fault."), {
    error: "not a list of faults; write e.g. [{ kind: degraded-link, from: leaf-0, to: spine-1, ber: 3e-4 }]",
  })
  .meta({ description: "What goes wrong, and when. docs/FAULTS.md has the kinds." })
  .prefault([]);
