/** What the rules are called by which snapshots are kept. */
export const retentionNames = {
  "7-days": "7 Days",
  "14-days": "14 Days",
  "1-month": "1 Month daily",
  "2-months": "2 Months weekly",
  "3-months": "3 Months weekly",
  "6-months": "6 Months monthly",
  "1-year": "1 Year monthly",
  "2-years": "2 Years quarterly",
  "3-years": "3 Years quarterly",
  "4-years": "4 Years quarterly",
  "5-years": "5 Years quarterly",
  "6-years": "6 Years quarterly",
  "7-years": "7 Years quarterly",
} as const;
