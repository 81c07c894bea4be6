// What happened to a group, as one line of its timeline.
import type { GroupChange } from '../gen/types'
import type { Words } from '../words/en'

/** The line's words: `who` did it, or I did. */
export function groupLine(change: GroupChange, by: { who: string; mine: boolean }, words: Words['thread']['group']): string {
  const say = (yours: string, theirs: string): string => (by.mine ? yours : theirs)
  const names = (people: { name: string }[]): string => people.map((person) => person.name).join(', ')
  switch (change.did) {
    case 'started':
      return say(words.youStarted, words.started(by.who))
    case 'left':
      return say(words.youLeft, words.left(by.who))
    case 'renamed':
      return change.name === null
        ? say(words.youUnnamed, words.unnamed(by.who))
        : say(words.youRenamed(change.name), words.renamed(by.who, change.name))
    case 'members': {
      const [added, removed] = [names(change.added), names(change.removed)]
      const parts = [added && say(words.youAdded(added), words.added(by.who, added)), removed && say(words.youRemoved(removed), words.removed(by.who, removed))]
      return parts.filter(Boolean).join(' · ')
    }
  }
}
