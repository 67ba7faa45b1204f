import { z } from "zod";
import { MECHANISM_PARAMETERS } from "../../plan/policies/mechanism-parameters.js";
import { choice, faulty, object, quantity, quantityOr } from "./fields.js";
import { fieldsOf } from "./parameters.js";

const bufferSize = (description: string) =>
  quantity("size", { description, min: "1KiB", max: "4GB", examples: ["64MiB"] });

const latency = (description: string) => quantity("time", { description, max: "1ms", examples: ["600ns"] });

const NO_CUT_THROUGH =
  "switches send a packet on after its last bit; leave switching out; a lower switch.latency comes near it while queues are empty";

export const switchParams = object(
  {
    latency: latency("From a packet's last bit to its place in the egress queue.").prefault("600ns"),
    buffer: bufferSize("Shared packet buffer.").prefault("64MiB"),
    switching: choice(["store-and-forward"], { "cut-through": NO_CUT_THROUGH }, "When forwarding may start.").prefault(
      "store-and-forward",
    ),
    scaleUpLatency: latency("The same for the NVSwitch of a node.").prefault("0ns"),
    scaleUpBuffer: bufferSize("Shared packet buffer of the NVSwitch.").prefault("256MiB"),
    borderBuffer: bufferSize(
      "Shared packet buffer of the border switch of a site. It is deep, for border switches do not pause.",
    ).prefault("4GB"),
  },
  "Switches.",
).prefault({});

const failoverTimes = object(
  {
    detect: quantity("time", {
      description: "From the loss of the link to the move. What is sent meanwhile is lost.",
      max: "9000s",
      examples: ["10ms"],
    }).prefault("10ms"),
    recover: quantityOr(
      "time",
      { never: Number.POSITIVE_INFINITY },
      {
        description: "For this time the link must be good without a break before they move back.",
        max: "9000s",
        examples: ["10ms", "never"],
      },
    ).prefault("10ms"),
  },
  "Times of failover.",
);

const failover = z
  .union([z.boolean(), failoverTimes], {
    error: (issue) =>
      faulty(issue.input, "true, false, or a map of times; write e.g. failover: { detect: 10ms, recover: 10ms }"),
  })
  .meta({
    description:
      "Queue pairs of a NIC whose link is out go on over another NIC of the node, and back when it returns: of the same rank first, then of other ranks of the node. True: detect and recover 10ms, as NCCL's defaults.",
    examples: [true, { detect: "10ms", recover: "never" }],
  })
  .prefault(false);

export const nic = object(
  {
    latency: latency("Of a fabric NIC, in each direction.").prefault("700ns"),
    scaleUpLatency: latency("Of a scale-up port, in each direction.").prefault("0ns"),
    ...fieldsOf(MECHANISM_PARAMETERS["message-overhead"]),
    failover,
  },
  "Network interfaces.",
).prefault({});

const headerSize = (description: string) => quantity("size", { description, max: "4KiB", examples: ["64B"] });

export const wire = object(
  {
    header: headerSize("Headers and checksum of a data packet.").prefault("62B"),
    gap: headerSize("Preamble and inter-packet gap: on the wire, not in buffers.").prefault("20B"),
    ack: headerSize("An ACK or NACK.").prefault("64B"),
    pause: headerSize("A pause or resume frame.").prefault("64B"),
    ackClass: choice(["control", "data"], [], "Traffic class of ACK and NACK.").prefault("control"),
    serialization: choice(
      ["round", "floor"],
      [],
      "What becomes of a fraction of a picosecond of serialization.",
    ).prefault("round"),
  },
  "Sizes on the wire.",
).prefault({});
