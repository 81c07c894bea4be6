// The gallery: every screen in every state, from the fake. `?scene=thread` shows
// one as it fills the window, `&lang=ar`, `&theme=dark`; without a scene it shows
// all, each in a frame of a phone and of a desktop. `&axe=1` writes what axe
// finds into the page's title.
import axe from 'axe-core'
import { mount } from 'svelte'
import App from '../App.svelte'
import { useDoor } from '../core'
import { FakeDoor, workspace } from '../core.fake'
import { app } from '../state/app.svelte'
import { preferences, type Theme } from '../state/preferences.svelte'
import { arrival, route } from '../state/route.svelte'
import { languages, type LanguageCode } from '../words/language.svelte'
import { scenes, type Scene } from './scenes'
import '../styles/tokens.css'
import '../styles/base.css'

const asked = new URLSearchParams(location.search)
const sceneName = asked.get('scene')
const scene = sceneName ? scenes[sceneName] : undefined

/** Waits until `find` finds something, at most two seconds. */
async function until<T>(find: () => T | null): Promise<T | null> {
  for (let tries = 0; tries < 100; tries++) {
    const found = find()
    if (found) return found
    await new Promise((done) => setTimeout(done, 20))
  }
  return null
}

async function show({ route: address, set, click = [], then }: Scene): Promise<void> {
  const door = new FakeDoor(workspace(Date.now()))
  set?.(door)
  history.replaceState(null, '', location.pathname + location.search + address(door))
  preferences.load()
  const language = asked.get('lang') ?? 'en'
  if (language in languages) preferences.setLanguage(language as LanguageCode)
  preferences.setTheme((asked.get('theme') as Theme | null) ?? 'light')
  const arrived = arrival()
  route.follow()
  useDoor(door)
  mount(App, { target: document.getElementById('app')!, props: { arrived } })
  await app.start()
  for (const testid of click) {
    const button = await until(() => document.querySelector<HTMLElement>(`[data-testid='${testid}']:not(:disabled)`))
    button?.click()
    await new Promise((done) => setTimeout(done, 120))
  }
  await new Promise((done) => setTimeout(done, 150))
  await then?.(door)
  await until(() => (document.querySelector('[data-status=loading] img') ? null : document.body))
  await new Promise((done) => setTimeout(done, 350))
}

async function judge(): Promise<void> {
  const { violations } = await axe.run(document, { resultTypes: ['violations'] })
  const said = violations.map(({ id, nodes }) => ({ id, at: nodes.map((node) => `${node.target} ${node.failureSummary ?? ''}`).slice(0, 4) }))
  const answer = document.createElement('pre')
  answer.id = 'axe'
  answer.textContent = JSON.stringify(said)
  document.body.append(answer)
}

function showAll(): void {
  document.body.style.overflow = 'auto'
  for (const name of Object.keys(scenes)) {
    const title = document.createElement('h2')
    title.textContent = name
    document.body.append(title)
    for (const [width, height] of [[390, 844], [1280, 800]]) {
      const frame = document.createElement('iframe')
      frame.loading = 'lazy'
      frame.width = String(width)
      frame.height = String(height)
      frame.src = `?${new URLSearchParams({ ...Object.fromEntries(asked), scene: name })}`
      document.body.append(frame)
    }
  }
}

if (scene) {
  await show(scene)
  if (asked.get('axe')) await judge()
  document.documentElement.dataset['shown'] = sceneName ?? ''
} else showAll()
