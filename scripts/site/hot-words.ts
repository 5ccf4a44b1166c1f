import type { EnvironmentModuleNode, Plugin } from "vite";

/**
 * Brings a changed text of `console/words` to the components that show it, without a reload. Vite alone would load the page
 * anew, because texts are also read outside of components.
 */
export const hotWords: Plugin = {
  name: "sqe-hot-words",
  hotUpdate: {
    order: "pre",
    handler({ file, modules, timestamp }) {
      if (!file.includes("/console/words/")) return undefined;
      const { moduleGraph } = this.environment;
      const words = wordsWith(modules);
      for (const it of words) moduleGraph.invalidateModule(it, new Set(), timestamp, true);
      const shown = [...words].flatMap((it) => [...it.importers]).filter(({ file: at }) => at?.endsWith(".tsx"));
      return [...new Set(shown)];
    },
  },
};

function isOfWords({ file }: EnvironmentModuleNode): boolean {
  return file?.includes("/console/words/") ?? false;
}

/** Modules of words, and those of them that pass these on. */
function wordsWith(modules: readonly EnvironmentModuleNode[]): Set<EnvironmentModuleNode> {
  const found = new Set<EnvironmentModuleNode>();
  const add = (it: EnvironmentModuleNode) => {
    if (found.has(it) || !isOfWords(it)) return;
    found.add(it);
    for (const importer of it.importers) add(importer);
  };
  for (const it of modules) add(it);
  return found;
}
