// What happened to a group, as one line of its timeline.
import type { GroupChange, PersonCard } from '../gen/types'
import type { MessagingWords } from '../words/messaging.en'

interface By {
  who: string
  mine: boolean
  /** The id of whoever reads it. */
  me: string | undefined
}

const pageIsRtl = (): boolean => document.documentElement.dir === 'rtl'

/** A name that runs the other way than the page must not turn the words around it. */
function isolated(name: string): string {
  return /[\u0590-\u08ff]/.test(name) === pageIsRtl() ? name : `\u2068${name}\u2069`
}

/** The line's words: `who` did it, or I did. */
export function groupLine(change: GroupChange, { me, ...by }: By, words: MessagingWords['line']): string {
  const who = isolated(by.who)
  const say = (yours: string, theirs: string): string => (by.mine ? yours : theirs)
  const names = (people: PersonCard[]): string => people.map(({ id, name }) => (id === me ? words.you : name ? isolated(name) : words.somebody)).join(pageIsRtl() ? '، ' : ', ')
  switch (change.did) {
    case 'started':
      return say(words.youStarted, words.started(who))
    case 'left':
      return say(words.youLeft, words.left(who))
    case 'renamed':
      return change.name === null
        ? say(words.youUnnamed, words.unnamed(who))
        : say(words.youRenamed(isolated(change.name)), words.renamed(who, isolated(change.name)))
    case 'members': {
      const [first, ...more] = change.added
      const oneself = first && more.length === 0 && (by.mine ? first.id === me : first.name === by.who)
      if (oneself && change.removed.length === 0) return say(words.youCame, words.came(who))
      const [added, removed] = [names(change.added), names(change.removed)]
      const parts = [added && say(words.youAdded(added), words.added(who, added)), removed && say(words.youRemoved(removed), words.removed(who, removed))]
      return parts.filter(Boolean).join(' · ')
    }
  }
}
