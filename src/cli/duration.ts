import { UsageError } from "./exit-code.ts";

const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/** Reads a time such as `90s`, `30m` or `2h` as milliseconds. @throws UsageError for anything else */
export function readDuration(text: string): number {
  const { value, unit = "s" } = /^(?<value>\d+(?:\.\d+)?)(?<unit>ms|s|m|h)?$/.exec(text.trim())?.groups ?? {};
  if (value === undefined) throw new UsageError(`"${text}" is no time; write 90s, 30m or 2h`);
  // The pattern has these units only.
  return Number(value) * units[unit as keyof typeof units];
}
