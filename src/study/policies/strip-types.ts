/** TypeScript to JavaScript, by the compiler that whoever writes TypeScript has. */
import { basename } from "node:path";
import { PolicyError } from "../../plan/policy-error.js";

/** @throws PolicyError where there is no compiler, or the text is not TypeScript */
export async function stripTypes(text: string, path: string): Promise<string> {
  const name = basename(path);
  const { default: typescript } = await import("typescript").catch((cause: unknown) => {
    throw new PolicyError(
      `${path} is TypeScript, which needs the package typescript: npm install --save-dev typescript; or write JavaScript`,
      name,
      undefined,
      { cause },
    );
  });
  const { outputText, diagnostics = [] } = typescript.transpileModule(text, {
    fileName: path,
    reportDiagnostics: true,
    compilerOptions: { target: typescript.ScriptTarget.ES2022, module: typescript.ModuleKind.ESNext },
  });
  const [fault] = diagnostics.filter(({ category }) => category === typescript.DiagnosticCategory.Error);
  if (fault === undefined) return outputText;
  const said = typescript.flattenDiagnosticMessageText(fault.messageText, "\n");
  const at = fault.file?.getLineAndCharacterOfPosition(fault.start ?? 0);
  const where = at === undefined ? "" : `:${at.line + 1}:${at.character + 1}`;
  throw new PolicyError(`${path}${where}: ${said}`, name);
}
