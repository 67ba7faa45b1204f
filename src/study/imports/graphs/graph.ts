/** A graph as its file has it, before it means a fabric. */
import { ScenarioError } from "../../../scenario/types/errors.js";
import type { Position, SourceFile } from "../common/source.js";

export type Value = string | number;

/** A position in a text, or a path in a document. */
export interface Place extends Position {
  readonly path?: string;
}

/** @throws ScenarioError with the file and the place */
export function failAt(file: SourceFile, message: string, place: Place): never {
  if (place.path === undefined) return file.fail(message, place);
  throw new ScenarioError([{ message, path: place.path, file: file.name }]);
}

export interface ReadNode {
  readonly id: string;
  readonly attributes: ReadonlyMap<string, Value>;
  readonly at: Place;
}

export interface ReadEdge {
  readonly source: string;
  readonly target: string;
  readonly attributes: ReadonlyMap<string, Value>;
  readonly at: Place;
}

export interface ReadGraph {
  readonly isDirected: boolean;
  /** In the order of the file. */
  readonly nodes: readonly ReadNode[];
  readonly edges: readonly ReadEdge[];
}

/** Far more than a scenario may have. */
export const MAX_NODES = 2 ** 20;
export const MAX_EDGES = 2 ** 21;
