// The gallery: every screen in every state, from the fake. `?scene=thread` shows
// one as it fills the window, `&lang=ar`, `&theme=dark`; without a scene it shows
// all, each in a frame of a phone and of a desktop. `?judge=all` has axe read
// them all.
import axe from 'axe-core'
import { mount } from 'svelte'
import App from '../App.svelte'
import { useDoor } from '../core'
import { FakeDoor, workspace } from '../core.fake'
import { app } from '../state/app.svelte'
import { preferences, type Theme } from '../state/preferences.svelte'
import { arrival, route } from '../state/route.svelte'
import { languages, type LanguageCode } from '../words/language.svelte'
import { scenes } from './scenes'
import type { Scene } from './stage'
import '../styles/tokens.css'
import '../styles/base.css'

const asked = new URLSearchParams(location.search)
const sceneName = asked.get('scene')
const page = `${sceneName} ${asked.get('theme') ?? 'light'}`
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
  // Half-way between two colours is no colour anybody reads by.
  const ends = (one: Animation) => one.effect?.getComputedTiming().endTime !== Infinity
  await Promise.allSettled(document.getAnimations().filter(ends).map((one) => one.finished))
}

interface Finding {
  scene: string
  what: string
  at: string[]
}

/** What axe finds on this page, and whether the page is wider than the window. */
async function judge(): Promise<Finding[]> {
  const { violations } = await axe.run(document, { resultTypes: ['violations'] })
  const found = violations.map(({ id, nodes }) => ({ scene: page, what: id, at: nodes.slice(0, 3).map((node) => String(node.target)) }))
  const wide = document.documentElement.scrollWidth > innerWidth
  return wide ? [...found, { scene: page, what: 'wider-than-the-window', at: [`${document.documentElement.scrollWidth} px`] }] : found
}

/** Shows one scene in a frame and answers what its page found. */
function judged(name: string, [width, height, theme]: readonly [number, number, Theme]): Promise<Finding[]> {
  const frame = document.createElement('iframe')
  frame.width = String(width)
  frame.height = String(height)
  frame.src = `?${new URLSearchParams({ scene: name, theme, judge: '1' })}`
  return new Promise((done) => {
    const finish = (found: Finding[]) => {
      clearTimeout(timer)
      window.removeEventListener('message', hear)
      frame.remove()
      done(found)
    }
    const hear = (event: MessageEvent<Finding[]>) => event.source === frame.contentWindow && finish(event.data)
    const timer = setTimeout(() => finish([{ scene: name, what: 'never-shown', at: [] }]), 30_000)
    window.addEventListener('message', hear)
    document.body.append(frame)
  })
}

/** Judges every scene, narrow in light and wide in dark, some at a time, and hands the findings over in the address. */
async function judgeAll(): Promise<void> {
  const work = Object.keys(scenes).flatMap((name) => [() => judged(name, [390, 844, 'light']), () => judged(name, [1280, 800, 'dark'])])
  const total = work.length
  const found: Finding[] = []
  const lane = async () => {
    for (let next = work.shift(); next; next = work.shift()) found.push(...(await next()))
  }
  await Promise.all([lane(), lane(), lane(), lane()])
  location.assign(`/judged?${new URLSearchParams({ total: String(total), found: JSON.stringify(found).slice(0, 6000) })}`)
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
  document.documentElement.dataset['shown'] = sceneName ?? ''
  if (asked.get('judge')) parent.postMessage(await judge(), location.origin)
} else if (asked.get('judge') === 'all') await judgeAll()
else showAll()
