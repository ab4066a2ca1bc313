/** `1 machine`, `1,200 machines` */
export const many = (count: number, one: string, more: string): string =>
  `${count.toLocaleString("en")} ${count === 1 ? one : more}`;
