import type { Command } from "commander";
import { readFailures } from "../../../study/store/failures.js";
import { StoreFolder } from "../../../study/store/folder.js";
import { lockStore } from "../../../study/store/lock.js";
import { readManifest } from "../../../study/store/manifests.js";
import { RowAppender } from "../../../study/store/rows.js";
import type { PointRow } from "../../../study/sweep/row.js";
import type { Environment } from "../../support/environment.js";
import { addVerboseOption } from "../../support/options.js";
import { addSweepOption } from "../../sweep/options.js";
import { inStore } from "../../sweep/planning.js";
import { reportSweep } from "../../sweep/report.js";

export function register(sweep: Command, env: Environment): void {
  const command = sweep
    .command("merge")
    .description("take what shards have finished into the store, and say what is missing (exit code 3)")
    .argument("<dir>", "folder of the store");
  addVerboseOption(addSweepOption(command)).action(async (dir: string, options: { sweep?: string }) => {
    const folder = new StoreFolder(dir);
    const manifest = await readManifest(folder, options.sweep);
    const rows = await inStore(folder, () => mergeRows(folder));
    await reportSweep(manifest, rows, await readFailures(folder), dir, env);
  });
}

async function mergeRows(folder: StoreFolder): Promise<ReadonlyMap<string, PointRow>> {
  const unlock = await lockStore(folder);
  try {
    const appender = await RowAppender.open(folder);
    try {
      await appender.merge();
    } finally {
      await appender.close();
    }
    return appender.rows;
  } finally {
    await unlock();
  }
}
