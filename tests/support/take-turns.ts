import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * Lets files that wait and files that compute take turns, each kind in Vitest's own order, the longest first: the bridge's
 * tests wait for most of their time, and alone would leave half of two cores idle.
 */
export class TakeTurns extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isNode = ({ project }: TestSpecification) => project.name === "node";
    const nodes = sorted.filter(isNode);
    const filesIn = (folder: string) => nodes.filter(({ moduleId }) => moduleId.includes(`/tests/${folder}/`));
    // A former run may not be known, and those of the simulation are longer than their texts.
    const [waiting, longest] = [filesIn("bridge"), filesIn("simulate")];
    const computing = [...longest, ...nodes.filter((file) => !waiting.includes(file) && !longest.includes(file))];
    const turns = [...placesOf(waiting), ...placesOf(computing)].sort((one, other) => one.at - other.at);
    return sorted.map((file) => (isNode(file) ? (turns.shift()?.file ?? file) : file));
  }
}

/** Where each file of a list stands in it, from 0 to 1. */
function placesOf(files: readonly TestSpecification[]): { at: number; file: TestSpecification }[] {
  return files.map((file, index) => ({ at: index / files.length, file }));
}
