import { SignIn } from "../session/sign-in.tsx";
import { usePage } from "../state/state.ts";
import { words } from "../words/en.ts";
import css from "./app.module.css";
import { Said } from "./said.tsx";
import { Shell } from "./shell.tsx";
import { Sheets } from "./sheets.tsx";
import { Unreachable } from "./unreachable.tsx";

/** The page, by who uses it. */
export function App() {
  const kind = usePage(({ session }) => session.kind);
  switch (kind) {
    case "opening":
      return <p className={css["opening"]}>{words.loading}</p>;
    case "unreachable":
      return <Unreachable />;
    case "out":
      return <SignIn />;
    case "in":
    case "lost":
      return (
        <>
          <div className={css["whole"]} inert={kind === "lost"}>
            <Shell />
          </div>
          {/* A sheet holds the focus, which signing in needs; it opens again afterwards. */}
          {kind === "lost" ? <SignIn isOver /> : <Sheets />}
          <Said />
        </>
      );
  }
}
