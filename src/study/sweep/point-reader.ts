/** Combinations of a sweep to scenarios. */

import { PolicyError } from "../../plan/policy-error.js";
import { IssueList } from "../../scenario/document/issues.js";
import { type DocNode, DocumentError, type Origin, originAt } from "../../scenario/document/node.js";
import { parseRead, withPolicyDigest } from "../../scenario/parse/parse.js";
import { ScenarioError } from "../../scenario/types/errors.js";
import type { Scenario } from "../../scenario/types/scenario.js";
import type { ScenarioIssue } from "../../util/issue.js";
import type { PolicyFile } from "../policies/read-file.js";
import { type Build, type Change, changed } from "./point.js";

/** Reads the file of a custom routing policy; `origin` is where it is named. @throws PolicyError */
export type ReadPolicy = (module: string, origin: Origin) => Promise<PolicyFile>;

/** What points depend on beside the sweep. */
export interface ReadContext {
  readonly build: Build;
  /** Name of the sweep's file, for messages. */
  readonly file?: string;
  /** Left out: scenarios with custom routing policies are refused. */
  readonly readPolicy?: ReadPolicy;
}

export interface ReadPoint {
  readonly scenario: Scenario;
  readonly warnings: readonly ScenarioIssue[];
  /** Where its routing is custom. */
  readonly policy: PolicyFile | undefined;
  /** Makes the scenario once more: those of all points would fill the memory. */
  again(): Scenario;
}

const MODULE = ["routing", "module"];

export class PointReader {
  constructor(
    private readonly base: DocNode,
    private readonly baseName: string,
    private readonly context: ReadContext,
  ) {}

  /** The base with changes. @throws ScenarioError */
  async read(changes: readonly Change[]): Promise<ReadPoint> {
    const { file } = this.context;
    try {
      const document = changed(this.base, changes);
      const parse = () => parseRead(document, { defaultName: this.baseName, ...(file === undefined ? {} : { file }) });
      const { scenario, warnings } = parse();
      const { custom } = scenario.routing;
      if (custom === undefined) return { scenario, warnings, policy: undefined, again: () => parse().scenario };
      const policy = await this.#policy(custom.module, originAt(document, MODULE));
      const withPolicy = (parsed: Scenario) => withPolicyDigest(parsed, policy.digest);
      return { scenario: withPolicy(scenario), warnings, policy, again: () => withPolicy(parse().scenario) };
    } catch (cause) {
      if (!(cause instanceof DocumentError)) throw cause;
      throw this.#fault(cause.message, cause.path, cause.origin);
    }
  }

  async #policy(module: string | null, origin: Origin): Promise<PolicyFile> {
    const { readPolicy } = this.context;
    if (module === null) {
      throw this.#fault("custom routing needs its policy; write the file's name", MODULE, origin);
    }
    if (readPolicy === undefined) throw this.#fault("files of policies cannot be read here", MODULE, origin);
    try {
      return await readPolicy(module, origin);
    } catch (cause) {
      if (!(cause instanceof PolicyError)) throw cause;
      throw this.#fault(cause.message, MODULE, origin);
    }
  }

  #fault(message: string, path: DocumentError["path"], origin: Origin): ScenarioError {
    const issues = new IssueList(this.context.file);
    issues.add(message, path, origin);
    return new ScenarioError(issues.list());
  }
}
