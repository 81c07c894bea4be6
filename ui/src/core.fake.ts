// The third door, for the gallery and the tests: a lively workspace in memory.
// It is not part of what is shipped.
export { FakeDoor } from './fake/door'
export { ana, bo, emptyDraft, Story, type Talk } from './fake/people'
export { crowd, endless, workspace } from './fake/workspace'
export { erase } from './fake/messages'
export { manyContacts } from './fake/threads'
