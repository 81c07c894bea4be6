// The keys that work everywhere. Each has a button or a link that does the same,
// and none is a single letter, so nothing is pressed by accident while writing.
import { openPlace } from './actions'
import { openNewThread } from './group_actions'
import { app } from './state/app.svelte'
import { overlays } from './state/overlay.svelte'
import { isListed, isSection, newPlace, route } from './state/route.svelte'

function focus(selector: string): boolean {
  const found = document.querySelector<HTMLElement>(selector)
  found?.focus()
  return found !== null
}

/** Moves to the next part of the screen, or the one before. */
function region(step: 1 | -1): boolean {
  const parts = [...document.querySelectorAll<HTMLElement>('[data-region]')]
  if (parts.length === 0) return false
  const at = parts.findIndex((part) => part.contains(document.activeElement))
  const next = parts[(at + step + parts.length) % parts.length]
  next?.focus()
  return true
}

function beside(step: 1 | -1): boolean {
  if (!isListed(route.screen) || route.place === newPlace) return false
  const list = isSection(route.screen) ? app.lists[route.screen] : app.groups
  const place = list.beside(route.place, step)
  if (place) openPlace(place)
  return place !== undefined
}

function act(event: KeyboardEvent): boolean {
  const command = event.ctrlKey || event.metaKey
  if (event.altKey && !command && event.key === 'ArrowDown') return beside(1)
  if (event.altKey && !command && event.key === 'ArrowUp') return beside(-1)
  if (command && event.key.toLowerCase() === 'f') return focus('#search')
  if (command && event.key.toLowerCase() === 'n' && app.startsThreads) return (openNewThread(), true)
  if (command && event.key.toLowerCase() === 'm') return focus('#composer')
  if (event.key === 'F6') return region(event.shiftKey ? -1 : 1)
  if (event.key === 'Escape' && !event.defaultPrevented && app.thread?.eyes === 'customer') {
    app.thread.eyes = 'us'
    return true
  }
  if (event.key === 'Escape' && !event.defaultPrevented && app.notice !== null) {
    app.notice = null
    return true
  }
  if (event.key === 'Escape' && !event.defaultPrevented && route.place === newPlace && !document.querySelector('dialog[open]')) return (route.close(), true)
  return false
}

/** Does what a key stands for; other keys go on as they would. */
export function keyDown(event: KeyboardEvent): void {
  if (overlays.current.kind === 'none' && act(event)) event.preventDefault()
}
