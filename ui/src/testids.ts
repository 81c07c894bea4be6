// The names by which end-to-end tests find what they click, as data-testid.
// They are a contract with the tests: never change one without need.
//
//   self-test  self-test-hops (data-broken)
//   typing  viewing
//   ready  ready-available  ready-busy  ready-away  settings-sound
//   offer (data-place, data-over)  offer-accept  offer-pass  offer-dismiss
//   sign-in-server  sign-in-login  sign-in-password  sign-in-submit  sign-in-problem
//   join-password  join-submit
//   nav-open (the drawer's button)  nav-picklist  nav-conversations  nav-history
//   nav-outbox  nav-settings
//   search  sort  queue-mode (data-mode)  row (data-place, data-state)  row-menu
//   row-swipe-more  row-swipe-act (data-action)  swipe-hint  swipe-hint-close
//   thread (data-place, data-state)  thread-title  thread-back  thread-menu
//   menu-transfer  transfer-search  transfer-to (data-person)  transfer-note  transfer-go
//   menu-customer  customer-bar  customer-back
//   menu-notes  notes  note (data-mark)  note-box  note-save  notes-strip  notes-toggle  notes-all
//   menu-pick  menu-open  menu-end  menu-reopen  confirm-yes  confirm-no
//   pick  reopen  older  previous  past  past-part (data-place)  jump
//   bubble (data-mark, data-id, data-side)  bubble-stuck  bubble-copy  bubble-reply  bubble-quote  bubble-delete  photo  viewer  viewer-close  viewer-save  viewer-share
//   composer-reply  composer-reply-close  canned  canned-item (data-shortcut)  plus-canned
//   composer-box  composer-plus  plus-camera  plus-gallery  plus-location  gallery-input
//   emoji-open  emoji-search  emoji (data-emoji)  tray-item  tray-remove  tray-problem  send
//   camera-shutter  camera-retake  camera-use  camera-close
//   map  map-pin  location-hand  location-coordinates  location-use  location-add
//   status-line (data-link)  outbox-row (data-mark, data-intent)  outbox-retry
//   outbox-edit  outbox-discard  outbox-send-all
//   settings-language  settings-theme  settings-send-key  sign-out
export const testids = {
  signInServer: 'sign-in-server',
  signInLogin: 'sign-in-login',
  signInPassword: 'sign-in-password',
  signInSubmit: 'sign-in-submit',
  signInProblem: 'sign-in-problem',
  joinPassword: 'join-password',
  joinSubmit: 'join-submit',
  navOpen: 'nav-open',
  navPicklist: 'nav-picklist',
  navConversations: 'nav-conversations',
  navHistory: 'nav-history',
  navOutbox: 'nav-outbox',
  navSettings: 'nav-settings',
  ready: 'ready',
  typing: 'typing',
  viewing: 'viewing',
  offer: 'offer',
  offerAccept: 'offer-accept',
  offerPass: 'offer-pass',
  offerDismiss: 'offer-dismiss',
  search: 'search',
  sort: 'sort',
  queueMode: 'queue-mode',
  row: 'row',
  rowMenu: 'row-menu',
  rowSwipeMore: 'row-swipe-more',
  rowSwipeAct: 'row-swipe-act',
  swipeHint: 'swipe-hint',
  swipeHintClose: 'swipe-hint-close',
  thread: 'thread',
  threadTitle: 'thread-title',
  threadBack: 'thread-back',
  threadMenu: 'thread-menu',
  menuNotes: 'menu-notes',
  menuCustomer: 'menu-customer',
  customerBar: 'customer-bar',
  customerBack: 'customer-back',
  menuTransfer: 'menu-transfer',
  transferSearch: 'transfer-search',
  transferTo: 'transfer-to',
  transferNote: 'transfer-note',
  transferGo: 'transfer-go',
  notes: 'notes',
  note: 'note',
  noteBox: 'note-box',
  noteSave: 'note-save',
  notesStrip: 'notes-strip',
  notesToggle: 'notes-toggle',
  notesAll: 'notes-all',
  menuPick: 'menu-pick',
  menuOpen: 'menu-open',
  menuEnd: 'menu-end',
  menuReopen: 'menu-reopen',
  confirmYes: 'confirm-yes',
  confirmNo: 'confirm-no',
  pick: 'pick',
  reopen: 'reopen',
  older: 'older',
  previous: 'previous',
  past: 'past',
  pastPart: 'past-part',
  jump: 'jump',
  bubble: 'bubble',
  bubbleStuck: 'bubble-stuck',
  bubbleCopy: 'bubble-copy',
  bubbleReply: 'bubble-reply',
  bubbleQuote: 'bubble-quote',
  composerReply: 'composer-reply',
  composerReplyClose: 'composer-reply-close',
  canned: 'canned',
  cannedItem: 'canned-item',
  plusCanned: 'plus-canned',
  bubbleDelete: 'bubble-delete',
  photo: 'photo',
  viewer: 'viewer',
  viewerClose: 'viewer-close',
  viewerSave: 'viewer-save',
  viewerShare: 'viewer-share',
  composerBox: 'composer-box',
  composerPlus: 'composer-plus',
  plusCamera: 'plus-camera',
  plusGallery: 'plus-gallery',
  plusLocation: 'plus-location',
  galleryInput: 'gallery-input',
  emojiOpen: 'emoji-open',
  emojiSearch: 'emoji-search',
  emoji: 'emoji',
  trayItem: 'tray-item',
  trayRemove: 'tray-remove',
  trayProblem: 'tray-problem',
  send: 'send',
  cameraShutter: 'camera-shutter',
  cameraRetake: 'camera-retake',
  cameraUse: 'camera-use',
  cameraClose: 'camera-close',
  map: 'map',
  mapPin: 'map-pin',
  locationHand: 'location-hand',
  locationCoordinates: 'location-coordinates',
  locationUse: 'location-use',
  locationAdd: 'location-add',
  statusLine: 'status-line',
  mended: 'mended',
  outboxRow: 'outbox-row',
  outboxRetry: 'outbox-retry',
  outboxEdit: 'outbox-edit',
  outboxDiscard: 'outbox-discard',
  outboxSendAll: 'outbox-send-all',
  settingsLanguage: 'settings-language',
  settingsTheme: 'settings-theme',
  settingsSound: 'settings-sound',
  settingsSendKey: 'settings-send-key',
  selfTest: 'self-test',
  selfTestHops: 'self-test-hops',
  signOut: 'sign-out',
} as const
