import { afterAll, inject } from "vitest";
import { takeCounts } from "./counted-answers.ts";

/** Reports what a test file checked, when it ends. */
afterAll(async () => {
  const counts = takeCounts();
  if (Object.keys(counts).length === 0) return;
  const answer = await fetch(inject("answerCountsUrl"), { method: "POST", body: JSON.stringify(counts) });
  await answer.text();
});
