/** What this tab keeps for whoever works in it: drafts of forms, backups that are open. It is theirs alone, whoever sits down after them. */
const OURS = "holdfast.";
const WHOSE = "holdfast.whose";

export function forgetKept(): void {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(OURS)) sessionStorage.removeItem(key);
}

/** Tells who is here, by the account's id: what anybody else has left is forgotten. */
export function keepFor(account: string): void {
  const before = sessionStorage.getItem(WHOSE);
  if (before !== null && before !== account) forgetKept();
  sessionStorage.setItem(WHOSE, account);
}
