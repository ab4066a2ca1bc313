/** Log in as User: the token of one tab, forgotten with it. The admin's own log-in, a cookie, stays as it is. */
const KEY = "holdfast.acting";

export const actingToken = (): string | undefined => sessionStorage.getItem(KEY) ?? undefined;

export const beginActing = (token: string): void => sessionStorage.setItem(KEY, token);

export const endActing = (): void => sessionStorage.removeItem(KEY);
