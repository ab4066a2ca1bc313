/** Memory for the largest case that costs what is used of it: pages that were never written are not there. Zeroed. */
export const reserve = (bytes: number): Buffer => Buffer.from(new SharedArrayBuffer(bytes));
