// What changed of what may be sent, as the bar below its pages says it.
import type { PolicyRules } from '../../gen/types'
import type { Change } from '../form.svelte'
import { w } from '../../words/language.svelte'

export function policyChanges(was: PolicyRules, is: PolicyRules): Change[] {
  const { files, limit } = w().configurator
  const list: Change[] = []
  if (was.types.join() !== is.types.join()) list.push({ what: files.types, to: is.types.map((type) => files.short[type]).join(', ') || files.noTypes })
  if (was.file_max_bytes !== is.file_max_bytes) list.push({ what: files.size, to: w().formats.size(is.file_max_bytes || 0) })
  if (was.devices_max !== is.devices_max) list.push({ what: limit.name, to: is.devices_max ? w().formats.number(is.devices_max) : limit.any })
  return list
}
