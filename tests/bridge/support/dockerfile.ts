/** One instruction of a stage; `words` are of the exec form's JSON or split at blanks, `text` is what stands there. */
type Instruction = { name: string; text: string; words: string[]; flags: Readonly<Record<string, string>> };
export type Stage = { name: string; from: string; instructions: Instruction[] };

/** Reads a Dockerfile: comments, continued lines, global ARGs with their defaults, stages. @throws when it is none */
export function readDockerfile(text: string): { args: Record<string, string>; stages: Stage[] } {
  const args: Record<string, string> = {};
  const stages: Stage[] = [];
  for (const line of joinedLines(text)) {
    const instruction = readInstruction(line);
    const last = stages.at(-1);
    if (instruction.name === "FROM") {
      const [image = "", , name = ""] = instruction.words;
      const from = image.replaceAll(/\$\{(\w+)\}/g, (_all, arg: string) => args[arg] ?? "");
      stages.push({ name, from, instructions: [] });
    } else if (last !== undefined) last.instructions.push(instruction);
    else if (instruction.name === "ARG") {
      const [name = "", value = ""] = instruction.text.split("=");
      args[name] = value;
    } else throw new Error(`Cannot read the Dockerfile: ${line} stands before the first FROM`);
  }
  return { args, stages };
}

function joinedLines(text: string): string[] {
  const lines = text.split("\n").filter((line) => !line.trimStart().startsWith("#"));
  return lines
    .join("\n")
    .replaceAll(/\\\n\s*/g, " ")
    .split("\n")
    .filter((line) => line.trim() !== "");
}

function readInstruction(line: string): Instruction {
  const [, name = "", rest = ""] = /^([A-Z]+)\s+(.*)$/.exec(line.trim()) ?? [];
  if (name === "") throw new Error(`Cannot read the Dockerfile: ${line}`);
  const flags = Object.fromEntries(
    [...rest.matchAll(/--([\w-]+)=(\S+)/g)].map(([, flag = "", value = ""]) => [flag, value]),
  );
  const text = name === "RUN" ? rest : rest.replaceAll(/--[\w-]+=\S+\s*/g, "").trim();
  return { name, text, words: wordsOf(text), flags };
}

function wordsOf(text: string): string[] {
  const list = /^(?:CMD\s+)?(\[.*\])$/.exec(text)?.[1];
  return list === undefined ? text.split(/\s+/) : (JSON.parse(list) as string[]);
}
