import type { Answer } from "#mce/failure.ts";
import { createFolder, findFolders, type FolderContent } from "#mce/soap/folder.ts";
import { lineOf } from "../findings.ts";
import { steadily, type Probing } from "../probing.ts";
import { roomName } from "../room.ts";

const kinds = [
  { place: "tables", contentType: "dataextension", english: "Data Extensions" },
  { place: "queries", contentType: "queryactivity", english: "Query" },
] as const;
const description = "For npm run probe, which removes it when it ends";

/**
 * Makes the probe's two folders, or takes those that a probe left which was killed.
 *
 * @returns why there are none; undefined when both are there
 */
export async function openFolders(probing: Probing): Promise<string | undefined> {
  const { mce, room, book } = probing;
  const roots: number[] = [];
  let isLocalized = false;
  for (const { place, contentType, english } of kinds) {
    const found = await steadily(probing, () => findFolders(mce, { contentType }));
    if (!found.ok) return `the folders cannot be read: ${found.error.message}`;
    const root = found.value.find(({ parentId }) => parentId === 0);
    if (root === undefined) return `Marketing Cloud shows no root folder of type ${contentType}`;
    isLocalized ||= root.name !== english;
    roots.push(root.id);
    const known = found.value.find(({ name, parentId }) => name === roomName && parentId === root.id);
    if (known === undefined) room.triedFolders.add(place);
    const made = known ?? (await make(probing, contentType, root.id));
    if (typeof made === "string") return made;
    room.folders[place] = made.id;
  }
  book.settle({ localizedRoots: isLocalized });
  book.note({ question: "Names of the root folders", answer: isLocalized ? "not the English ones" : "English" });
  const again = await createFolder(mce, draftOf("dataextension", roots[0] ?? 0));
  book.note(lineOf("A folder of a name that is taken", again));
  return undefined;
}

async function make(probing: Probing, contentType: FolderContent, parentId: number): Promise<{ id: number } | string> {
  const made: Answer<{ id: number }> = await createFolder(probing.mce, draftOf(contentType, parentId));
  return made.ok ? made.value : `a folder cannot be made: ${made.error.message}`;
}

function draftOf(contentType: FolderContent, parentId: number) {
  return { name: roomName, description, contentType, parentId };
}
