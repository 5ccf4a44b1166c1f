import type { TestProject } from "vitest/node";
import { openLoopbackServer } from "../../dev/stand-ins/loopback-server.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Where test files report which answers they checked against openapi.json. */
    answerCountsUrl: string;
  }
}

/** Counts the answers that the test files of a project checked against openapi.json, and prints the sum at the end. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const counts = new Map<string, number>();
  const server = await openLoopbackServer(0, ({ body }) => {
    // What countAnswer() collected.
    const some = JSON.parse(body) as Record<string, number>;
    for (const [answer, n] of Object.entries(some)) counts.set(answer, (counts.get(answer) ?? 0) + n);
    return Promise.resolve({ status: 200, body: {} });
  });
  project.provide("answerCountsUrl", server.url);
  return async () => {
    await server.close();
    const total = [...counts.values()].reduce((sum, n) => sum + n, 0);
    const calls = new Set([...counts.keys()].map((answer) => answer.replace(/ \d+$/, "")));
    if (total > 0)
      console.log(
        `${project.name}: ${total} answers fit openapi.json (${counts.size} kinds of answers of ${calls.size} calls)`,
      );
  };
}
