/**
 * One column as MCE 8.7 tells it: no `length` where none is known, `widest` over what the sources say, `isUnlisted` for
 * one that no star stands for.
 */
type ToldColumn = {
  name: string;
  type: string;
  length: number | undefined;
  scale: number | undefined;
  widest: number | undefined;
  isUnlisted: boolean;
};

/** The system data views of MCE 8.7: those with columns, and the names of those whose columns nobody knows. */
export type ToldViews = { views: Record<string, ToldColumn[]>; bare: string[] };

/** Reads section 8.7: tables, the lines that begin with T (the first columns of `_Sent`), and the short forms. */
export function viewsOfFacts(source: string): ToldViews {
  const section = source.slice(source.indexOf("### 8.7"), source.indexOf("## 9."));
  const views: Record<string, ToldColumn[]> = {};
  const [, ...parts] = section.slice(0, section.indexOf("#### Rarely used")).split(/^#### /m);
  for (const part of parts) {
    const [heading = ""] = part.split("\n", 1);
    const names = [...heading.matchAll(/(?:^|, )`(\w+)`/g)].map(([, name = ""]) => name);
    for (const name of names) views[name] = [...fromT(part, views["_Sent"] ?? []), ...fromTable(part, views)];
    checkCount(part, views[names[0] ?? ""] ?? []);
  }
  const bare: string[] = [];
  for (const [, heading = "", rest = ""] of section.matchAll(/^- \*\*(.+?)\*\* — (.*)$/gm)) {
    const names = [...heading.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name);
    const columns = /(?:Columns|19 columns in [^:]+): (.*)$/.exec(rest)?.[1];
    const [only = ""] = names;
    if (columns === undefined || names.length > 1) bare.push(...names);
    else views[only] = fromShortForm(columns, views["_Sent"] ?? []);
  }
  return { views, bare };
}

function fromTable(part: string, views: Record<string, ToldColumn[]>): ToldColumn[] {
  const rows = part.matchAll(/^\| ([\w, ]+?)( \*\*NS\*\*)? \| ([^|]+?) \| [^|]* \| [^|]* \|([^|]*)\|$/gm);
  return [...rows].flatMap(([, names = "", unlisted, type = "", doubt = ""]) => {
    if (names === "Column" || /^-+$/.test(names)) return [];
    return names.split(", ").map((name) => {
      const isUnlisted = unlisted !== undefined;
      const known = views["_Sent"]?.find((column) => column.name === name);
      return known !== undefined && /as T's view/.test(type) ? known : columnOf(name, type, { isUnlisted, doubt });
    });
  });
}

/** `T, Domain, IsUnique Boolean **nullable**, … (12).` and what follows as NS. */
function fromT(part: string, sent: readonly ToldColumn[]): ToldColumn[] {
  const line = /^(?:Both: )?T, (.*)$/m.exec(part)?.[1];
  if (line === undefined) return [];
  const [listed = "", rest = ""] = line.split(/,? ?then \(|\(\d+\)\.| — /);
  const unlisted = /([\w, ]+): \*\*NS\*\*/.exec(rest)?.[1] ?? "";
  return [
    ...sent.slice(0, 8),
    ...itemsOf(listed).map((words) => named(words, sent, false)),
    ...itemsOf(unlisted).map((name) => named(name, sent, true)),
  ];
}

function itemsOf(list: string): string[] {
  return list.split(", ").filter((words) => words.trim() !== "");
}

/** A column by its words, or by its name alone where `_Sent` has it. */
function named(words: string, sent: readonly ToldColumn[], isUnlisted: boolean): ToldColumn {
  const [name = "", type] = words.trim().split(" ");
  const known = sent.find((column) => column.name === name);
  if (type !== undefined) return columnOf(name, type, { isUnlisted, doubt: "" });
  if (known === undefined) throw new Error(`Cannot read MCE 8.7: no type of ${name}`);
  return { ...known, isUnlisted };
}

function fromShortForm(told: string, sent: readonly ToldColumn[]): ToldColumn[] {
  const [columns = "", unlisted = ""] = told.split(/\. \*\*NS\*\*: /);
  const [listed = ""] = columns.split(/\.(?: |$)/);
  return [
    ...listed.split("; ").map((it) => {
      const [, name = "", type = "", doubt = ""] = /^(\w+) ([A-Za-z]+(?:\([\d,]+\))?)(.*)$/.exec(it.trim()) ?? [];
      return columnOf(name, type, { isUnlisted: false, doubt });
    }),
    ...itemsOf(/^[^(.]*/.exec(unlisted)?.[0] ?? "").map((words) => named(words, sent, true)),
  ];
}

/** The count that the page gives beside a list, so that a form this does not know is not read as a shorter view. */
function checkCount(part: string, columns: readonly ToldColumn[]): void {
  const count = /^(?:Both: )?T, .*?(?:\((\d+)\)[:.]|\*\*(\d+) columns\*\*)/m.exec(part);
  const [, ...told] = count ?? [];
  const listed = columns.filter(({ isUnlisted }) => !isUnlisted).length;
  const wanted = Number(told.find((it) => it !== undefined) ?? listed);
  if (wanted !== listed) throw new Error(`Cannot read MCE 8.7: ${listed} columns of ${wanted} in ${part}`);
}

const lengths = /\b(?:Text|n?varchar|EmailAddress ?)\((\d+)\)|\b[ABM]: (\d+)/g;

function columnOf(name: string, told: string, rest: { isUnlisted: boolean; doubt: string }): ToldColumn {
  const [, type = "", size, scale] = /^([A-Za-z]+)(?:\((\d+)(?:,(\d+))?\))?/.exec(told.trim()) ?? [];
  const length = size === undefined ? undefined : Number(size);
  const others = [...rest.doubt.matchAll(lengths)].map(([, one, other]) => Number(one ?? other));
  return {
    name,
    type,
    length,
    scale: scale === undefined ? undefined : Number(scale),
    widest: length === undefined ? undefined : Math.max(length, ...others),
    isUnlisted: rest.isUnlisted,
  };
}
