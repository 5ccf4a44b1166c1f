import { buildSite, siteDir } from "./site/build.ts";

// npm run build: makes the static files that the Worker serves. It does nothing when their sources have not changed.
const { isNew, files } = await buildSite();
console.log(`${siteDir}: ${files} files${isNew ? " made" : ", up to date"}`);
