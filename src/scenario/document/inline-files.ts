/** Puts the content of files that a scenario names in the place of their names. */
import type { Path } from "../../util/document-path.js";
import { namesFile } from "../types/file-or-text.js";
import { parseDistribution } from "../types/read-distribution.js";
import { isFileName } from "../types/size-matrix.js";
import type { IssueList } from "./issues.js";
import type { DocNode, MapNode, Origin } from "./node.js";

/** Gives the text of a file beside the scenario. @throws Error with a message for the user */
export type FileReader = (path: string) => string;

/** Workloads of a document. */
const PLACES: readonly Path[] = [["workload"], ["workload", "background"]];

/**
 * The document with distributions, matrices of sizes, rows of tuners and times of layers in place
 * of the CSV files that it names. Faults of files are issues where the file is named.
 */
export function inlineFiles(root: MapNode, readFile: FileReader, issues: IssueList): MapNode {
  let changed: DocNode = root;
  for (const path of PLACES) changed = at(changed, path, [], (node, place) => inlined(node, place, readFile, issues));
  for (const path of [...communicatorsOf(root, ["workload"]), ...jobPlaces(root)]) {
    changed = at(changed, path, [], (node, place) => inlined(node, place, readFile, issues));
  }
  return changed as MapNode;
}

/** Workloads of jobs, and communicators of those that are programs. */
function jobPlaces(root: MapNode): Path[] {
  const jobs = root.entries.get("jobs")?.node;
  if (jobs?.type !== "list") return [];
  return jobs.items.flatMap((_, i) => {
    const path = ["jobs", i, "workload"];
    return [path, ...communicatorsOf(root, path)];
  });
}

/** Communicators of a workload that is a program. */
function communicatorsOf(root: MapNode, workload: Path): Path[] {
  const path = [...workload, "communicators"];
  const list = nodeAt(root, path);
  return list?.type === "list" ? list.items.map((_, i) => [...path, i]) : [];
}

function nodeAt(root: DocNode, path: Path): DocNode | undefined {
  let node: DocNode | undefined = root;
  for (const step of path) {
    if (node?.type === "map") node = node.entries.get(String(step))?.node;
    else node = node?.type === "list" && typeof step === "number" ? node.items[step] : undefined;
  }
  return node;
}

/** A setting of a workload that may be the name of a file. */
interface FileSetting {
  readonly key: string;
  readonly isFile: (text: string) => boolean;
  /** What stands for the file's text. @throws Error with a message for the user */
  readonly content: (text: string, origin: Origin) => DocNode;
}

const SETTINGS: readonly FileSetting[] = [
  {
    key: "distribution",
    isFile: (text) => /\.(csv|txt)$/i.test(text),
    content: (text, origin) => listOfPoints(parseDistribution(text), origin),
  },
  { key: "sizes", isFile: isFileName, content: (value, origin) => ({ type: "scalar", value, origin }) },
  { key: "tuner", isFile: namesFile, content: (value, origin) => ({ type: "scalar", value, origin }) },
  { key: "layerTimes", isFile: namesFile, content: (value, origin) => ({ type: "scalar", value, origin }) },
];

function inlined(node: DocNode, place: Path, readFile: FileReader, issues: IssueList): DocNode {
  let changed = node;
  for (const { key, isFile, content } of SETTINGS) {
    if (changed.type !== "map") return changed;
    const entry = changed.entries.get(key);
    if (entry?.node.type !== "scalar" || typeof entry.node.value !== "string") continue;
    const { value: file, origin } = entry.node;
    if (!isFile(file)) continue;
    try {
      const entries = new Map(changed.entries).set(key, { ...entry, node: content(readFile(file), origin) });
      changed = { ...changed, entries };
    } catch (cause) {
      issues.addLast(`${file}: ${(cause as Error).message}`, [...place, key], origin);
    }
  }
  return changed;
}

function listOfPoints(points: readonly (readonly [number, number])[], origin: Origin): DocNode {
  const scalar = (value: number): DocNode => ({ type: "scalar", value, origin });
  return { type: "list", origin, items: points.map((point) => ({ type: "list", origin, items: point.map(scalar) })) };
}

/** The document with a change of the node at a path, if there is one. */
function at(node: DocNode, path: Path, place: Path, change: (node: DocNode, place: Path) => DocNode): DocNode {
  const [step, ...rest] = path;
  if (step === undefined) return change(node, place);
  if (node.type === "map") {
    const entry = node.entries.get(String(step));
    if (entry === undefined) return node;
    const child = at(entry.node, rest, [...place, step], change);
    return { ...node, entries: new Map(node.entries).set(String(step), { ...entry, node: child }) };
  }
  if (node.type !== "list" || typeof step !== "number" || node.items[step] === undefined) return node;
  const items = [...node.items];
  items[step] = at(items[step]!, rest, [...place, step], change);
  return { ...node, items };
}
