// The app's first step: open the door, read where the link came from, show it.
import { mount } from 'svelte'
import App from './App.svelte'
import { openDoor } from './core'
import { app } from './state/app.svelte'
import { preferences } from './state/preferences.svelte'
import { arrival, route } from './state/route.svelte'
import './styles/tokens.css'
import './styles/base.css'

preferences.load()
const arrived = arrival()
route.follow()
mount(App, { target: document.getElementById('app')!, props: { arrived } })

openDoor().then(
  () => app.start(),
  (problem: unknown) => app.break(problem),
)
