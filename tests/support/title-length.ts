import { afterAll, type RunnerTask } from "vitest";

const maxLength = 120;

/** Fails a test file that has a longer title, of a test or of a group, as it is printed with its parameters. */
// oxlint-disable-next-line no-empty-pattern -- vitest reads the names of fixtures here, and there are none
afterAll(({}, file) => {
  const long = namesIn(file.tasks).filter((name) => name.length > maxLength);
  if (long.length > 0) throw new Error(`titles of more than ${maxLength} characters:\n${long.join("\n")}`);
});

function namesIn(tasks: readonly RunnerTask[]): string[] {
  return tasks.flatMap((task) => [task.name, ...("tasks" in task ? namesIn(task.tasks) : [])]);
}
