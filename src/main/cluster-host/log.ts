/** Lines on stderr; the parent process puts them into its log. Callers redact. */
export function errorLine(text: string): void {
  console.error(text);
}
