import { choice, object, quantity } from "./fields.js";

export const routing = object(
  {
    policy: choice(
      ["ecmp", "ecmp-qp", "spray", "round-robin", "adaptive", "pinned"],
      ["flowlet", "adaptive-remote", "reps", "minimal", "valiant", "ugal", "custom"],
      "How a switch chooses among equal-cost next hops: by hash of the connection (ecmp) or of the queue pair (ecmp-qp), per packet at random (spray), in turn (round-robin) or by least queue (adaptive), or by rank (pinned).",
    ).prefault("ecmp"),
    quantum: quantity("size", {
      description: "Step in which adaptive compares queues.",
      min: "1B",
      max: "1GB",
      examples: ["8KiB"],
    }).prefault("8KiB"),
  },
  "Routing.",
).prefault({});
