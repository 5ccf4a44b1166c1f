import { useEffect, useState } from "react";
import { Button } from "../parts/button.tsx";
import { words } from "../words/en.ts";
import { beginHandOff, followHandOff, type HandOff } from "./hand-off.ts";
import { openSession } from "./session.ts";
import css from "./sign-in.module.css";
import { forgetToken } from "./ways.ts";

/** Signs in inside a frame, by a tab of its own: the code is there first, so that a person can compare it. @param isOver over a page whose session has ended */
export function HandOffForm({ isOver }: { isOver: boolean }) {
  const { signIn } = words;
  const [handOff, setHandOff] = useState<HandOff>();
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    if (handOff === undefined) return undefined;
    return followHandOff(handOff, (why) => {
      setHandOff(undefined);
      if (why !== undefined) return setProblem(why);
      forgetToken();
      return void openSession().then((isIn) => setProblem(isIn ? undefined : signIn.noCookie));
    });
  }, [handOff, signIn]);
  const begin = async () => {
    const begun = await beginHandOff();
    setHandOff(begun.ok ? begun.value : undefined);
    setProblem(begun.ok ? undefined : begun.error);
  };
  if (handOff !== undefined) return <Waiting handOff={handOff} />;
  return (
    <>
      {!isOver && <p className={css["dim"]}>{signIn.frameDetail}</p>}
      {problem !== undefined && (
        <p role="alert" className={css["problem"]}>
          {problem}
        </p>
      )}
      <Button look="primary" className={css["wide"]} autoFocus onPress={() => void begin()}>
        {signIn.getCode}
      </Button>
    </>
  );
}

function Waiting({ handOff: { userCode, verificationUrl } }: { handOff: HandOff }) {
  const { signIn } = words;
  return (
    <>
      <p className={css["code"]}>
        <span>{signIn.code}</span>
        <strong>{userCode}</strong>
      </p>
      {/* A link and no call: no blocker of pop-ups stops it. */}
      <a className={css["leave"]} href={verificationUrl} target="_blank" rel="noopener noreferrer" autoFocus>
        {signIn.openTab}
      </a>
      <p className={css["dim"]}>{signIn.compare}</p>
      <p role="status" className={css["waiting"]}>
        {signIn.waiting}
      </p>
    </>
  );
}
