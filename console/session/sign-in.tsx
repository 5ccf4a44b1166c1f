import { useEffect, useState, type SyntheticEvent } from "react";
import { Button } from "../parts/button.tsx";
import { TextField } from "../parts/text-field.tsx";
import { words } from "../words/en.ts";
import { openSession } from "./session.ts";
import css from "./sign-in.module.css";
import { enterSandbox, hasSandbox, useToken as takeToken } from "./ways.ts";

/** Where people sign in. @param isOver over a page whose session has ended */
export function SignIn({ isOver = false }: { isOver?: boolean }) {
  const { signIn } = words;
  return (
    <div className={isOver ? css["veil"] : css["page"]}>
      <main className={css["card"]} aria-labelledby="sign-in">
        <p className={css["brand"]}>{words.title}</p>
        <h1 id="sign-in">{isOver ? signIn.lostTitle : signIn.title}</h1>
        {isOver && <p className={css["dim"]}>{signIn.lostDetail}</p>}
        <Sandbox />
        <Token />
      </main>
    </div>
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
      <Button look="primary" className={css["wide"]} autoFocus onPress={() => void enter()}>
        {signIn.sandbox}
      </Button>
      <p className={css["dim"]}>{problem ?? signIn.sandboxDetail}</p>
      <p className={css["or"]}>{signIn.or}</p>
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
