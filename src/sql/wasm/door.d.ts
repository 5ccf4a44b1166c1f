/** The compiled sqlparser-rs module; package.json `imports` picks the loader of the runtime at hand. */
export declare const module: WebAssembly.Module;
