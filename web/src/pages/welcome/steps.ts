/** The way from nothing to the first answer of an app. */
export const stepNames = ['key', 'check', 'answer', 'token', 'call'] as const;
export type StepName = (typeof stepNames)[number];

/** What there is already; `undefined` as long as it is not known. */
export interface Facts {
  /** Keys that are switched on. */
  activeKeys: number | undefined;
  /** Whether a key was validated and is in order. */
  hasGoodKey: boolean | undefined;
  /** Whether some call was answered. */
  hasAnswer: boolean | undefined;
  tokens: number | undefined;
  /** Whether an app token was used. */
  hasAppCall: boolean | undefined;
}

export type Done = Record<StepName, boolean>;

/** Which steps are done; an answer proves its key, even where nobody validated that. */
export function doneOf(facts: Facts): Done {
  const hasKey = (facts.activeKeys ?? 0) > 0;
  return {
    key: hasKey,
    check: hasKey && (facts.hasGoodKey === true || facts.hasAnswer === true),
    answer: facts.hasAnswer === true,
    token: (facts.tokens ?? 0) > 0,
    call: facts.hasAppCall === true,
  };
}

/** The first step that is left; none once all are done. */
export function nextOf(done: Done): StepName | undefined {
  return stepNames.find((name) => !done[name]);
}

export function countOf(done: Done): number {
  return stepNames.filter((name) => done[name]).length;
}
