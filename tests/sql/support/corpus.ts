import { existsSync, readFileSync } from "node:fs";
import type { CorpusQuery } from "./fields-in.ts";

/** The queries of a corpus file; none when it is absent. */
export function readCorpus(file: string | URL): CorpusQuery[] {
  if (!existsSync(file)) return [];
  return (
    readFileSync(file, "utf8")
      .split("\n")
      .filter((line) => line.trim() !== "")
      // The corpus is described by its README.
      .map((line) => JSON.parse(line) as CorpusQuery)
  );
}

/** The development corpus, which lies beside the project or not at all. */
export const devCorpus = new URL("../../../../shared/sql-corpus/dev.jsonl", import.meta.url);
