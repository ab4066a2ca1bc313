/**
 * Every text of the console that isn't the service's own. A language is one more file like `en.ts` with its folder, named here instead of it; texts with
 * a number or a name in them are functions, so that each language puts them where they belong.
 */
export * as text from "./en.ts";
