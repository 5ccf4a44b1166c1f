import { module } from "./module.ts";

type Exports = {
  memory: WebAssembly.Memory;
  __wbindgen_externrefs: WebAssembly.Table;
  __wbindgen_start(): void;
  __wbindgen_malloc(bytes: number, align: number): number;
  __wbindgen_free(pointer: number, bytes: number, align: number): void;
  __externref_table_dealloc(index: number): void;
  parse_sql_to_json_string(
    dialect: number,
    dialectBytes: number,
    sql: number,
    sqlBytes: number,
  ): [pointer: number, bytes: number, error: number, failed: number];
};

/** The parser's JSON, or the string it threw. */
export type ParserAnswer = { kind: "json"; json: string } | { kind: "error"; message: string };

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const encoder = new TextEncoder();

let live: Exports | undefined;

function textAt(parser: Exports, pointer: number, bytes: number): string {
  return decoder.decode(new Uint8Array(parser.memory.buffer, pointer >>> 0, bytes));
}

function putText(parser: Exports, text: string): [pointer: number, bytes: number] {
  const bytes = encoder.encode(text);
  const pointer = parser.__wbindgen_malloc(bytes.length, 1) >>> 0;
  new Uint8Array(parser.memory.buffer, pointer, bytes.length).set(bytes);
  return [pointer, bytes.length];
}

/** wasm-bindgen keeps four constants in the table of JS values: undefined, null, true, false. */
function fillConstants(parser: Exports): void {
  const table = parser.__wbindgen_externrefs;
  const first = table.grow(4);
  table.set(0, undefined);
  for (const [index, value] of [undefined, null, true, false].entries()) table.set(first + index, value);
}

/**
 * Instantiates the module with the few imports the JSON call can reach.
 *
 * The package's own glue fetches the file by URL, which workerd cannot do (sqlparser-ts 0.62, 2026-11);
 * the names below are wasm-bindgen's and carry hashes, so they are matched by their stems.
 */
function instantiate(): Exports {
  const holder: { parser?: Exports } = {};
  const parser = (): Exports => {
    if (holder.parser === undefined) throw new Error("Cannot serve the SQL parser: it is not instantiated");
    return holder.parser;
  };
  const text = (pointer: number, bytes: number): string => textAt(parser(), pointer, bytes);
  const imports: Record<string, Record<string, WebAssembly.ImportValue>> = {};
  for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
    const group = (imports[from] ??= {});
    if (kind !== "function") throw new Error(`Cannot link the SQL parser: it imports ${kind} ${name}`);
    if (name.startsWith("__wbindgen_init_externref_table")) group[name] = () => fillConstants(parser());
    else if (name.startsWith("__wbindgen_cast_0000000000000003") || name.startsWith("__wbg_Error_")) group[name] = text;
    else {
      group[name] = () => {
        throw new Error(`Cannot serve the SQL parser: it asked for ${name}`);
      };
    }
  }
  // The module is pinned with its package; its export list is wasm/sqlparser_rs_wasm_bg.wasm.d.ts.
  holder.parser = new WebAssembly.Instance(module, imports).exports as unknown as Exports;
  holder.parser.__wbindgen_start();
  return holder.parser;
}

/**
 * Asks the parser for a statement list as JSON; the instance is made at the first call.
 *
 * @throws what the module throws when it breaks (stack overflow, out of memory). A broken instance answers wrong
 *   for every later text, so it is dropped and the next call makes a new one.
 */
export function askParser(sql: string): ParserAnswer {
  try {
    const parser = (live ??= instantiate());
    const [pointer, bytes, error, failed] = parser.parse_sql_to_json_string(
      ...putText(parser, "mssql"),
      ...putText(parser, sql),
    );
    if (failed !== 0) {
      const message: unknown = parser.__wbindgen_externrefs.get(error);
      parser.__externref_table_dealloc(error);
      if (typeof message !== "string") throw new Error("Cannot read the SQL parser's error: it is no text");
      return { kind: "error", message };
    }
    const json = textAt(parser, pointer, bytes);
    parser.__wbindgen_free(pointer, bytes, 1);
    return { kind: "json", json };
  } catch (broken) {
    live = undefined;
    throw broken;
  }
}
