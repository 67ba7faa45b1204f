/** Settings that are a table: the name of a CSV file, or its text. */
import { showKey } from "../../util/document-path.js";

/** Whether a text is the name of a file rather than a table. */
export function namesFile(text: string): boolean {
  return !/[\n,]/.test(text);
}

/** What is said of a file whose text was not put in the place of its name. */
export function unreadFile(name: string): string {
  return `${showKey(name)} names a file, which is read by the command line only; write its text`;
}
