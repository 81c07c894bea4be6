// Every screen in every state that the gallery shows and axe reads. A scene puts
// the fake into a state, names a route, and says what to click.
import type { FakeDoor, Talk } from '../core.fake'
import type { DraftFile } from '../gen/types'
import { crowd, endless, erase } from '../core.fake'
import { preferences } from '../state/preferences.svelte'
import { testids } from '../testids'
import { clientScenes } from './client_scenes'
import { configuratorScenes } from './configurator_scenes'
import { factorScenes, signsIn, withFactor } from './factor_scenes'
import { offline, to, write, type Scene } from './stage'
import { threadScenes } from './thread_scenes'

const named = (door: FakeDoor, name: string): Talk => door.talks.find((talk) => talk.name === name) ?? door.talks[0]!
const rosa = (door: FakeDoor) => `#/conversations/${named(door, 'Rosa Lind').place}`
const mateo = (door: FakeDoor) => `#/picklist/${named(door, 'Mateo Fernández').place}`
const ines = (door: FakeDoor) => `#/conversations/${named(door, 'Inés Robles').place}`
const yuki = (door: FakeDoor) => `#/history/${named(door, 'Yuki Tanaka').place}`

function unsent(door: FakeDoor): void {
  offline(door)
  const talk = named(door, 'Rosa Lind')
  const of = { from: 'blob', hash: '7'.repeat(64) } as const
  const file = { thumb: of, display: of, name: 'valve.jpg', kind: 'jpeg', size_bytes: 2_400_000, width: 1600, height: 1200, taken_at: null, progress: 0.4 } as const
  door.unsent(talk, 'Yes, exactly that one. I bring it along.', 'waiting')
  door.unsent(talk, 'This is how it looks when it is new:', 'waiting', { files: [file] })
  door.unsent(named(door, 'Tom Becker'), 'Here it is again.', 'stuck', { problem: { code: 'conversation_ended' } })
}

/** Who lost a pick, and what they were composing there. */
function lost(door: FakeDoor): void {
  const problem = { code: 'already_picked', who: 'Ben Okafor' } as const
  door.refusals.set('thread', problem)
  const place = 'c0000000-0000-7000-8000-ffffffffffff'
  const row = { place, title: 'Mateo Fernández', mark: 'stuck', problem, asked_at_ms: door.now() - 600_000, progress: null, files: [] as DraftFile[] } as const
  door.outbox.push({ ...row, intent: `${place.slice(0, -1)}1`, kind: 'pick', text: '', photos: 0 })
  door.outbox.push({ ...row, intent: place, kind: 'draft', text: 'Good morning, Mateo. I can be with you at', photos: 2, files: ['7', '8'].map((n) => ({ hash: n.repeat(64), name: `pump-${n}.jpg`, kind: 'jpeg', size_bytes: 900_000 })) })
  door.outbox.push({ ...row, intent: place, kind: 'note_draft', text: 'Rings twice, the bell is', photos: 0 })
}

/** HEIC, waiting in a bubble and in the box, where HEIC is not drawn. */
function heic(door: FakeDoor): void {
  offline(door)
  const drawn = door.picture.bind(door)
  door.picture = (asked) => (asked.from === 'blob' ? Promise.resolve(new ArrayBuffer(32)) : drawn(asked))
  const talk = named(door, 'Rosa Lind')
  const of = { from: 'blob', hash: '8'.repeat(64) } as const
  const file = { thumb: of, display: of, name: 'IMG_0042.heic', kind: 'heic', size_bytes: 1_900_000, width: 0, height: 0, taken_at: null, progress: 0 } as const
  door.unsent(talk, 'As my phone takes them:', 'waiting', { files: [file] })
  talk.draft.files = [{ hash: '9'.repeat(64), name: 'IMG_0043.heic', kind: 'heic', size_bytes: 2_100_000 }]
}

/** One that is gone, a customer's too, and one whose deletion waits for a signal. */
function deletedSome(door: FakeDoor): void {
  const talk = named(door, 'Rosa Lind')
  const said = talk.bubbles.filter(({ body }) => body.what === 'said')
  erase(said.at(-2)!)
  erase(said.findLast(({ mine }) => mine)!, 'waiting')
  erase(named(door, 'Tom Becker').bubbles[0]!)
  offline(door)
}

