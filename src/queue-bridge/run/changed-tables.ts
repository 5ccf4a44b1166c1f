import type { RunError } from "#protocol/run-error.ts";
import { explainSqlError } from "#sql/error-catalogue.ts";

const changed: ReadonlySet<string> = new Set(["UNKNOWN_COLUMN", "UNKNOWN_TABLE", "AMBIGUOUS_COLUMN"]);

/** Whether MCE's words about a failed run mean that its tables are not what we remember: somebody has changed one. */
export function mayBeStaleMetadata({ mce = "" }: RunError): boolean {
  return changed.has(explainSqlError(mce)?.code ?? "");
}
