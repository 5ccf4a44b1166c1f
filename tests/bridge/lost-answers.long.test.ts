// The same tests in the long tier, whole.
import "./lost-answers.test.ts";