/** The menu of the newest message of mine, as a right click opens it. */
async function bubbleMenu(): Promise<void> {
  const mine = [...document.querySelectorAll(`[data-testid='${testids.bubble}'][data-side='ours']:not([data-event]) .box`)].at(-1)
  mine?.scrollIntoView({ block: 'center' })
  const { left, bottom } = mine?.getBoundingClientRect() ?? { left: 0, bottom: 0 }
  mine?.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true, clientX: left + 40, clientY: bottom - 20 }))
  await new Promise((done) => setTimeout(done, 150))
}

function attached(door: FakeDoor): void {
  const { draft } = named(door, 'Rosa Lind')
  draft.text = 'Two of these are in the van, I will bring both.'
  draft.files = [
    { hash: '1'.repeat(64), name: 'spare-part.jpg', kind: 'jpeg', size_bytes: 2_310_000 },
    { hash: '2'.repeat(64), name: 'a very long name of a photo from the workshop.png', kind: 'png', size_bytes: 812_000 },
  ]
  draft.location = { latitude: 59.9331, longitude: 10.6812, accuracy_m: null, fixed_at_ms: null, label: 'Workshop' }
}

/** The password sheet, after a try with another password than the one there is. */
async function wrongPassword(): Promise<void> {
  for (const testid of [testids.passwordOld, testids.passwordNew]) {
    const box = document.querySelector<HTMLInputElement>(`[data-testid='${testid}']`)!
    box.value = 'wrong'
    box.dispatchEvent(new Event('input', { bubbles: true }))
  }
  await new Promise((done) => setTimeout(done, 50))
  document.querySelector<HTMLElement>(`[data-testid='${testids.passwordSave}']`)?.click()
}

function withMap(door: FakeDoor): void {
  door.status.policy.map = { credit: '© OpenStreetMap contributors' }
}

/** A place of the customer's, and one of mine. */
function sendsPlace(door: FakeDoor): void {
  const talk = named(door, 'Rosa Lind')
  const said = talk.bubbles.filter(({ body }) => body.what === 'said').slice(-2)
  const place = { latitude: 59.9275, longitude: 10.7461, accuracy_m: 24, fixed_at_ms: door.now() - 60_000, label: null }
  for (const { body } of said) if (body.what === 'said') body.location = place
}

/** The device's sensor says where it is. */
function standsAt(accuracy: number, ageMs = 0): void {
  const coords = { latitude: 59.9275, longitude: 10.7461, accuracy }
  told?.({ coords, timestamp: Date.now() - ageMs } as GeolocationPosition)
}
let told: PositionCallback | undefined
let refused: PositionErrorCallback | null | undefined
if (navigator.geolocation) {
  navigator.geolocation.watchPosition = (tell, refuse) => {
    told = tell
    refused = refuse
    return 1
  }
}

function drop(files: File[]): void {
  const data = new DataTransfer()
  files.forEach((file) => data.items.add(file))
  document.querySelector('.composer')?.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }))
}
const jpeg = (name: string) => new File([new Uint8Array([0xff, 0xd8, 0xff])], name)
const dropText = () => drop([new File(['%PDF-1.7'], 'offer.pdf'), jpeg('boiler.jpg')])
const dropFifty = () => drop(Array.from({ length: 50 }, (_, i) => jpeg(`site-${i + 1}.jpg`)))

/** A machine that has no camera. */
function noCamera(): void {
  navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotFoundError'))
}

async function type(text: string): Promise<void> {
  const box = document.querySelector<HTMLTextAreaElement>('#composer')
  if (!box) return
  box.focus()
  box.value = text
  box.dispatchEvent(new Event('input', { bubbles: true }))
  await new Promise((done) => setTimeout(done, 150))
}

/** A finger on the first row: down, across so many pixels, and up unless it stays. */
function swipes(acrossPx: number, end: 'up' | 'stays' = 'up'): void {
  const row = document.querySelector<HTMLElement>(`[data-testid='${testids.row}']`)
  const rtl = document.documentElement.dir === 'rtl'
  const { left, right, top } = row?.getBoundingClientRect() ?? { left: 0, right: 0, top: 0 }
  const x = rtl ? left + 40 : right - 40
  const finger = (type: string, at: number) =>
    row?.dispatchEvent(new PointerEvent(type, { pointerId: 7, isPrimary: true, pointerType: 'touch', clientX: at, clientY: top + 30, bubbles: true }))
  const to = rtl ? x + acrossPx : x - acrossPx
  finger('pointerdown', x)
  for (let part = 1; part <= 4; part++) finger('pointermove', x + ((to - x) * part) / 4)
  if (end === 'up') finger('pointerup', to)
}

