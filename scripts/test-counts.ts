import { readFile } from "node:fs/promises";
import { z } from "zod";

// Prints one plain line for readers of CI logs, out of the file of vitest's json reporter.
const Results = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.unknown()) })),
});

const { numPassedTests, numFailedTests, testResults } = Results.parse(
  JSON.parse(await readFile(process.argv[2] ?? "", "utf8")),
);
// A file that cannot even be loaded has no tests to count.
const broken = testResults.filter(
  ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0,
);
console.log(`tests: ${numPassedTests} passed, ${numFailedTests + broken.length} failed`);
