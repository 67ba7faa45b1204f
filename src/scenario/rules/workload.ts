/** What a workload may ask of the ranks there are. */

import { FLOW_BYTES, gibibytes } from "../../plan/capacity.js";
import type { Path } from "../../util/document-path.js";
import { rankCount } from "../defaults/ranks.js";
import { messagesOf, nodeSize, type WrittenMessages } from "../defaults/workload.js";
import type { Sections } from "../schema/sections.js";
import { PATTERNS } from "../schema/workload.js";
import { MAX_FLOWS } from "../types/patterns.js";
import { checkAfter, checkArrivalCount, checkArrivals } from "./flows.js";
import { rankResolver } from "./ranks.js";
import type { Rule, RuleContext } from "./rule.js";

type Written = Sections["workload"];

export const workloadRules: Rule[] = [
  {
    needs: ["workload"],
    check: ({ workload }, context) => {
      forMessages(workload, (messages, at) => checkForm(messages, at, context));
    },
  },
  {
    needs: ["workload", "topology"],
    check: ({ workload, topology }, context) => {
      forMessages(workload, (messages, at) => {
        checkRanks(messages, topology, at, context);
        checkAfter(messages, topology, at, context);
      });
    },
  },
  {
    needs: ["workload", "topology", "links"],
    check: (sections, context) => {
      forMessages(sections.workload, (messages, at) => checkArrivalCount(messages, sections, at, context));
    },
  },
];

/** A path below a place. */
type At = (...steps: Path) => Path;

/** A workload of flows, or the background of a collective, and where it stands. */
function forMessages(workload: Written, check: (messages: WrittenMessages, at: At) => void): void {
  const found = messagesOf(workload);
  if (found !== undefined) check(found.messages, (...steps) => [...found.path, ...steps]);
}

/** What each pattern takes beside size and start. */
const TAKES: Readonly<Record<(typeof PATTERNS)[number], readonly string[]>> = {
  permutation: ["seed"],
  incast: ["target", "senders"],
  "all-to-all": ["fanOut"],
  hotspot: ["target", "senders", "seed"],
  ring: [],
  shift: ["by"],
  "ring-boundary": ["group", "width"],
  poisson: ["distribution", "load", "duration", "seed"],
};

const PATTERN_FIELDS = [
  ...(["size", "start", "seed", "by", "target", "senders", "fanOut", "group", "width"] as const),
  ...(["distribution", "load", "duration"] as const),
];

function checkForm(written: WrittenMessages, at: At, context: RuleContext): void {
  const { flows, file, pattern, size, group } = written;
  if (flows === undefined && pattern === undefined && file === undefined) {
    context.fail(
      [at()],
      `neither flows nor a pattern; write flows: [{ src: 0, dst: 1, size: 1MiB }], or pattern: one of ${PATTERNS.join(", ")}`,
    );
  }
  if (file !== undefined && (flows !== undefined || pattern !== undefined))
    context.fail([at("file")], "a file beside flows or a pattern; leave one out");
  if (flows !== undefined && pattern !== undefined)
    context.fail([at("pattern")], "flows and a pattern at once; leave one out");
  if (pattern !== undefined && pattern !== "poisson" && size === undefined)
    context.fail([at("size")], "missing; write the bytes of each flow, e.g. size: 1MiB");
  if (pattern === "ring-boundary" && group === undefined)
    context.fail(
      [at("group"), at("pattern")],
      "ring-boundary needs a group; write the ranks of one, e.g. group: 32 for leaves of 32 hosts",
    );
  if (pattern === "poisson") checkArrivals(written, at, context);
  const sized = pattern === "poisson" ? [] : ["size"];
  const taken = pattern === undefined ? [] : [...sized, "start", ...TAKES[pattern]];
  for (const key of PATTERN_FIELDS) {
    if (written[key] === undefined || taken.includes(key)) continue;
    const reason =
      pattern === undefined ? "belongs to a pattern; here every flow has its own" : `is nothing that ${pattern} takes`;
    context.fail([at(key)], `${key} ${reason}; leave it out`);
  }
}

function checkRanks(written: WrittenMessages, topology: Sections["topology"], at: At, context: RuleContext): void {
  const resolve = rankResolver(topology, context);
  written.flows?.forEach(({ src, dst }, i) => {
    const from = resolve(src, at("flows", i, "src"));
    const to = resolve(dst, at("flows", i, "dst"));
    if (from !== null && from === to)
      context.fail([at("flows", i, "dst"), at("flows", i)], "a flow from a rank to itself; name two ranks");
  });
  checkPatternSize(written, topology, at, context);
  if (written.target !== undefined) resolve(written.target, at("target"));
}

function checkPatternSize(
  { pattern, senders, by, fanOut, group, width }: WrittenMessages,
  topology: Sections["topology"],
  at: At,
  context: RuleContext,
): void {
  const ranks = rankCount(topology);
  if (pattern !== undefined && ranks < 2) {
    context.fail([at("pattern")], "a pattern is between ranks, and there is one; write at least 2 GPUs");
    return;
  }
  const peers = fanOut ?? ranks - 1;
  if (pattern === "all-to-all" && peers > ranks - 1) {
    context.fail([at("fanOut")], `${fanOut} receivers of ${ranks} ranks; write 1 to ${ranks - 1}`);
  } else if (pattern === "all-to-all" && ranks * peers > MAX_FLOWS) {
    // Here rather than in the plan: the list of flows alone would take gigabytes.
    const needed = `${ranks * peers} flows, whose tables take ${gibibytes(ranks * peers * FLOW_BYTES)} at least`;
    context.fail(
      [at("fanOut"), at("pattern")],
      `all-to-all over ${ranks} ranks makes ${needed}; at most ${MAX_FLOWS}: use 1024 GPUs, or write fanOut: ${Math.floor(MAX_FLOWS / ranks)}`,
    );
  }
  if ((pattern === "incast" || pattern === "hotspot") && senders !== undefined && senders > ranks - 1) {
    context.fail([at("senders")], `${senders} senders of ${ranks} ranks; write 1 to ${ranks - 1}`);
  }
  if (pattern === "shift" && by !== undefined && by % ranks === 0) {
    context.fail([at("by")], `${by} leads from every one of ${ranks} ranks to itself; write another distance`);
  }
  if (pattern === "ring-boundary" && group !== undefined)
    checkBoundary(group, width ?? nodeSize(topology), ranks, at, context);
}

function checkBoundary(group: number, width: number, ranks: number, at: At, context: RuleContext): void {
  if (group >= ranks) {
    context.fail([at("group")], `${group} ranks of ${ranks} in a group: there is no boundary; write less`);
  } else if (width > group) {
    context.fail(
      [at("width"), at("group")],
      `${width} flows from a group of ${group} ranks; write a width of at most ${group}`,
    );
  }
}
