/**
 * Every text of the console that isn't the service's own. A language is one more object of this type beside `en`, and one line here; texts with a
 * number or a name in them are functions, so that each language puts them where they belong.
 */
import { en } from "./en.ts";

export type Messages = typeof en;

const LANGUAGES: Readonly<Record<string, Messages>> = { en };

export const text: Messages = LANGUAGES[navigator.language.slice(0, 2)] ?? en;
