import { z } from "zod";
import { MAX_POLICY_PARAMETERS } from "../../plan/limits.js";
import { choice, object, quantity, text, whole } from "./fields.js";

export const routing = object(
  {
    policy: choice(
      [
        "ecmp",
        "ecmp-qp",
        "spray",
        "round-robin",
        "adaptive",
        "adaptive-remote",
        "flowlet",
        "pinned",
        "oblivious",
        "reps",
        "bitmap",
        "mixed",
        "custom",
      ],
      ["minimal", "valiant", "ugal"],
      "How a switch chooses among equal-cost next hops: by hash of the connection (ecmp) or of the queue pair (ecmp-qp), per packet at random (spray), in turn (round-robin) by least queue (adaptive), that of the next switches included (adaptive-remote), or by least queue after a pause of the queue pair only (flowlet), or by rank (pinned); or by an entropy value that the sender gives each packet, in turn (oblivious), recycled from packets that came through (reps), avoiding those that met congestion (bitmap), or recycled where one is at hand and so avoiding otherwise (mixed); or by a policy of your own (custom).",
    ).prefault("ecmp"),
    quantum: quantity("size", {
      description: "Step in which adaptive, adaptive-remote, flowlet and custom compare queues.",
      min: "1B",
      max: "1GB",
      examples: ["8KiB"],
    }).prefault("8KiB"),
    entropies: whole(
      1,
      65_536,
      "Entropy values that oblivious, reps, bitmap and mixed choose from; a power of two.",
    ).prefault(256),
    freeze: quantity("time", {
      description: "After a timeout reps uses only what has worked, for so long.",
      min: "1ns",
      max: "10s",
      examples: ["10ms"],
    }).prefault("10ms"),
    noticeFrom: quantity("size", {
      description:
        "adaptive-remote: a switch tells the switch that a packet came from of the queue on the packet's way, if so much waits there; in whole steps of quantum.",
      min: "1B",
      max: "1GB",
      examples: ["64KiB"],
    }).prefault("64KiB"),
    noticeInterval: quantity("time", {
      description: "adaptive-remote: how often at most a switch tells one port of the queue towards one leaf.",
      min: "1ps",
      max: "1s",
      examples: ["2us"],
    }).prefault("2us"),
    gap: quantity("time", {
      description: "Pause of a queue pair after which flowlet lets it change paths: longer than paths differ in delay.",
      min: "1ps",
      max: "1s",
      examples: ["50us"],
    }).prefault("50us"),
    module: text(
      1000,
      "The policy of custom: a file beside the scenario or in a folder there, .ts or .js, which is run, or .wasm, which heddle build-policy made. Programs pass the policy itself.",
    ).optional(),
    stateWords: whole(1, 65_536, "Words of 32 bits that a custom policy may keep in each switch.").prefault(16),
    parameters: z
      .array(whole(0, 2 ** 32 - 1, "A parameter."), { error: "not a list of numbers; write e.g. [2, 1]" })
      .max(MAX_POLICY_PARAMETERS, { error: `too many; write at most ${MAX_POLICY_PARAMETERS} numbers` })
      .meta({ description: "Numbers that a custom policy finds as its parameters." })
      .prefault([]),
  },
  "Routing.",
).prefault({});
