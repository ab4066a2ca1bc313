/** Text that somebody else chose: shown as text, its reading direction kept to itself, what can't be seen made visible. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

export function NameText({ value }: { readonly value: string }) {
  return <bdi className="name-text">{visibleText(value)}</bdi>;
}

/** `a\u202eb` → `a⟨U+202E⟩b` */
export const visibleText = (value: string): string =>
  value.replace(INVISIBLE, (sign) => `⟨U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}⟩`);
