/** One column as FACTS 8.7 tells it; `isAgreed` when no source says otherwise. */
export type ToldColumn = { name: string; type: string; length: number | undefined; isAgreed: boolean };

const typed = /^([A-Za-z]+)(?:\((\d+)\))?/;

/** The system data views of FACTS 8.7 with their columns, both the tables and the short form. */
export function viewsOfFacts(source: string): Record<string, ToldColumn[]> {
  const section = source.slice(source.indexOf("### 8.7"), source.indexOf("## 9."));
  const views: Record<string, ToldColumn[]> = {};
  for (const part of section.split(/^#### /m).slice(1)) {
    const name = /^`(\w+)`/.exec(part)?.[1];
    if (name === undefined) continue;
    const own = [...part.matchAll(/^\| (\w+) \| ([^|]+?) \| [^|]* \| [^|]* \|([^|]*)\|$/gm)]
      .filter(([, column]) => column !== "Column")
      .map(([, column = "", type = "", doubt = ""]) => toColumn(column, type, doubt.trim()));
    const inherited = part.includes("First 11 columns exactly as `_Sent`") ? (views["_Sent"] ?? []) : [];
    views[name] = [...inherited, ...own];
  }
  for (const [, name = "", columns = ""] of section.matchAll(/^- \*\*`(\w+)`\*\*.*?Columns: (.*)$/gm)) {
    views[name] = columns
      .replace(/\.$/, "")
      .split("; ")
      .map((it) => {
        const [, column = "", type = "", rest = ""] = /^(\w+) ([A-Za-z]+(?:\(\d+\))?)(.*)$/.exec(it.trim()) ?? [];
        return toColumn(column, type, rest.replace(/^[?!]/, "").trim());
      });
  }
  return views;
}

function toColumn(name: string, told: string, doubt: string): ToldColumn {
  const [, type = "", length] = typed.exec(told.trim()) ?? [];
  // A Decimal without precision has to be given one.
  const isAgreed = doubt === "" && type !== "Decimal";
  return { name, type, length: length === undefined ? undefined : Number(length), isAgreed };
}
