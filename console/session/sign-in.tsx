import { useEffect, useState, type SyntheticEvent } from "react";
import { Button } from "../parts/button.tsx";
import { TextField } from "../parts/text-field.tsx";
import { isFramed } from "../state/place.ts";
import { words } from "../words/en.ts";
import { bearer } from "./bearer.ts";
import { HandOffForm } from "./hand-off-form.tsx";
import { openSession } from "./session.ts";
import css from "./sign-in.module.css";
import { readSubdomain } from "./subdomain.ts";
import { enterSandbox, hasSandbox, lastSubdomain, leaveToSignIn, signInBeside, useToken as takeToken } from "./ways.ts";

/** While somebody signs in by a window beside, this one asks so often whether it is done. */
const lookMs = 3000;

/** Where people sign in. @param isOver over a page whose session has ended */
export function SignIn({ isOver = false }: { isOver?: boolean }) {
  const { signIn } = words;
  return (
    <div className={isOver ? css["veil"] : css["page"]}>
      <main className={css["card"]} aria-labelledby="sign-in">
        <p className={css["brand"]}>{words.title}</p>
        <h1 id="sign-in">{isOver ? signIn.lostTitle : signIn.title}</h1>
        {isOver && <p className={css["dim"]}>{signIn.lostDetail}</p>}
        {isFramed ? <HandOffForm isOver={isOver} /> : <Subdomain isOver={isOver} />}
        {/* Who signed in with Marketing Cloud would come back as somebody else. */}
        {(!isOver || bearer() !== undefined) && <Sandbox />}
        <details className={css["token"]}>
          <summary>{signIn.withToken}</summary>
          <Token />
        </details>
      </main>
    </div>
  );
}

/** Marketing Cloud says who somebody is; its subdomain says where to ask. */
function Subdomain({ isOver }: { isOver: boolean }) {
  const { signIn } = words;
  const [text, setText] = useState(lastSubdomain);
  const [problem, setProblem] = useState<string>();
  const [isBeside, setBeside] = useState(false);
  useEffect(() => {
    if (!isBeside) return undefined;
    // Who comes back from the window beside is signed in.
    const look = () => void openSession();
    const timer = setInterval(look, lookMs);
    addEventListener("focus", look);
    return () => {
      clearInterval(timer);
      removeEventListener("focus", look);
    };
  }, [isBeside]);
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    const subdomain = readSubdomain(text);
    if (subdomain === undefined && text.trim() !== "") return setProblem(signIn.noSubdomain);
    if (!isOver) return leaveToSignIn(subdomain);
    signInBeside(subdomain);
    return setBeside(true);
  };
  return (
    <form className={css["form"]} onSubmit={submit}>
      <TextField
        label={signIn.subdomain}
        detail={signIn.subdomainDetail}
        problem={problem}
        name="subdomain"
        autoComplete="on"
        autoCapitalize="none"
        spellCheck={false}
        autoFocus
        value={text}
        onChange={setText}
      />
      <Button type="submit" look="primary" className={css["wide"]}>
        {signIn.submit}
      </Button>
    </form>
  );
}

/** In development only: the server says whether it gives its sandbox's token away. */
function Sandbox() {
  const { signIn } = words;
  const [isThere, setThere] = useState(false);
  const [problem, setProblem] = useState<string>();
  useEffect(() => void hasSandbox().then(setThere), []);
  if (!isThere) return null;
  const enter = async () => {
    const isIn = (await enterSandbox()) && (await openSession());
    if (!isIn) setProblem(signIn.noSandbox);
  };
  return (
    <>
      <p className={css["or"]}>{signIn.or}</p>
      <Button className={css["wide"]} onPress={() => void enter()}>
        {signIn.sandbox}
      </Button>
      <p className={css["dim"]}>{problem ?? signIn.sandboxDetail}</p>
    </>
  );
}

function Token() {
  const { signIn } = words;
  const [token, setToken] = useState("");
  const [problem, setProblem] = useState<string>();
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    takeToken(token);
    if (!(await openSession())) setProblem(signIn.refused);
  };
  return (
    <form className={css["form"]} onSubmit={(event) => void submit(event)}>
      <TextField
        label={signIn.token}
        detail={signIn.tokenDetail}
        problem={problem}
        type="password"
        autoComplete="off"
        value={token}
        onChange={setToken}
      />
      <Button type="submit" isDisabled={token.trim() === ""}>
        {signIn.tokenSubmit}
      </Button>
    </form>
  );
}
