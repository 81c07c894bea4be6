// What stands above the screen: one thing at a time.
import type { Bubble, BubbleFile, SoundLevel } from '../gen/types'
import type { IconName } from '../parts/icons'

export interface MenuItem {
  id: string
  testid?: string
  label: string
  icon: IconName
  danger?: boolean
  chosen?: boolean
  run: () => void
}

export interface Question {
  title: string
  text: string
  yes: string
  no: string
  danger: boolean
  onYes: () => void
}

/** Where a menu belongs, in CSS pixels of the viewport. */
export interface Anchor {
  left: number
  right: number
  top: number
  bottom: number
}

export type Overlay =
  | { kind: 'none' }
  | { kind: 'drawer' }
  | { kind: 'menu'; label: string; at: Anchor; items: MenuItem[] }
  | { kind: 'question'; question: Question }
  | { kind: 'notes'; place: string; title: string }
  | { kind: 'transfer'; place: string; title: string }
  | { kind: 'find'; place: string; title: string }
  | { kind: 'sound'; place: string; title: string; sound: SoundLevel | null }
  | { kind: 'seen'; place: string; bubble: Bubble }
  | { kind: 'picker' }
  | { kind: 'members'; place: string; title: string; may: boolean }
  | { kind: 'rename'; place: string; name: string }
  | { kind: 'password' }
  | { kind: 'second_factor'; turn: 'on' | 'off'; done: () => void }
  | { kind: 'viewer'; files: BubbleFile[]; at: number }

class Overlays {
  current = $state.raw<Overlay>({ kind: 'none' })

  show(overlay: Overlay): void {
    this.current = overlay
  }

  ask(question: Question): void {
    this.current = { kind: 'question', question }
  }

  /** Opens a menu below an element, or at a point for the context menu. */
  menu(label: string, at: Element | { x: number; y: number }, items: MenuItem[]): void {
    const { left, right, top, bottom } =
      at instanceof Element ? at.getBoundingClientRect() : { left: at.x, right: at.x, top: at.y, bottom: at.y }
    this.current = { kind: 'menu', label, at: { left, right, top, bottom }, items }
  }

  close(): void {
    this.current = { kind: 'none' }
  }
}

export const overlays = new Overlays()
