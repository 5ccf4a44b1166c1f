import { InvalidArgumentError, Option } from "commander";
import { formats } from "../format/print.ts";

/** `--format`, for commands that print rows or a list. */
export const formatOption = (): Option =>
  new Option("--format <format>", "how to print (table on a terminal, ndjson in a pipe)").choices(formats);

/** `--mode`, for a target. */
export const modeOption = (): Option =>
  new Option("--mode <mode>", "how --into writes").choices(["overwrite", "append", "update"]).default("overwrite");

/** `--param`, which may be repeated. */
export const paramOption = (): Option =>
  new Option("--param <name=value>", "a value for @name; name:type=value for what is no text")
    .argParser((value: string, before: string[]) => [...before, value])
    .default([], "none");

/** Reads a whole number from 1. @throws InvalidArgumentError for anything else */
export function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError("It is a whole number, from 1.");
  return Number(text);
}
