#!/usr/bin/env node
import process from "node:process";
import { isBrokenPipe, runCli } from "./cli.ts";
import type { Terminal } from "./terminal.ts";
import { version } from "./version.ts";

const { stdin, stdout, stderr, env } = process;

const terminal: Terminal = {
  stdin,
  stdout,
  stderr,
  env,
  cwd: process.cwd(),
  onInterrupt(listener) {
    process.on("SIGINT", listener);
    return () => process.off("SIGINT", listener);
  },
};

for (const output of [stdout, stderr]) {
  output.on("error", (error) => {
    // Nobody reads on, so there is nothing left to do.
    if (isBrokenPipe(error)) process.exit();
    throw error;
  });
}

// Not process.exit: what is written goes out first.
process.exitCode = await runCli(process.argv.slice(2), terminal, version);
