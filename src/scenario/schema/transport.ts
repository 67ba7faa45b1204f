import { z } from "zod";
import { congestionControl } from "./congestion-control.js";
import { choice, kinds, object, quantity, quantityOr, whole } from "./fields.js";

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
    qpsPerConnection: whole(1, 256, "Queue pairs that share the data of one connection.").prefault(1),
    recovery: choice(
      ["go-back-n", "selective"],
      [],
      "What is sent again after a loss: everything since, or what was lost.",
    ).prefault("go-back-n"),
    rto: quantity("time", {
      description: "Retransmission timeout.",
      min: "1ns",
      max: "1000s",
      examples: ["67.108864ms"],
    }).prefault("67.108864ms"),
    retryLimit: whole(0, 65_535, "Timeouts in a row after which a queue pair fails.").prefault(7),
    reorder: whole(
      1,
      131_072,
      "With selective recovery: packets beyond a hole after which it counts as lost.",
    ).prefault(64),
    congestionControl,
  },
  "RoCE v2.",
);

export const transport = kinds(["roce"], ["uec", "infiniband", "tcp"], [roce], "Transport.");
