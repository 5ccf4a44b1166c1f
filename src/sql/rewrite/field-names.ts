/** Columns every Data Extension has of its own (MCE 4.2): no field of ours can have their names. */
const own: ReadonlySet<string> = new Set(["_customobjectkey", "_createddate"]);

/** What fields of Data Extensions are not made of (MCE 4.4). */
const impossible = /[^\p{L}\p{M}\p{N}_ &-]/gu;

function cleaned(name: string): string {
  const clean = name.trim().replaceAll(impossible, "_");
  return own.has(clean.toLowerCase()) ? clean.slice(1) : clean;
}

/** The fields that hold columns of these distinct names, in order: the same names wherever a field can have them. */
export function fieldNames(names: readonly string[]): string[] {
  const clean = names.map(cleaned);
  const free = openNames(clean.filter((field, index) => field === names[index]));
  return clean.map((field, index) => (field === names[index] ? field : free(field)));
}

/** Gives names that nothing has, each once: `QPP_Key`, `QPP_Key_2` and so on. */
export function openNames(names: readonly string[]): (name: string) => string {
  const taken = new Set(names.map((name) => name.toLowerCase()));
  const counts = new Map<string, number>();
  return (name) => {
    let count = counts.get(name) ?? 1;
    const candidate = () => (count === 1 ? name : `${name}_${count}`);
    while (taken.has(candidate().toLowerCase())) count += 1;
    counts.set(name, count + 1);
    taken.add(candidate().toLowerCase());
    return candidate();
  };
}

/** Fields that number a look's rows and count them, under names that no other field of its table has. */
export function hiddenFields(fields: readonly string[]): { order: string; count: string } {
  const free = openNames(fields);
  return { order: free("QPP_Order"), count: free("QPP_Count") };
}
