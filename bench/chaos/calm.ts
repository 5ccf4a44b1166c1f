import { readStackFile } from "../../dev/stack/stack-files.ts";
import { within } from "../history/settle.ts";
import type { BenchStack } from "../stack/bench-stack.ts";

/** How long a part that was killed last may take to be there again. */
const partsMs = 60_000;

/** Waits until edge and bridge answer. @throws when they do not within a minute */
export async function whenUp(stack: BenchStack): Promise<void> {
  const edgeIsUp = () =>
    fetch(`${stack.file().edge}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    );
  const isUp = async () => (await readStackFile(stack.dir))?.bridgePid !== undefined && (await edgeIsUp());
  if (!(await within(partsMs, isUp))) throw new Error("Cannot judge: edge and bridge did not come back");
}
