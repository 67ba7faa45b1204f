/** The fabric of a scenario as a file for other tools. */
import { viewPlan } from "../../answer/ideal/view.js";
import { describeTopology } from "../../answer/result/topology-report.js";
import { bitRate, digits } from "../../answer/text/units.js";
import { fabricGraph } from "../../answer/topology/graph.js";
import { drawFabric } from "../../answer/topology/picture/draw.js";
import { placesOf } from "../../answer/topology/places.js";
import { writeDot, writeGraphMl, writeNodeLink } from "../../answer/topology/write-graph.js";
import type { TopologyCounts } from "../../build/topology/counts.js";
import type { RunPlan } from "../../plan/plan.js";
import type { Scenario } from "../../scenario/types/scenario.js";
import { intendedCabling, writeCabling } from "../cabling/intended.js";
import { writeHtsimTopo } from "./htsim-topo.js";

/** What a file is made of. */
export interface Fabrication {
  readonly scenario: Scenario;
  readonly plan: RunPlan;
  readonly counts: TopologyCounts;
}

interface ExportRow {
  readonly endings: readonly string[];
  readonly sentence: string;
  readonly write: (of: Fabrication) => Iterable<string>;
}

const graphOf = ({ scenario, plan }: Fabrication) => {
  const view = viewPlan(plan);
  return fabricGraph(view, placesOf(view), scenario.name);
};

/** A row for each format; the ending of a file's name chooses. */
const EXPORTS: readonly ExportRow[] = [
  { endings: [".graphml"], sentence: "GraphML", write: (of) => writeGraphMl(graphOf(of)) },
  { endings: [".dot", ".gv"], sentence: "Graphviz DOT", write: (of) => writeDot(graphOf(of)) },
  { endings: [".json"], sentence: "node-link JSON of NetworkX", write: (of) => writeNodeLink(graphOf(of)) },
  { endings: [".csv"], sentence: "the cabling, for --check", write: ({ plan }) => writeCabling(intendedCabling(plan)) },
  { endings: [".topo"], sentence: "a fat tree of htsim", write: ({ plan }) => writeHtsimTopo(plan) },
  { endings: [".svg", ".png"], sentence: "a picture", write: (of) => [pictureOf(of)] },
];

/** Endings and what they stand for, for messages. */
export const EXPORT_ENDINGS = EXPORTS.map(({ endings, sentence }) => `${endings.join(" and ")} (${sentence})`).join(
  ", ",
);

/** The writer for a file's name; undefined where its ending is unknown. PNG is made of the SVG. */
export function fabricWriter(path: string): ExportRow["write"] | undefined {
  const name = path.toLowerCase();
  return EXPORTS.find(({ endings }) => endings.some((ending) => name.endsWith(ending)))?.write;
}

function pictureOf({ scenario, plan, counts }: Fabrication): string {
  const view = viewPlan(plan);
  const report = describeTopology(scenario, plan, counts);
  const whole = (value: number) => value.toLocaleString("en-US");
  const { bisectionBps, oversubscription, pathDiversity } = report;
  const facts = [
    `${whole(counts.switches)} ${counts.switches === 1 ? "switch" : "switches"}, ${whole(counts.links)} links`,
    ...(bisectionBps === null ? [] : [`bisection ${bitRate(bisectionBps)} each way`]),
    ...(oversubscription === null ? [] : [`oversubscription ${digits(oversubscription)} : 1`]),
    ...(pathDiversity.diameterLinks === 0 ? [] : [`diameter ${pathDiversity.diameterLinks} links`]),
  ];
  const gpus = `${whole(counts.gpus)} ${counts.gpus === 1 ? "GPU" : "GPUs"}`;
  const nodes = counts.nodes === counts.gpus ? "" : ` in ${whole(counts.nodes)} nodes`;
  return drawFabric(view, placesOf(view), {
    title: `${scenario.name}: ${counts.kind}, ${gpus}${nodes}`,
    subtitle: facts.join("; "),
  });
}
