/** Names of time zones that this browser knows, UTC first; `also` is among them whatever the browser knows. */
export const timeZones = (also: string): readonly string[] => [
  ...new Set(["UTC", also, ...Intl.supportedValuesOf("timeZone")]),
];

/** Where this browser is. */
export const ownTimeZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;
