/** What build/emoji.ts makes: character, name, search words, group. */
declare module 'virtual:emoji/*' {
  const rows: [string, string, string, number][]
  export default rows
}

/** Which build this is: of two, the newer has the larger number (build/shell.ts). */
declare const __BUILD__: number
