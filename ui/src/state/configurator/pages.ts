// The pages of the Configurator, in the order and the groups of its menu.
import type { IconName } from '../../parts/icons'

export const pageGroups = {
  who: ['people', 'contacts', 'devices'],
  service: ['queues', 'chat', 'canned', 'files', 'map'],
  kept: ['customers', 'audit'],
} as const

export type PageGroup = keyof typeof pageGroups
export type PageName = (typeof pageGroups)[PageGroup][number]

export const pageIcons: Record<PageName, IconName> = {
  people: 'people',
  contacts: 'contacts',
  devices: 'device',
  queues: 'picklist',
  chat: 'conversations',
  canned: 'canned',
  files: 'gallery',
  map: 'map',
  customers: 'customer',
  audit: 'audit',
}

/** What a place in the Configurator names: a page, and something on it. */
export function pageOf(place: string | null): { page: PageName | null; item: string | null } {
  const [first = '', item = null] = (place ?? '').split('/')
  return { page: first in pageIcons ? (first as PageName) : null, item }
}