/** Scrolls the conversation to its top again and again, as somebody who looks for something old. */
async function scrollsUp(times: number): Promise<void> {
  const pane = document.querySelector('.thread .pane')
  for (let i = 0; pane && i < times; i++) {
    pane.scrollTop = 0
    await new Promise((done) => setTimeout(done, 120))
  }
}

/** As on a device with a finger. */
function touched(): void {
  const real = window.matchMedia.bind(window)
  window.matchMedia = (query) => (query === '(pointer: coarse)' ? ({ ...real(query), matches: true } as MediaQueryList) : real(query))
}

function toTop(): void {
  document.querySelector('.pane')?.scrollTo({ top: 0 })
}

const signedOut = (door: FakeDoor) => void ((door.status.door = 'signed_out'), (door.status.me = null))

export const scenes: Record<string, Scene> = {
  'sign-in': { route: to(''), set: signedOut },
  'sign-in-demo': { route: to('#demo=ana:correct-horse'), set: signedOut },
  'sign-in-not-a-server': {
    route: to('#demo=ana:correct-horse'),
    set: (door) => (signedOut(door), void door.refusals.set('sign_in', { code: 'not_a_server' })),
    click: [testids.signInSubmit],
  },
  'sign-in-wrong': {
    route: to('#demo=ana:correct-horse'),
    set: (door) => (signedOut(door), void door.refusals.set('sign_in', { code: 'wrong_password' })),
    click: [testids.signInSubmit],
  },
  'sign-in-code': { route: to(''), set: withFactor, then: () => signsIn() },
  'sign-in-code-wrong': { route: to(''), set: withFactor, then: () => signsIn('111111') },
  'sign-in-again': { route: to('#/picklist'), set: (door) => void (door.status.door = 'sign_in_again') },
  'keychain-shut': { route: to('#/picklist'), set: (door) => void Object.assign(door.status, { door: 'sign_in_again', link_problem: { code: 'keychain_shut' } }) },
  copied: { route: to('#/picklist'), set: (door) => void Object.assign(door.status, { door: 'sign_in_again', link_problem: { code: 'copied' } }) },
  join: { route: to('#invite=secret'), set: signedOut },
  'join-invalid': { route: to('#invite=secret'), set: (door) => (signedOut(door), void door.refusals.set('invited', { code: 'link_invalid' })) },
  broken: { route: to(''), set: (door) => void door.refusals.set('status', { code: 'storage_failed' }) },
  picklist: { route: to('#/picklist') },
  'picklist-empty': { route: to('#/picklist'), set: (door) => void (door.talks = door.talks.filter((talk) => talk.state !== 'waiting')) },
  'picklist-menu': { route: to('#/picklist'), click: [testids.rowMenu] },
  offer: { route: to('#/picklist'), set: (door) => door.offer(named(door, 'Mateo Fernández'), 21_000) },
  'offer-in-thread': { route: rosa, set: (door) => door.offer(named(door, 'ليلى حداد'), 12_000) },
  'offer-over': {
    route: to('#/conversations'),
    set: (door) => (offline(door), door.offer(named(door, 'Mateo Fernández'), -40_000)),
  },
  'ready-busy': { route: to('#/picklist'), set: (door) => void (door.status.ready = 'busy'), click: [testids.navOpen] },
  conversations: { route: to('#/conversations') },
  'swipe-hint': { route: to('#/conversations'), set: touched, then: () => void (preferences.swipe = 'new') },
  'swipe-half': { route: to('#/conversations'), then: () => swipes(120) },
  'swipe-whole': { route: to('#/conversations'), then: () => swipes(300, 'stays') },
  'swipe-end': { route: to('#/conversations'), then: () => swipes(300) },
  'swipe-picklist': { route: to('#/picklist'), then: () => swipes(120) },
  'swipe-history': { route: to('#/history'), then: () => swipes(120) },
  'swipe-messaging': { route: to('#/messaging'), then: () => swipes(120) },
  'swipe-messaging-whole': { route: to('#/messaging'), then: () => swipes(300, 'stays') },
  'swipe-hint-messaging': { route: to('#/messaging'), set: touched, then: () => void (preferences.swipe = 'new') },
  'swipe-more': { route: to('#/conversations'), then: () => (swipes(120), document.querySelector<HTMLElement>(`[data-testid='${testids.rowSwipeMore}']`)?.click()) },
  'conversations-empty': { route: to('#/conversations'), set: (door) => void (door.talks = door.talks.filter((talk) => talk.state !== 'open')) },
  'conversations-offline': { route: to('#/conversations'), set: unsent },
  mended: { route: to('#/conversations'), set: (door) => void (door.status.mended = { lost: 0, at_least: false }) },
  'mended-lost': { route: to('#/conversations'), set: (door) => void (door.status.mended = { lost: 3, at_least: false }) },
  'mended-unknown': { route: to('#/conversations'), set: (door) => void (door.status.mended = { lost: 0, at_least: true }) },
  history: { route: to('#/history') },
  'history-10000': { route: to('#/history'), set: (door) => void (door.talks = crowd(door.now(), 10_000)) },
  'search-nothing': { route: to('#/history'), then: () => write('#search', 'zeppelin') },
  'list-failed': { route: to('#/history'), set: (door) => void door.refusals.set('rows', { code: 'storage_failed' }) },
  loading: { route: to('#/conversations'), set: (door) => void door.held.add('rows') },
  drawer: { route: to('#/picklist'), set: unsent, click: [testids.navOpen] },
  sort: { route: to('#/picklist'), click: [testids.sort] },
  peek: { route: mateo },
  thread: { route: rosa },
  'thread-busy': {
    route: rosa,
    set: (door) => {
      const talk = named(door, 'Rosa Lind')
      talk.doing = { customer_typing: true, viewing: ['Bo Eriksen'] }
      for (const bubble of talk.bubbles) if (bubble.side === 'ours' && bubble.mark === 'sent') bubble.mark = 'seen'
    },
  },
  'thread-before': { route: ines },
  'thread-previous': { route: ines, click: [testids.previous, testids.previous], then: toTop },
  'thread-previous-noted': { route: ines, click: [testids.previous], then: () => document.querySelector('.noted')?.scrollIntoView({ block: 'center' }) },
  'thread-previous-offline': {
    route: ines,
    set: (door) => (offline(door), void door.refusals.set('fetch_previous', { code: 'unreachable' })),
    click: [testids.previous, testids.previous],
    then: toTop,
  },
  'thread-50000': {
    route: (door) => `#/conversations/${named(door, 'Endless Talk').place}`,
    set: (door) => void door.talks.push(endless(door.now(), 50_000)),
    then: () => scrollsUp(6),
  },
  'thread-offline': { route: rosa, set: unsent },
  'thread-menu': { route: rosa, click: [testids.threadMenu] },
  'thread-end': { route: rosa, click: [testids.threadMenu, testids.menuEnd] },
  'thread-ended': { route: yuki },
  'thread-customer': { route: rosa, set: (door) => (unsent(door), deletedSome(door)), click: [testids.threadMenu, testids.menuCustomer] },
  'thread-reply': {
    route: rosa,
    then: async () => {
      await bubbleMenu()
      document.querySelector<HTMLElement>(`[data-testid='${testids.bubbleReply}']`)?.click()
    },
  },
  'thread-sought': { route: rosa, then: () => document.querySelectorAll<HTMLElement>(`[data-testid='${testids.bubbleQuote}']`)[0]?.click() },
  'search-hits': { route: to('#/conversations'), then: () => write('#search', 'pump') },
  canned: { route: rosa, then: () => type('/') },
  'canned-filtered': { route: rosa, then: () => type('/v') },
  'canned-inserted': { route: rosa, then: async () => (await type('/hel'), document.querySelector<HTMLElement>(`[data-testid='${testids.cannedItem}']`)?.click()) },
  'thread-deleted': { route: rosa, set: deletedSome },
  'bubble-menu': { route: rosa, then: bubbleMenu },
  'bubble-delete': {
    route: rosa,
    then: async () => {
      await bubbleMenu()
      document.querySelector<HTMLElement>(`[data-testid='${testids.bubbleDelete}']`)?.click()
      await new Promise((done) => setTimeout(done, 100))
    },
  },
  'thread-notes': { route: rosa, click: [testids.notesToggle] },
  notes: { route: rosa, click: [testids.threadMenu, testids.menuNotes] },
  'notes-written': { route: rosa, click: [testids.threadMenu, testids.menuNotes], then: () => write('#note-box', 'Bring the long ladder.') },
  transfer: { route: rosa, click: [testids.threadMenu, testids.menuTransfer] },
  'transfer-chosen': {
    route: rosa,
    click: [testids.threadMenu, testids.menuTransfer], then: async () => {
      await new Promise((done) => setTimeout(done, 100))
      document.querySelectorAll<HTMLElement>(`[data-testid='${testids.transferTo}']`)[1]?.click()
    },
  },
  'thread-ended-draft': { route: yuki, set: (door) => void (named(door, 'Yuki Tanaka').draft.text = 'I bring the old one back on Monday, and the') },
  'notes-none': { route: yuki, click: [testids.threadMenu, testids.menuNotes] },
  'thread-stuck': { route: (door) => `#/conversations/${named(door, 'Tom Becker').place}`, set: unsent, click: [testids.bubbleStuck] },
  'thread-lost': { route: to('#/conversations/c0000000-0000-7000-8000-ffffffffffff'), set: lost },
  'thread-gone': { route: to('#/conversations/c0000000-0000-7000-8000-ffffffffffff') },
  'thread-no-pictures': { route: rosa, set: (door) => void door.refusals.set('picture', { code: 'unreachable' }) },
  'thread-heic': { route: rosa, set: heic },
  compose: { route: rosa, set: attached },
  crop: { route: rosa, set: attached, click: [testids.trayEdit] },
  'crop-turned': { route: rosa, set: attached, click: [testids.trayEdit, testids.cropTurn, `${testids.cropShape}'][data-shape='wide`] },
  'crop-failed': { route: rosa, set: (door) => (attached(door), void door.refusals.set('picture', { code: 'file_missing' })), click: [testids.trayEdit] },
  'compose-refused': { route: rosa, then: dropText },
  'compose-too-many': { route: rosa, then: dropFifty },
  'compose-torn': { route: rosa, set: (door) => void door.refusals.set('attach', { code: 'file_damaged' }), then: () => drop([jpeg('boiler.jpg')]) },
  plus: { route: rosa, click: [testids.composerPlus] },
  camera: { route: rosa, click: [testids.composerPlus, testids.plusCamera] },
  'camera-none': { route: rosa, set: noCamera, click: [testids.composerPlus, testids.plusCamera] },
  location: { route: rosa, click: [testids.composerPlus, testids.plusLocation] },
  'location-map': { route: rosa, set: withMap, click: [testids.composerPlus, testids.plusLocation], then: () => standsAt(35) },
  'location-grid': { route: rosa, click: [testids.composerPlus, testids.plusLocation], then: () => standsAt(35) },
  'location-stale': { route: rosa, click: [testids.composerPlus, testids.plusLocation], then: () => standsAt(9, 5_400_000) },
  'location-denied': { route: rosa, click: [testids.composerPlus, testids.plusLocation], then: () => refused?.({ code: 1 } as GeolocationPositionError) },
  'location-by-hand': {
    route: rosa,
    set: withMap,
    click: [testids.composerPlus, testids.plusLocation, testids.locationHand],
    then: () => write(`[data-testid='${testids.locationCoordinates}']`, '59.92750, 10.74610'),
  },
  'thread-map': { route: rosa, set: (door) => (withMap(door), sendsPlace(door)) },
  emoji: { route: rosa, click: [testids.emojiOpen] },
  viewer: { route: rosa, click: [testids.photo] },
  outbox: { route: to('#/outbox'), set: unsent },
  'outbox-left': { route: to('#/outbox'), set: lost },
  'outbox-empty': { route: to('#/outbox') },
  'outbox-discard': { route: to('#/outbox'), set: unsent, click: [testids.outboxDiscard] },
  settings: { route: to('#/settings') },
  'settings-self-test': { route: to('#/settings'), set: offline, click: [testids.selfTest] },
  'settings-devices': { route: to('#/settings'), then: () => document.querySelector(`[data-testid='${testids.ownDevices}']`)?.scrollIntoView() },
  'settings-devices-end': { route: to('#/settings'), click: [testids.ownDeviceEnd] },
  'settings-password': { route: to('#/settings'), click: [testids.passwordOpen] },
  'settings-password-wrong': { route: to('#/settings'), click: [testids.passwordOpen], then: wrongPassword },
  ...factorScenes,
  'settings-sign-out': { route: to('#/settings'), set: unsent, click: [testids.signOut] },
  ...threadScenes,
  ...clientScenes,
  ...configuratorScenes,
}
