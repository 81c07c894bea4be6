/** What build/emoji.ts makes: character, name, search words, group. */
declare module 'virtual:emoji/*' {
  const rows: [string, string, string, number][]
  export default rows
}
