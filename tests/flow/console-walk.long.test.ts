// The same tests in the long tier, all of them.
import "./console.test.ts";
