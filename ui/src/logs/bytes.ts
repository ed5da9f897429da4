/** `950 B`, `12 KB`, `3.1 MB` */
export function bytes(number: number): string {
  if (number < 1000) return `${number} B`;
  if (number < 999_500) return `${Math.round(number / 1000)} KB`;
  return `${(number / 1_000_000).toFixed(1)} MB`;
}
