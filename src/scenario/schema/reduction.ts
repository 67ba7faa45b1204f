import { z } from "zod";
import { faulty, object, quantity } from "./fields.js";

const latency = (description: string) => quantity("time", { description, max: "1ms", examples: ["100ns"] });

const MAX_PACKETS = 2 ** 24;

const error = ({ input }: { readonly input?: unknown }) =>
  `${faulty(input, "a whole number")}; write one from 2 to ${MAX_PACKETS}, or auto`;

const packets = (of: string) =>
  z
    .union([z.int({ error }).min(2, { error }).max(MAX_PACKETS, { error }), z.literal("auto")], { error })
    .transform((value) => (value === "auto" ? null : value))
    .meta({
      description: `Packets that ${of} has room for: half for sums on their way up, half for results. It bounds what each member of an operation may have under way. auto: as many as the full rate needs.`,
      examples: ["auto", 1024],
    })
    .prefault("auto");

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
