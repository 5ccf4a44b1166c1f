export type Platform = { os: string[]; cpu: string[]; libc?: string[] };

const systems: Readonly<Record<string, string>> = {
  aix: "aix",
  android: "android",
  darwin: "darwin",
  freebsd: "freebsd",
  linux: "linux",
  netbsd: "netbsd",
  openbsd: "openbsd",
  openharmony: "openharmony",
  sunos: "sunos",
  win32: "win32",
  windows: "win32",
};
const processors: Readonly<Record<string, string>> = {
  "64": "x64",
  arm: "arm",
  arm64: "arm64",
  ia32: "ia32",
  loong64: "loong64",
  mips64el: "mips64el",
  ppc64: "ppc64",
  riscv64: "riscv64",
  s390x: "s390x",
  x64: "x64",
};
const libraries: Readonly<Record<string, string>> = {
  gnu: "glibc",
  musl: "musl",
};

/**
 * Returns from a prebuilt package's name where it can be installed, such as `linux`, `x64` and `musl` from
 * `@oxfmt/binding-linux-x64-musl`; undefined when the name lacks the system or the processor. A C library that it does
 * not name is left out.
 */
export function platformOf(name: string): Platform | undefined {
  const words = name.slice(name.lastIndexOf("/") + 1).split("-");
  const os = words.map((word) => systems[word]).find((found) => found !== undefined);
  const cpu = words.map((word) => processors[word]).find((found) => found !== undefined);
  const libc = words.map((word) => libraries[word]).find((found) => found !== undefined);
  if (os === undefined || cpu === undefined) return undefined;
  return { os: [os], cpu: [cpu], ...(libc === undefined ? {} : { libc: [libc] }) };
}
