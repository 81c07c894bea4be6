// Where the focus goes when what had it is gone: a screen that was changed must
// not leave somebody with a keyboard or a screen reader at the top of the page.

/** Whether what had the focus is gone. On a page that nobody has touched yet, nothing had it. */
export function focusIsLost(): boolean {
  const touched = navigator.userActivation?.hasBeenActive ?? true
  return touched && (document.activeElement === null || document.activeElement === document.body)
}

/** Opens a dialog above everything. What it answers closes it, and gives the focus back to what had it: a dialog
 *  that is taken out of the page does not do that by itself. */
export function openModal(dialog: HTMLDialogElement | undefined): () => void {
  const before = document.activeElement
  dialog?.showModal()
  return () => {
    dialog?.close()
    if (before instanceof HTMLElement && before.isConnected && focusIsLost()) before.focus({ preventScroll: true })
  }
}

/** Closes a dialog by a press beside what it shows: one that began there. The end of the long press that opened it,
 *  or of a text that was marked inside, is none. */
export function pressBeside(dialog: HTMLDialogElement, close: () => void): void {
  let began = false
  dialog.addEventListener('pointerdown', (event) => (began = event.target === dialog))
  dialog.addEventListener('click', (event) => {
    if (began && event.target === dialog) close()
  })
}

/** Whether a keyboard that covers half of the screen would come up. */
export function isTouch(): boolean {
  return matchMedia('(pointer: coarse)').matches
}
