/** "What goes with what": the page docs/COMBINATIONS.md, made from the rows of the registries. */
import { type Choice, CLASHES, type Clash } from "../../plan/policies/combinations.js";
import { CONGESTION_CONTROL, type ControlName } from "../../plan/policies/congestion-control.js";
import { FLOW_CONTROL, type FlowControlName } from "../../plan/policies/flow-control.js";
import { MECHANISMS } from "../../plan/policies/mechanisms.js";
import { RECOVERIES, RECOVERY } from "../../plan/policies/recovery.js";
import { ROUTING, ROUTING_POLICIES } from "../../plan/policies/routing.js";
import { type Acceleration, isAllowed, type Row } from "../../plan/policies/row.js";

const CONTROLS = Object.keys(CONGESTION_CONTROL) as ControlName[];
const FLOW_CONTROLS = Object.keys(FLOW_CONTROL) as FlowControlName[];

/** What nothing clashes with. */
const HARMLESS: Choice = {
  routing: "ecmp",
  recovery: "selective",
  flowControl: "pfc",
  trim: false,
  congestionControl: "none",
  ackClass: "control",
  marking: "auto",
  window: "limited",
  stalls: false,
};

/** A setting of an axis, as the page names it. */
type Setting = readonly [name: string, choice: Partial<Choice>];

const ROUTINGS = ROUTING_POLICIES.map((routing): Setting => [routing, { routing }]);
const RECOVERY_SETTINGS = RECOVERIES.map((recovery): Setting => [recovery, { recovery }]);
const CONTROL_SETTINGS = CONTROLS.map((name): Setting => [name, { congestionControl: name }]);
const FLOW_CONTROL_SETTINGS: readonly Setting[] = [
  ...FLOW_CONTROLS.map((flowControl): Setting => [flowControl, { flowControl }]),
  ["none, trim", { flowControl: "none", trim: true }],
];
const ACK_SETTINGS = (["control", "data"] as const).map((ackClass): Setting => [ackClass, { ackClass }]);
const WINDOW_SETTINGS = (["limited", "unlimited"] as const).map((window): Setting => [`${window} window`, { window }]);
const STALL_SETTINGS: readonly Setting[] = [
  ["no stall", { stalls: false }],
  ["nic-stall", { stalls: true }],
];
const ECN_SETTINGS = (["auto", "thresholds", "off"] as const).map((marking): Setting => [marking, { marking }]);

/** Two axes whose settings meet. Every pair of axes is here. */
const TABLES: readonly {
  readonly title: string;
  readonly rows: readonly Setting[];
  readonly columns: readonly Setting[];
}[] = [
  { title: "Routing and recovery", rows: ROUTINGS, columns: RECOVERY_SETTINGS },
  { title: "Routing and congestion control", rows: ROUTINGS, columns: CONTROL_SETTINGS },
  { title: "Routing and flow control", rows: ROUTINGS, columns: FLOW_CONTROL_SETTINGS },
  { title: "Routing and the class of ACKs", rows: ROUTINGS, columns: ACK_SETTINGS },
  { title: "Congestion control and recovery", rows: CONTROL_SETTINGS, columns: RECOVERY_SETTINGS },
  { title: "Congestion control and flow control", rows: CONTROL_SETTINGS, columns: FLOW_CONTROL_SETTINGS },
  { title: "Congestion control and ECN", rows: CONTROL_SETTINGS, columns: ECN_SETTINGS },
  { title: "Flow control and recovery", rows: FLOW_CONTROL_SETTINGS, columns: RECOVERY_SETTINGS },
  { title: "Flow control and the class of ACKs", rows: FLOW_CONTROL_SETTINGS, columns: ACK_SETTINGS },
  { title: "Flow control and NICs that stall", rows: FLOW_CONTROL_SETTINGS, columns: STALL_SETTINGS },
  { title: "Recovery and the window", rows: RECOVERY_SETTINGS, columns: WINDOW_SETTINGS },
];

/** The clashes of a choice, each with its reason. */
export function clashesOf(choice: Choice): { readonly clash: Clash; readonly reason: string }[] {
  return CLASHES.flatMap((clash) => {
    const reason = clash.reason(choice);
    return reason === undefined ? [] : [{ clash, reason }];
  });
}

