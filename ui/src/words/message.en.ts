// Words about single messages: what may be done with one, and what became of it.

export function messageEn() {
  return {
    deleted: 'Message deleted',
    deletedSoon: 'Still there for them: the deletion waits for a connection',
    deleteTitle: 'Delete this message for everybody?',
    deleteText: 'Its text and photos go from the server and from every device, the customer’s too. A line says that a message was deleted.',
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
    actions: { copy: 'Copy text', again: 'Send again', edit: 'Edit', discard: 'Discard', delete: 'Delete…' },
  }
}

export type MessageWords = ReturnType<typeof messageEn>
