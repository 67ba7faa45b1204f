import { z } from "zod";
import { MECHANISM_PARAMETERS } from "../../plan/policies/mechanism-parameters.js";
import { MECHANISMS } from "../../plan/policies/mechanisms.js";
import { RECOVERIES, RECOVERY_PARAMETERS } from "../../plan/policies/recovery.js";
import { congestionControl } from "./congestion-control.js";
import { choice, kinds, object, quantity, quantityOr, show, whole } from "./fields.js";
import { fieldsOf, typeOf } from "./parameters.js";

const { rto, ...recoveryParameters } = RECOVERY_PARAMETERS;
const { ackEvery, ackMarked, ...afterLoss } = fieldsOf(recoveryParameters);

const adaptiveTimeout = object(
  {
    kind: z.literal("adaptive", { error: "write kind: adaptive, or a time instead of the map" }),
    ...fieldsOf(MECHANISM_PARAMETERS["adaptive-timeout"]),
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
    ackEvery,
    ackMarked,
    qpsPerConnection: whole(1, 256, "Queue pairs that share the data of one connection.").prefault(1),
    recovery: choice(RECOVERIES, [], "What is sent again after a loss: everything since, or what was lost.").prefault(
      "go-back-n",
    ),
    rto: z
      .union([typeOf(rto), adaptiveTimeout], {
        error: (issue) =>
          `${show(issue.input)} is neither a time from 1ns to 1000s nor a map; write e.g. 67ms, or { kind: adaptive, first: 64us, most: 16ms }`,
      })
      .meta({
        description: "Retransmission timeout: a time, or { kind: adaptive, first, most }.",
        examples: ["67.108864ms", { kind: "adaptive", first: "64us", most: "16ms" }],
      })
      .prefault(rto.default),
    ...afterLoss,
    congestionControl,
  },
  "RoCE v2.",
);

export const transport = kinds(["roce"], ["uec", "infiniband", "tcp"], [roce], "Transport.");
