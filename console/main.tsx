// First: it says in which order the layers of all other sheets count.
import "./styles/page.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/app.tsx";
import { openAddress } from "./app/address.ts";
import { loadLanguage, loadTables } from "./engine/catalogue.ts";
import { resumeRuns } from "./run/resume.ts";
import { openRun } from "./run/start.ts";
import { startSession } from "./session/session.ts";
import { restoreLink } from "./session/ways.ts";
import { onReopen } from "./state/drafts.ts";
import { showTheme } from "./state/preferences.ts";
import { store } from "./state/state.ts";
import { watchTitle } from "./app/title.ts";
import { watchText } from "./editor/remarks/check-text.ts";
import { watchRemarks } from "./editor/remarks/show-remarks.ts";

showTheme(store.get().preferences);
onReopen((tabId, runId) => void openRun(tabId, runId));

const root = document.querySelector("#root");
if (root === null) throw new Error("The page has no #root");
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);

restoreLink();
watchText();
watchRemarks();
watchTitle();
let isIn = false;
store.subscribe(() => {
  const wasIn = isIn;
  // Before anything else, because what follows changes the store, too.
  isIn = store.get().session.kind === "in";
  if (!isIn || wasIn) return;
  void loadTables();
  void loadLanguage();
  openAddress();
  resumeRuns();
});
void startSession();
