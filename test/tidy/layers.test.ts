/** Dependencies point one way: the layers stand in docs/ARCHITECTURE.md, which is the only list. */
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { type Module, modulesOf, textOf } from "./modules.js";

const ARCHITECTURE = textOf("docs/ARCHITECTURE.md")!;

/**
 * Layers of a tree from the top down, each with its folders, as a fenced block of the page lists
 * them.
 */
function layersOf(tree: string): string[][] {
  const block = new RegExp(`\`\`\`layers ${tree}\n([^\`]*)\`\`\``).exec(ARCHITECTURE)?.[1];
  if (block === undefined) throw new Error(`docs/ARCHITECTURE.md has no block "layers ${tree}"`);
  return block
    .trim()
    .split("\n")
    .map((line) => line.replace(/\s\s.*$/, "").split(/,\s*/));
}

function folderOf(tree: string, path: string): string {
  return dirname(path).slice(tree.length + 1);
}

/** The layer of a folder: of the longest listed folder that holds it. */
function layerOf(layers: readonly string[][], folder: string): number {
  for (let at = folder; ; at = dirname(at)) {
    const found = layers.findIndex((folders) => folders.includes(at));
    if (found >= 0 || at === "." || at === "") return found;
  }
}

/** Circles of a graph: its strongly connected components of more than one node (Tarjan 1972). */
function circles(graph: ReadonlyMap<string, ReadonlySet<string>>): string[][] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (node: string): void => {
    index.set(node, index.size);
    low.set(node, index.get(node)!);
    stack.push(node);
    for (const next of graph.get(node) ?? []) {
      if (!index.has(next)) visit(next);
      if (stack.includes(next)) low.set(node, Math.min(low.get(node)!, low.get(next)!));
    }
    if (low.get(node) !== index.get(node)) return;
    const circle = stack.splice(stack.indexOf(node));
    if (circle.length > 1) found.push(circle.sort());
  };
  for (const node of graph.keys()) if (!index.has(node)) visit(node);
  return found;
}

function graphOf(modules: readonly Module[], nameOf: (path: string) => string): Map<string, Set<string>> {
  const graph = new Map<string, Set<string>>();
  for (const { path, imports } of modules) {
    const from = nameOf(path);
    const targets = graph.get(from) ?? new Set<string>();
    for (const target of imports) if (nameOf(target) !== from) targets.add(nameOf(target));
    graph.set(from, targets);
  }
  return graph;
}

describe.each(["src", "assembly", "web"])("layers of %s", (tree) => {
  const modules = modulesOf(tree);
  const layers = layersOf(tree);

  it("hold every folder, and no other", () => {
    // A module in the root of the tree is the package's face: it may see everything, and nothing
    // sees it.
    const folders = new Set(modules.map(({ path }) => folderOf(tree, path)).filter((folder) => folder !== ""));
    const homeless = [...folders].filter((folder) => layerOf(layers, folder) < 0);
    const empty = layers.flat().filter((listed) => ![...folders].some((it) => `${it}/`.startsWith(`${listed}/`)));
    expect({ homeless, empty }).toEqual({ homeless: [], empty: [] });
  });

  it("know only what stands below them", () => {
    const upward = modules.flatMap(({ path, imports }) =>
      imports
        .filter((target) => {
          const [from, to] = [folderOf(tree, path), folderOf(tree, target)];
          if (from === to || from === "") return false;
          const [above, below] = [layerOf(layers, from), layerOf(layers, to)];
          // The program may load the package as its users do.
          if (to === "") return from.split("/")[0] !== "cli";
          // Folders of one entry are ordered by the test for circles.
          return above > below || (above === below && !shareEntry(layers[above]!, from, to));
        })
        .map((target) => `${path} -> ${target}`),
    );
    expect(upward).toEqual([]);
  });

  it("have no circles, neither of files nor of folders", () => {
    expect(circles(graphOf(modules, (path) => path))).toEqual([]);
    expect(circles(graphOf(modules, (path) => dirname(path)))).toEqual([]);
  });
});

describe("the playground", () => {
  it("knows heddle as its users do, and heddle does not know it", () => {
    const page = modulesOf("web").flatMap(({ imports }) => imports);
    expect(page.filter((target) => !target.startsWith("web/"))).toEqual([]);
    const library = modulesOf("src").flatMap(({ imports }) => imports);
    expect(library.filter((target) => target.startsWith("web/"))).toEqual([]);
  });
});

/** Whether two folders lie in the same listed one. */
function shareEntry(entries: readonly string[], a: string, b: string): boolean {
  return entries.some((entry) => [a, b].every((folder) => `${folder}/`.startsWith(`${entry}/`)));
}
