import type { Command } from "commander";
import { readFailures } from "../../../store/failures.js";
import { StoreFolder } from "../../../store/folder.js";
import { lockStore } from "../../../store/lock.js";
import { readManifest } from "../../../store/manifests.js";
import { RowAppender } from "../../../store/rows.js";
import type { Environment } from "../../environment.js";
import { addVerboseOption } from "../../options.js";
import { addSweepOption } from "../../sweep/options.js";
import { reportSweep } from "../../sweep/report.js";

export function register(sweep: Command, env: Environment): void {
  const command = sweep
    .command("merge")
    .description("take what shards have finished into the store, and say what is missing (exit code 3)")
    .argument("<dir>", "folder of the store");
  addVerboseOption(addSweepOption(command)).action(async (dir: string, options: { sweep?: string }) => {
    const folder = new StoreFolder(dir);
    const manifest = await readManifest(folder, options.sweep);
    const unlock = await lockStore(folder);
    try {
      const appender = await RowAppender.open(folder);
      try {
        await appender.merge();
      } finally {
        await appender.close();
      }
      await reportSweep(manifest, appender.rows, await readFailures(folder), dir, env);
    } finally {
      await unlock();
    }
  });
}
