import { object, quantity, whole } from "./fields.js";

const latency = (description: string) => quantity("time", { description, max: "1ms", examples: ["100ns"] });

const packets = (of: string) =>
  whole(
    2,
    2 ** 24,
    `Packets that ${of} has room for: half for sums on their way up, half for results. It bounds what each member of an operation may have under way. Left out: as many as the full rate needs.`,
  ).optional();

/** What adds up and copies packets inside switches, for algorithms that reduce in the network. */
export const reduction = object(
  {
    packets: packets("a switch of the fabric"),
    latency: latency("Of a switch of the fabric: from the last contribution to the sum in the egress queue.").prefault(
      "0ns",
    ),
    scaleUpPackets: packets("an NVSwitch"),
    scaleUpLatency: latency("The same for the NVSwitch of a node.").prefault("0ns"),
  },
  "Reduction in switches, for nvls, nvls-tree and sharp.",
).prefault({});