/** The page, in Markdown. */
export function combinationsAsMarkdown(): string {
  const notes: string[] = [];
  const tables = TABLES.flatMap((table) => tableOf(table, notes));
  return [
    "# What goes with what",
    "",
    "This page is what `heddle explain-model --combinations` prints: it is made from the rows in",
    "`src/plan/policies`. [POLICIES.md](POLICIES.md) says what each name stands for.",
    "",
    "## Policies",
    "",
    "A scenario chooses one setting of each kind. It is refused where a table below refuses two of",
    "them; otherwise it runs. The number of a note follows where there is something to expect. Two",
    "kinds without a table go together, whatever their settings. A fabric or a buffer that is too small",
    "for a setting is refused too, with the sizes.",
    ...tables,
    "",
    "### Notes",
    "",
    ...notes.map((note, i) => `${i + 1}. ${note}`),
    ...accelerations(),
    "",
  ].join("\n");
}

/**
 * Lines of a table; none where every pair runs without a note. Notes that are new go to `notes`.
 */
function tableOf({ title, rows, columns }: (typeof TABLES)[number], notes: string[]): string[] {
  let isQuiet = true;
  const lines = rows.map(([name, row]) => {
    const cells = columns.map(([, column]) => {
      const found = clashesOf({ ...HARMLESS, ...row, ...column });
      if (found.length > 0) isQuiet = false;
      const refused = found.some(({ clash }) => clash.refused);
      const numbers = found.map(({ clash }) => numberOf(noteOf(clash), notes));
      return [refused ? "**refused**" : "runs", ...numbers.map((number) => `(${number})`)].join(" ");
    });
    return `| ${[name, ...cells].join(" | ")} |`;
  });
  if (isQuiet) return [];
  const names = columns.map(([name]) => name);
  return ["", `### ${title}`, "", `| | ${names.join(" | ")} |`, `|---|${"---|".repeat(names.length)}`, ...lines];
}

function noteOf({ fields, refused, needsPaths = false, about }: Clash): string {
  const where = needsPaths ? ", where packets have a choice of paths" : "";
  const names = fields.map((field) => `\`${field}\``).join(", ");
  return `${refused ? "Refused" : "A warning"}${where} (${names}). ${about}`;
}

/** The number of a note, which is added where it is new. */
function numberOf(note: string, notes: string[]): number {
  const at = notes.indexOf(note);
  return at < 0 ? notes.push(note) : at + 1;
}

function accelerations(): string[] {
  const groups: [string, Readonly<Record<string, Row>>][] = [
    ["routing", ROUTING],
    ["recovery", RECOVERY],
    ["congestion control", CONGESTION_CONTROL],
    ["flow control", FLOW_CONTROL],
    ["mechanism", MECHANISMS],
  ];
  const rows = groups.flatMap(([group, table]) =>
    Object.entries(table).map(([name, row]) => {
      const cells = [row.lean ? "yes" : "no", wordOf(row.fastForward), wordOf(row.symmetry)];
      return `| ${[group, name, ...cells].join(" | ")} |`;
    }),
  );
  const forks = ROUTING_POLICIES.map((name) => {
    const { fork } = ROUTING[name];
    return `| ${name} | ${fork === true ? "yes" : `no: ${fork}`} |`;
  });
  return [
    "",
    "## Accelerations",
    "",
    "None of them changes a result. A run is accelerated where everything that it uses allows it; what",
    "does not say that it may be is simulated in full. `while`: as long as this holds, which is",
    "checked.",
    "",
    "- lean core: a core without what most runs do not need (ARCHITECTURE.md).",
    "- fast-forward: what repeats in time is skipped (FAST-FORWARD.md).",
    "- symmetry: of parts that are alike one is simulated (FAST-FORWARD.md).",
    "",
    "| | | lean core | fast-forward | symmetry |",
    "|---|---|---|---|---|",
    ...rows,
    "",
    "## Forks",
    "",
    "Whether a fork of a run may change its routing to the policy, or from it.",
    "",
    "| | may change |",
    "|---|---|",
    ...forks,
  ];
}

function wordOf(verdict: Acceleration): string {
  if (verdict === true) return "yes";
  return isAllowed(verdict) ? `while ${verdict.while}` : `no: ${verdict}`;
}
