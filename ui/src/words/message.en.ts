// Words about single messages: what may be done with one, and what became of it.
import type { Formats } from './formats'

export function messageEn(f: Formats) {
  return {
    quoteGone: 'A message that is not on this device',
    quoteOpen: 'Show what this answers:',
    replying: 'You answer this message:',
    replyNone: 'Answer no message',
    cannedTitle: 'Canned replies',
    canned: (n: number) => f.plural(n, { one: '# canned reply', other: '# canned replies' }),
    cannedKeys: '↑ ↓ choose · Enter inserts · Esc closes',
    queue: {
      pick: 'Anyone may pick; nobody is asked.',
      offer: 'Offered in turn to who is available; anyone may pick.',
    },
    find: {
      title: (name: string) => `Search · ${name}`,
      label: 'Search messages here',
      hint: 'Every message that is on this device is searched, with or without a signal.',
      none: (text: string) => `No message here holds “${text}”.`,
      hits: (n: number) => f.plural(n, { one: '# message found', other: '# messages found' }),
    },
    sound: {
      title: (name: string) => `Notifications · ${name}`,
      legend: 'How loud is what is written here?',
      options: { default: 'As in Settings', all: 'With sound', quiet: 'Without sound', none: 'None' },
      hints: {
        default: 'As each of your devices is set.',
        all: 'Notified with sound, on all of your devices.',
        quiet: 'Notified without sound, on all of your devices.',
        none: 'Nothing tells you. The list still shows what is unread.',
      },
    },
    seen: {
      title: 'Seen by',
      by: 'Seen',
      notYet: 'Not yet',
      nobody: 'Nobody has seen it yet.',
      everybody: 'Everybody has seen it.',
      under: (n: number, all: boolean) => (all ? 'Seen by everybody' : f.plural(n, { one: 'Seen by # person', other: 'Seen by # people' })),
    },
    noteInPast: 'Internal note',
    photo: {
      edit: (name: string) => `Crop or rotate ${name}`,
      title: 'Crop and rotate',
      turn: 'Rotate',
      shape: 'Shape',
      shapes: { free: 'Free', square: 'Square', wide: '4:3' },
      reset: 'Reset',
      done: 'Done',
      frame: 'The part that is kept',
      corners: { nw: 'Top left corner', ne: 'Top right corner', se: 'Bottom right corner', sw: 'Bottom left corner' },
      keys: 'The arrow keys move it, with Shift in larger steps.',
      size: (width: number, height: number) => `${f.number(width)} by ${f.number(height)} pixels are kept`,
      failed: 'This device cannot show this photo, so it cannot be cropped here. It is sent as it is.',
    },
    deleted: 'Message deleted',
    deletedSoon: 'Still there for them: the deletion waits for a connection',
    deleteTitle: 'Delete this message for everybody?',
    deleteText: 'Its text and photos go from the server and from everybody’s devices. A line says that a message was deleted.',
    deleteYes: 'Delete',
    deleteNo: 'Keep it',
    customerSees: (name: string) => `What ${name} sees.`,
    customerText: 'No internal notes, nothing unsent.',
    customerBack: 'Back to my view',
    toCustomer: {
      picked: (who: string) => `${who} joined`,
      ended: (who: string) => `${who} ended the chat. Write again to start a new one.`,
      reopened: (who: string) => `${who} opened the chat again`,
      transferred: (who: string) => `${who} passed the chat on to a colleague`,
    },
    actions: { reply: 'Reply', copy: 'Copy text', copyPhoto: 'Copy photo', savePhoto: 'Save photo', seen: 'Seen by…', again: 'Send again', edit: 'Edit', discard: 'Discard', delete: 'Delete…' },
  }
}

export type MessageWords = ReturnType<typeof messageEn>
