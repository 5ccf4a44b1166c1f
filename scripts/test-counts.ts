import { readFile } from "node:fs/promises";
import { z } from "zod";

// Prints one line for CI logs from the files of vitest's json reporter.
const Results = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.unknown()) })),
});

let passed = 0;
let failed = 0;
for (const file of process.argv.slice(2)) {
  const { numPassedTests, numFailedTests, testResults } = Results.parse(JSON.parse(await readFile(file, "utf8")));
  // A file that cannot be loaded has no tests to count.
  const broken = testResults.filter(
    ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0,
  );
  passed += numPassedTests;
  failed += numFailedTests + broken.length;
}
console.log(`tests: ${passed} passed, ${failed} failed`);
