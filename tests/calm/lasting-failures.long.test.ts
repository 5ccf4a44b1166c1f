// The same tests in the long tier, for every mode.
import "./lasting-failures.test.ts";
