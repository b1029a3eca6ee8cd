/** Endings of keys that i18next picks by a number; Chinese needs `_other` alone. */
type Plural = `${string}_one`;

/** The shape of a translation: every key of the English words, each with a text of its own. */
export type Words<English> = {
  [Key in keyof English as Key extends Plural ? never : Key]: English[Key] extends string
    ? string
    : Words<English[Key]>;
};
