/** Padmé: hides a length among its neighbours at a cost of 12 % at most, 1 % on average for our sizes (format §4). */
export function padmeLength(length: number): number {
  if (length < 2) return length;
  const exponent = 31 - Math.clz32(length);
  const kept = 32 - Math.clz32(exponent);
  const step = 2 ** Math.max(0, exponent - kept);
  return Math.ceil(length / step) * step;
}
