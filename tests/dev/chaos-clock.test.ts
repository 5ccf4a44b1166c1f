import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const preload = new URL("../../bench/chaos/shifted-clock.ts", import.meta.url);
const program =
  "console.log(JSON.stringify([Date.now(), new Date(), Date(), new Date(0), Date.UTC(1970), performance.now()]))";

test.each([-300_000, 300_000])(
  "shifted-clock.ts sets a program's clock wrong by %i ms, and nothing else",
  async (aheadMs) => {
    const before = Date.now();
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--no-warnings", "--import", preload.href, "--eval", program],
      { cwd: fileURLToPath(new URL("../..", import.meta.url)), env: { CHAOS_CLOCK_AHEAD_MS: String(aheadMs) } },
    );
    const elapsedMs = Date.now() - before;
    const [now, date, text, epoch, utc, sinceStart] = JSON.parse(stdout) as [
      number,
      string,
      string,
      string,
      number,
      number,
    ];
    for (const time of [now, Date.parse(date), Date.parse(text) + 999]) {
      expect(time - aheadMs).toBeGreaterThanOrEqual(before);
      expect(time - aheadMs).toBeLessThanOrEqual(before + elapsedMs + 999);
    }
    expect([epoch, utc, sinceStart <= elapsedMs]).toEqual(["1970-01-01T00:00:00.000Z", 0, true]);
  },
);
