/** Why a machine does not run an order unasked. */
export const ORDER_NOTES = `
  ALTER TABLE webRestores ADD COLUMN note TEXT;
`;
