// What this device remembers of how its person likes things. None of it is
// truth: a browser that forgets it loses nothing.
import { isTouch } from '../focus'
import type { SoundLevel } from '../gen/types'
import { languages, preferred, speak, type LanguageCode } from '../words/language.svelte'

export type Theme = 'auto' | 'light' | 'dark'
export type SendKey = 'enter' | 'ctrl_enter'

const recentMax = 24

function stored<T>(key: string, fits: (value: unknown) => value is T): T | undefined {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(`fieldline.${key}`) ?? 'null')
    return fits(value) ? value : undefined
  } catch {
    return undefined
  }
}

function store(key: string, value: unknown): void {
  try {
    localStorage.setItem(`fieldline.${key}`, JSON.stringify(value))
  } catch {
    // A browser that keeps nothing still shows what was chosen, until it is closed.
  }
}

const isText = (value: unknown): value is string => typeof value === 'string'
const isTheme = (value: unknown): value is Theme => value === 'auto' || value === 'light' || value === 'dark'
const isSendKey = (value: unknown): value is SendKey => value === 'enter' || value === 'ctrl_enter'
const isSound = (value: unknown): value is SoundLevel => value === 'all' || value === 'quiet' || value === 'none'
const isLanguage = (value: unknown): value is LanguageCode => isText(value) && value in languages
const isWidth = (value: unknown): value is number => typeof value === 'number' && value >= 240 && value <= 640
const isYesNo = (value: unknown): value is boolean => typeof value === 'boolean'
const areTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every(isText)

class Preferences {
  theme = $state<Theme>('auto')
  language = $state<LanguageCode>('en')
  sendKey = $state<SendKey>('enter')
  sound = $state<SoundLevel>('all')
  /** Of the list pane, in CSS pixels. */
  listWidth = $state(340)
  server = $state('')
  recentEmoji = $state<string[]>([])
  /** Whether the notes at the top of a conversation are spread out. */
  notesOpen = $state(false)
  /** Whether a swipe is known here: its hint is shown until then. */
  swipe = $state<'new' | 'known'>('new')

  /** Reads what was remembered and shows it. */
  load(): void {
    this.setTheme(stored('theme', isTheme) ?? 'auto')
    this.setLanguage(stored('language', isLanguage) ?? preferred(navigator.languages))
    this.sendKey = stored('sendKey', isSendKey) ?? (isTouch() ? 'ctrl_enter' : 'enter')
    this.sound = stored('sound', isSound) ?? 'all'
    this.listWidth = stored('listWidth', isWidth) ?? 340
    this.server = stored('server', isText) ?? ''
    this.recentEmoji = stored('recentEmoji', areTexts) ?? []
    this.notesOpen = stored('notesOpen', isYesNo) ?? false
    this.swipe = stored('swipe', isText) === 'known' ? 'known' : 'new'
  }

  setTheme(theme: Theme): void {
    this.theme = theme
    if (theme === 'auto') delete document.documentElement.dataset['theme']
    else document.documentElement.dataset['theme'] = theme
    store('theme', theme)
  }

  setLanguage(language: LanguageCode): void {
    this.language = language
    speak(language)
    store('language', language)
  }

  setSendKey(key: SendKey): void {
    this.sendKey = key
    store('sendKey', key)
  }

  setSound(sound: SoundLevel): void {
    this.sound = sound
    store('sound', sound)
  }

  setListWidth(px: number): void {
    this.listWidth = Math.round(Math.min(560, Math.max(260, px)))
    store('listWidth', this.listWidth)
  }

  setNotesOpen(open: boolean): void {
    this.notesOpen = open
    store('notesOpen', open)
  }

  setServer(server: string): void {
    this.server = server
    store('server', server)
  }

  knowsSwipe(): void {
    if (this.swipe === 'known') return
    this.swipe = 'known'
    store('swipe', 'known')
  }

  usedEmoji(emoji: string): void {
    this.recentEmoji = [emoji, ...this.recentEmoji.filter((other) => other !== emoji)].slice(0, recentMax)
    store('recentEmoji', this.recentEmoji)
  }
}

export const preferences = new Preferences()
