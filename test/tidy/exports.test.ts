/** What no other module uses is not exported. Types may be: they name what a function takes. */
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { isGenerated, type Module, modulesOf } from "./modules.js";

/** Modules whose users are outside of the tree, or name them at run time. */
const FACES = [
  /^(src|assembly)\/index\.ts$/,
  /^src\/study\/batch\/index\.ts$/,
  // Loaded by piscina, which calls its functions by name.
  /^src\/study\/batch\/worker\.ts$/,
  // The program's script, which its threads load as a whole.
  /^src\/cli\/entries\.ts$/,
  // Loaded as they are by workers, or put in place by a bundler.
  /\.d\.ts$/,
  /^src\/engine\/core\/(embedded\.ts|\w+-host\.js|worker\.js)$/,
  // The build reads their constants and records: scripts/boundary.mjs.
  /^assembly\/(memory\/structs\/.*|(congestion|spraying)\/records|packet\/packet|engine\/(key|inbox)|memory\/chunks)\.ts$/,
];

const TREE = modulesOf("src", "assembly", "test", "bench", "scripts");

/** Names of the values that a module exports by a declaration of its own. */
function exportsOf({ source }: Module): string[] {
  return source.statements.flatMap((statement) => {
    const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
    if (!modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return [];
    if (ts.isVariableStatement(statement)) return statement.declarationList.declarations.map((it) => it.name.getText());
    const isValue =
      ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement) || ts.isEnumDeclaration(statement);
    return isValue && statement.name !== undefined ? [statement.name.text] : [];
  });
}

/** All names that a module's text has, as identifiers or as parts of a path. */
function namesIn({ text }: Module): Set<string> {
  return new Set(text.match(/[\p{L}_$][\p{L}\p{N}_$]*/gu));
}

describe("exports", () => {
  it("have a user in another module", () => {
    const users = new Map<string, Set<string>[]>();
    for (const module of TREE) {
      const names = namesIn(module);
      for (const path of module.imports) users.set(path, [...(users.get(path) ?? []), names]);
    }
    const unused = TREE.filter(
      (module) =>
        /^(src|assembly)\//.test(module.path) && !isGenerated(module) && !FACES.some((it) => it.test(module.path)),
    ).flatMap((module) =>
      exportsOf(module)
        .filter((name) => !users.get(module.path)?.some((names) => names.has(name)))
        .map((name) => `${module.path}: ${name}`),
    );
    expect(unused).toEqual([]);
  });
});
