import type { ReactNode } from "react";
import { Tab, TabList, TabPanel, Tabs } from "react-aria-components";
import { SheetFrame } from "../../parts/sheet-frame.tsx";
import { usePage } from "../../state/state.ts";
import { words } from "../../words/en.ts";
import { Assistants } from "./assistants.tsx";
import { Audit } from "./audit.tsx";
import { Connections } from "./connections.tsx";
import { Keys } from "./keys.tsx";
import { Members } from "./members.tsx";
import css from "./settings.module.css";
import { ThisPage } from "./this-page.tsx";

type Area = keyof typeof words.settings.areas;

const forEverybody: readonly Area[] = ["page", "keys"];
const forAdministrators: readonly Area[] = ["connections", "members", "assistants", "audit"];

/** How a person wants the page to be, the person's keys and, for administrators, the tenant. */
export function Settings() {
  const isAdmin = usePage(({ session }) => "me" in session && session.me.isAdmin);
  const { settings } = words;
  const areas = isAdmin ? [...forEverybody, ...forAdministrators] : forEverybody;
  return (
    <SheetFrame title={settings.title} size="large">
      <Tabs className={css["tabs"] ?? ""} orientation="vertical">
        <TabList aria-label={settings.title} className={css["list"] ?? ""}>
          {areas.map((area) => (
            <Tab key={area} id={area} className={css["tab"] ?? ""}>
              {settings.areas[area]}
            </Tab>
          ))}
        </TabList>
        {areas.map((area) => (
          <TabPanel key={area} id={area} className={css["panel"] ?? ""}>
            {contentOf(area)}
          </TabPanel>
        ))}
      </Tabs>
    </SheetFrame>
  );
}

function contentOf(area: Area): ReactNode {
  switch (area) {
    case "page":
      return <ThisPage />;
    case "keys":
      return <Keys />;
    case "connections":
      return <Connections />;
    case "members":
      return <Members />;
    case "assistants":
      return <Assistants />;
    case "audit":
      return <Audit />;
  }
}
