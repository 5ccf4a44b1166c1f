import { lazy, Suspense, type ReactNode } from "react";
import { loadPart } from "../state/load-part.ts";
import { usePage, type Sheet } from "../state/state.ts";

/** What opens over the page is loaded when it is first wanted. */
const Palette = lazy(() =>
  loadPart(() => import("../sheets/palette.tsx")).then(({ Palette: it }) => ({ default: it })),
);
const Shortcuts = lazy(() =>
  loadPart(() => import("../sheets/shortcuts.tsx")).then(({ Shortcuts: it }) => ({ default: it })),
);
const Settings = lazy(() =>
  loadPart(() => import("../sheets/settings/settings.tsx")).then(({ Settings: it }) => ({ default: it })),
);
const Unit = lazy(() => loadPart(() => import("../sheets/unit.tsx")).then(({ Unit: it }) => ({ default: it })));
const Runs = lazy(() => loadPart(() => import("../sheets/runs.tsx")).then(({ Runs: it }) => ({ default: it })));
const Activities = lazy(() =>
  loadPart(() => import("../sheets/activities.tsx")).then(({ Activities: it }) => ({ default: it })),
);
const Target = lazy(() =>
  loadPart(() => import("../sheets/target/target.tsx")).then(({ Target: it }) => ({ default: it })),
);
const Texts = lazy(() => loadPart(() => import("../sheets/texts.tsx")).then(({ Texts: it }) => ({ default: it })));
const Snippets = lazy(() =>
  loadPart(() => import("../sheets/snippets.tsx")).then(({ Snippets: it }) => ({ default: it })),
);
const Rename = lazy(() => loadPart(() => import("../sheets/rename.tsx")).then(({ Rename: it }) => ({ default: it })));
const Preview = lazy(() =>
  loadPart(() => import("../sheets/preview.tsx")).then(({ Preview: it }) => ({ default: it })),
);
const Value = lazy(() => loadPart(() => import("../sheets/value.tsx")).then(({ Value: it }) => ({ default: it })));

/** The sheet that is open, if any. */
export function Sheets() {
  const sheet = usePage((state) => state.sheet);
  return sheet === undefined ? null : <Suspense fallback={null}>{contentOf(sheet)}</Suspense>;
}

function contentOf(sheet: Sheet): ReactNode {
  switch (sheet.kind) {
    case "palette":
      return <Palette />;
    case "shortcuts":
      return <Shortcuts />;
    case "settings":
      return <Settings />;
    case "unit":
      return <Unit mid={sheet.mid} />;
    case "runs":
      return <Runs />;
    case "query-activities":
      return <Activities />;
    case "target":
      return <Target />;
    case "texts":
      return <Texts />;
    case "snippets":
      return <Snippets />;
    case "rename":
      return <Rename tabId={sheet.tabId} />;
    case "preview":
      return <Preview table={sheet.table} />;
    case "value":
      return <Value name={sheet.name} type={sheet.type} value={sheet.value} />;
  }
}
