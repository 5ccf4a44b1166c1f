import { neon, neonConfig } from "@neondatabase/serverless";
import { expect, onTestFinished } from "vitest";
import { examine } from "../../../scripts/doctor/examine.ts";
import { readSettings } from "../../../scripts/settings/read-settings.ts";
import type { TestStack } from "./stack.ts";

type Change = { worker?: Record<string, string>; bridge?: Record<string, string> };

/** The doctor with the settings of a stack, of which a test changes some. */
export async function openDoctor(stack: TestStack) {
  const healthy = await readSettings([], stack.dir);

  async function look({ worker, bridge }: Change = {}) {
    const settings = { ...healthy, worker: { ...healthy.worker, ...worker }, bridge: { ...healthy.bridge, ...bridge } };
    // Where the Worker is said to be in production, an operator's credential is given; the Worker itself is in development.
    const token = worker?.["SQE_ENV"] === "production" ? stack.tokens.operator : undefined;
    return (await examine(settings, token)).examined;
  }
  /** The lines about one check. */
  async function linesOf(id: string, change?: Change) {
    return (await look(change)).find((check) => check.id === id)?.findings ?? expect.unreachable(id);
  }
  async function brokenBy(id: string, change?: Change): Promise<string[]> {
    return (await linesOf(id, change)).flatMap(({ state, what }) => (state === "broken" ? [what] : []));
  }
  /** One statement as the database's superuser. */
  async function admin(statement: string): Promise<Record<string, unknown>[]> {
    neonConfig.fetchEndpoint = () => stack.neonHttp;
    return neon(stack.neonAdmin).query(statement);
  }
  /** Breaks Postgres for one test. */
  async function withSql(breakIt: string, mendIt: string): Promise<void> {
    await admin(breakIt);
    onTestFinished(async () => void (await admin(mendIt)));
  }
  return { healthy, look, linesOf, brokenBy, admin, withSql };
}
