import { z } from "zod";
import { MECHANISMS } from "../../plan/policies/mechanisms.js";
import { RECOVERIES } from "../../plan/policies/recovery.js";
import { congestionControl } from "./congestion-control.js";
import { choice, kinds, object, quantity, quantityOr, show, truth, whole } from "./fields.js";

const timeout = (description: string, example: string) =>
  quantity("time", { description, min: "1ns", max: "1000s", examples: [example] });

const adaptiveTimeout = object(
  {
    kind: z.literal("adaptive", { error: "write kind: adaptive, or a time instead of the map" }),
    first: timeout("Timeout after anything was acknowledged.", "64us").prefault("64us"),
    most: timeout("It grows no longer than this.", "16ms").prefault("16ms"),
  },
  MECHANISMS["adaptive-timeout"].sentence,
);

const roce = object(
  {
    kind: z.literal("roce"),
    mtu: quantity("size", {
      description: "Largest payload of a packet.",
      min: "1B",
      max: "128KiB",
      examples: ["4096B"],
    }).prefault("4096B"),
    window: quantityOr(
      "size",
      { unlimited: 0 },
      {
        description: "Bytes that a queue pair may have outstanding.",
        min: "1B",
        examples: ["4MiB", "unlimited"],
      },
    ).prefault("4MiB"),
    ackEvery: whole(1, 65_535, "Packets per acknowledgement.").prefault(1),
    ackMarked: truth(
      "Acknowledge a packet with a congestion mark at once, whatever ackEvery says: the sender hears of each mark.",
    ).prefault(false),
    qpsPerConnection: whole(1, 256, "Queue pairs that share the data of one connection.").prefault(1),
    recovery: choice(RECOVERIES, [], "What is sent again after a loss: everything since, or what was lost.").prefault(
      "go-back-n",
    ),
    rto: z
      .union([timeout("A fixed time.", "67.108864ms"), adaptiveTimeout], {
        error: (issue) =>
          `${show(issue.input)} is neither a time from 1ns to 1000s nor a map; write e.g. 67ms, or { kind: adaptive, first: 64us, most: 16ms }`,
      })
      .meta({
        description: "Retransmission timeout: a time, or { kind: adaptive, first, most }.",
        examples: ["67.108864ms", { kind: "adaptive", first: "64us", most: "16ms" }],
      })
      .prefault("67.108864ms"),
    retryLimit: whole(0, 65_535, "Timeouts in a row after which a queue pair fails.").prefault(7),
    reorder: whole(
      1,
      131_072,
      "With selective recovery: packets beyond a hole after which it counts as lost.",
    ).prefault(64),
    lostResends: choice(
      ["timeout", "detect"],
      [],
      "With selective recovery, how it learns that a packet sent again was lost: by the timeout, or sooner, from answers to later ones and from silence longer than any answer takes.",
    ).prefault("detect"),
    congestionControl,
  },
  "RoCE v2.",
);

export const transport = kinds(["roce"], ["uec", "infiniband", "tcp"], [roce], "Transport.");
