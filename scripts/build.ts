import { buildCommand, commandDir } from "./package/command.ts";
import { buildSite, siteDir } from "./site/build.ts";

// npm run build: makes the static files that the Worker serves, and the command line. It does nothing when their sources have not changed.
const { isNew, files } = await buildSite();
console.log(`${siteDir}: ${files} files${isNew ? " made" : ", up to date"}`);

// The command `sqe`, which `npx sqe` starts.
const command = await buildCommand();
console.log(`${commandDir}: ${command.isNew ? "made" : "up to date"}`);
