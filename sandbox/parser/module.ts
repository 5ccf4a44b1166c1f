import { readFileSync } from "node:fs";

const file = new URL("../../node_modules/@guanmingchiu/sqlparser-ts/wasm/sqlparser_rs_wasm_bg.wasm", import.meta.url);

export const module = new WebAssembly.Module(readFileSync(file));
