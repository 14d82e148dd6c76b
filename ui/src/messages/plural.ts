const plurals = new Intl.PluralRules("en");

/** `1 file`, `3 files`. */
export function plural(count: number, one: string, other: string): string {
  return `${count.toLocaleString("en")} ${plurals.select(count) === "one" ? one : other}`;
}
