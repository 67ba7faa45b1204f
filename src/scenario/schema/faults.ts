import { z } from "zod";
import { choice, kinds, object, quantity, quantityOr, real, whole } from "./fields.js";
import { linkRate } from "./links.js";
import { device } from "./ranks.js";

const ends = {
  from: device("Device at one end"),
  to: device("Device at the other end"),
  index: whole(0, 1023, "Which of several parallel links.").prefault(0),
};

const degradedLink = object(
  {
    kind: z.literal("degraded-link"),
    ...ends,
    direction: choice(["both", "forward"], ["backward"], "Both directions, or only from `from` to `to`.").prefault(
      "both",
    ),
    ber: real(0, 0.5, "Bit error ratio before error correction.").optional(),
    frameLossRatio: real(0, 1, "Share of packets that are lost at random, whatever their size.").optional(),
    rate: linkRate("Rate that is left; not above the link's own.").optional(),
  },
  "A link that loses packets, or has become slower. Several for one link add up where they state different things.",
);

const linkDown = object(
  {
    kind: z.literal("link-down"),
    ...ends,
    start: quantity("time", {
      description: "What has not left by then is lost, in both directions. Switches go on as if the link were up.",
      max: "9000s",
      examples: ["50us"],
    }),
  },
  "A link that goes down.",
);

const time = (description: string) => ({ description, max: "9000s", examples: ["50us"] });

const nicStall = object(
  {
    kind: z.literal("nic-stall"),
    host: device("Rank whose fabric NIC it is"),
    start: quantity("time", time("From then on it takes in no data, and pauses its leaf.")).prefault("0ns"),
    until: quantityOr(
      "time",
      { never: Number.POSITIVE_INFINITY },
      time("Then it takes in what it holds, and lets its leaf resume."),
    ).prefault("never"),
    buffer: quantity("size", {
      description: "What it has room for meanwhile: packets that come before the pause takes effect.",
      max: "4GB",
      examples: ["1MiB"],
    }).prefault("1MiB"),
  },
  "A NIC that stalls: a storm of pauses begins there.",
);

export const faults = z
  .array(
    kinds(
      ["degraded-link", "link-down", "nic-stall"],
      ["link-flap", "switch-down", "slow-gpu"],
      [degradedLink, linkDown, nicStall],
      "A fault.",
    ),
    {
      error: "not a list of faults; write e.g. [{ kind: degraded-link, from: leaf-0, to: spine-1, ber: 3e-4 }]",
    },
  )
  .meta({ description: "What is broken." })
  .prefault([]);
