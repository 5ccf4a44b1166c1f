import fs from "node:fs";
import { registerHooks, syncBuiltinESMExports } from "node:module";

// Loaded before a program (`node --import`): records every module it loads and every file it reads, one a line, in the file
// named by `?to=`.
const to = new URL(import.meta.url).searchParams.get("to") ?? "";
const opened = new Set<string>();
registerHooks({
  load(url, context, next) {
    opened.add(url);
    return next(url, context);
  },
});
const { readFileSync } = fs;
// Same calls and answers, only recorded.
fs.readFileSync = ((...words: Parameters<typeof readFileSync>) => {
  opened.add(String(words[0]));
  return readFileSync(...words);
}) as typeof readFileSync;
syncBuiltinESMExports();
process.on("exit", () => fs.writeFileSync(to, [...opened].join("\n")));
