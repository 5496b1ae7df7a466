/** Cents, so that nothing is rounded twice. */
export function total(lines) {
  return lines.reduce((sum, line) => sum + line.count * line.cents, 0);
}
