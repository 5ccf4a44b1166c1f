// The same tests in the long tier, whole.
import "./same-rows.test.ts";
