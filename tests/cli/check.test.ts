import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { fixed } from "#cli/check/fix.ts";
import { diagnosticLine, reportLines } from "#cli/check/report.ts";
import type { Diagnostic, Edit } from "#client/check-types.ts";
import { tempDir } from "../support/temp-dir.ts";
import { sqe } from "./support/terminal.ts";

function diagnostic(overrides: Partial<Diagnostic> = {}): Diagnostic {
  return { code: "X", message: "A message", line: 1, column: 1, endLine: 1, endColumn: 5, ...overrides };
}

const edit = (line: number, column: number, endColumn: number, text: string, endLine = line): Edit => ({
  line,
  column,
  endLine,
  endColumn,
  text,
});

describe("fixed()", () => {
  it("makes all edits of a finding, also of several in one text, at places counted before any of them", () => {
    const text = "SELECT a,\r\n  b\rFROM tabel\n";
    const edits = [[edit(1, 8, 9, "[a a]")], [edit(2, 3, 4, "bb"), edit(3, 6, 11, "table")]];
    expect(
      fixed(
        text,
        edits.map((some) => diagnostic({ edits: some })),
      ),
    ).toEqual({
      text: "SELECT [a a],\r\n  bb\rFROM table\n",
      count: 2,
    });
  });

  it("leaves a finding whose place another has changed, whole, and one without edits", () => {
    const all = [
      diagnostic({ edits: [edit(1, 1, 4, "one")] }),
      diagnostic({ edits: [edit(1, 3, 6, "two"), edit(1, 9, 10, "!")] }),
      diagnostic(),
    ];
    expect(fixed("abcdefghij", all)).toEqual({ text: "onedefghij", count: 1 });
  });

  it("makes edits side by side, but not where one only puts something in", () => {
    const all = [diagnostic({ edits: [edit(1, 3, 5, "")] }), diagnostic({ edits: [edit(1, 5, 6, "")] })];
    expect(fixed("SELECT", all)).toEqual({ text: "SET", count: 2 });
    const beside = [diagnostic({ edits: [edit(1, 3, 5, "x")] }), diagnostic({ edits: [edit(1, 5, 5, "y")] })];
    expect(fixed("SELECT", beside)).toEqual({ text: "SExCT", count: 1 });
  });

  it("takes an edit over several lines and at the end", () => {
    expect(fixed("a\nb\nc", [diagnostic({ edits: [edit(1, 2, 2, " ", 2), edit(3, 2, 2, ";")] })]).text).toBe("a \nc;");
  });
});

describe("reportLines()", () => {
  it("writes a finding as compilers do, in one line", () => {
    const it = diagnostic({ line: 3, column: 7, severity: "warning", message: "No\nsuch", fix: "Write it" });
    expect(diagnosticLine("sql/a.sql", it)).toBe("sql/a.sql:3:7: warning X No such. Write it");
  });

  it("writes GitHub's commands, with signs escaped that would end them", () => {
    const answer = {
      ok: false,
      notes: [],
      diagnostics: [
        diagnostic({ message: "50% no,\nsee: b", line: 2, column: 3, endLine: 2, endColumn: 6 }),
        diagnostic({ severity: "info", endLine: 4 }),
      ],
    };
    expect(reportLines([{ file: "a,b:c.sql", answer }], "github")).toEqual([
      "::error file=a%2Cb%3Ac.sql,line=2,endLine=2,col=3,endColumn=5,title=X::50%25 no,%0Asee: b",
      "::notice file=a%2Cb%3Ac.sql,line=1,endLine=4,col=1,title=X::A message",
    ]);
  });
});

describe("sqe check --fields", () => {
  const snapshot = {
    sqeFields: 1,
    takenAt: "2026-11-30T10:00:00.000Z",
    tables: [
      {
        name: "Customers",
        kind: "data-extension",
        fields: [
          { name: "CustomerKey", type: "Text", maxLength: 50, isPrimaryKey: true, isRequired: true },
          { name: "Country", type: "Text", maxLength: 2, isPrimaryKey: false, isRequired: false },
        ],
      },
    ],
  };

  async function project(files: Record<string, string>): Promise<string> {
    const dir = await tempDir();
    await writeFile(join(dir, "fields.json"), JSON.stringify(snapshot));
    await mkdir(join(dir, "sql/deep"), { recursive: true });
    for (const [name, text] of Object.entries(files)) await writeFile(join(dir, name), text);
    return dir;
  }

  it("checks files by pattern without an engine, names each place, and ends with 5", async () => {
    const cwd = await project({
      "sql/good.sql": "SELECT Country FROM Customers",
      "sql/deep/bad.sql": "SELECT Country,\n  Contry\nFROM Customers",
      "sql/not.txt": "DELETE",
    });
    const { code, out, err } = await sqe(["check", "--fields", "fields.json", "sql/**/*.sql"], { cwd });
    expect(out).toMatch(/^sql\/deep\/bad\.sql:2:3: error UNKNOWN_COLUMN .*Contry.*Country.*\n$/m);
    expect(out).not.toContain("good.sql");
    expect([code, err]).toEqual([5, expect.stringContaining("1 of 2 with errors")]);
    expect(err).toContain("Checked by the fields of 2026-11-30T10:00:00.000Z");
  });

  it("checks a query of the command line or of stdin, prints json, and annotates in a GitHub workflow", async () => {
    const cwd = await project({});
    const good = await sqe(["check", "--fields", "fields.json", "--format", "json", "SELECT Country FROM Customers"], {
      cwd,
    });
    expect(good.code).toBe(0);
    expect(JSON.parse(good.out)).toMatchObject([{ file: "query", ok: true, diagnostics: [] }]);
    const env = { GITHUB_ACTIONS: "true" };
    const piped = await sqe(["check", "--fields", "fields.json", "-q"], {
      cwd,
      env,
      stdin: "SELECT Nope FROM Customers",
    });
    expect([piped.code, piped.err]).toEqual([5, ""]);
    expect(piped.out).toMatch(/^::error file=query,line=1,endLine=1,col=8,endColumn=11,title=UNKNOWN_COLUMN::/);
  });

  it("refuses a file that is no snapshot", async () => {
    const cwd = await project({ "other.json": "{}" });
    const { code, err } = await sqe(["check", "--fields", "other.json", "SELECT 1 AS A"], { cwd });
    expect([code, err]).toEqual([2, expect.stringContaining("other.json is no snapshot of fields")]);
  });
});

test("what is not changed by --fix stays as it is, byte for byte", async () => {
  const cwd = await tempDir();
  await writeFile(join(cwd, "f.json"), JSON.stringify({ sqeFields: 1, takenAt: "now", tables: [] }));
  await writeFile(join(cwd, "a.sql"), "SELECT 1 AS A\r\n");
  expect((await sqe(["check", "--fields", "f.json", "--fix", "a.sql"], { cwd })).code).toBe(0);
  expect(await readFile(join(cwd, "a.sql"), "utf8")).toBe("SELECT 1 AS A\r\n");
});
