// A file of contacts as it is read here, and the report of what was left out of it.

/** The text of a file: UTF-8, else as older spreadsheets write it. */
export function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

/** Its lines; the header is the first. */
export function linesOf(text: string): string[] {
  return text.split(/\r\n|\n|\r/)
}

interface Told {
  line: number
  why: string
  text: string
}

/** What a spreadsheet would take for a formula is kept a text. */
function cell(text: string): string {
  const safe = /^[=+\-@\t]/.test(text) ? `'${text}` : text
  return `"${safe.replaceAll('"', '""')}"`
}

/** The lines that were left out, as a CSV file (RFC 4180) of their own. */
export function report(refused: Told[], columns: readonly [string, string, string]): string {
  const rows = refused.map(({ line, why, text }) => [String(line), cell(why), cell(text)].join(','))
  return [columns.map(cell).join(','), ...rows].join('\r\n') + '\r\n'
}
