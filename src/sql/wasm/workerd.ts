// By path: the package's own entry fetches the file by URL, which workerd cannot do (research 2026-11, sqlparser-ts 0.62).
import wasm from "../../../node_modules/@guanmingchiu/sqlparser-ts/wasm/sqlparser_rs_wasm_bg.wasm";

export const module: WebAssembly.Module = wasm;
