/** A name as somebody types it who reads it on the screen: what can't be seen there, or looks the same, makes no difference. */
export const asTyped = (name: string): string =>
  name
    .normalize("NFKC")
    .replace(/\p{Cf}/gu, "")
    .replace(/\s+/gu, " ")
    .trim();
