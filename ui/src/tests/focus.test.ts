import { flushSync } from 'svelte'
import { describe, expect, it } from 'vitest'
import Above from '../parts/Above.svelte'
import { overlays, type Overlay } from '../state/overlay.svelte'
import { boiler, show } from './thread_stage'

describe('the focus', () => {
  const item = { id: 'one', label: 'One', icon: 'open', run: () => undefined } as const
  const question = { title: 'Leave?', text: '', yes: 'Yes', no: 'No', danger: true, onYes: () => undefined }
  const above: [string, () => Overlay][] = [
    ['a menu', () => ({ kind: 'menu', label: 'Menu', at: { left: 0, right: 0, top: 0, bottom: 0 }, items: [item] })],
    ['a question', () => ({ kind: 'question', question })],
    ['the sections', () => ({ kind: 'drawer' })],
    ['who is in a thread', () => ({ kind: 'members', place: boiler().talk.place, title: 'Cabin', may: true })],
    ['the name of a group', () => ({ kind: 'rename', place: boiler().talk.place, name: '' })],
  ]

  it.each(above)('goes back to where it was when %s closes', (_, overlay) => {
    const button = document.body.appendChild(document.createElement('button'))
    show(Above, {})
    button.focus()
    overlays.show(overlay())
    flushSync()
    const dialog = document.querySelector('dialog')!
    dialog.querySelector<HTMLElement>('button, a, input')!.focus()
    expect(dialog.contains(document.activeElement)).toBe(true)
    overlays.close()
    flushSync()
    expect([document.querySelector('dialog'), document.activeElement]).toEqual([null, button])
  })
})
