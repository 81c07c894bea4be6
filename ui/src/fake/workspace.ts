// The conversations of the made-up workspace, most of what a screen can show among them.
import { ana, bo, day, hour, minute, Story, type Talk } from './people'

function rosa(now: number): Talk {
  return new Story({ name: 'Rosa Lind', phone: '+4791234567' }, now - day - 3 * hour)
    .says(0, 'Hello! The boiler in our cabin started dripping this morning 😟')
    .says(minute, { text: 'This is where it comes from.', photos: ['IMG_2041.jpg'] })
    .happens(6 * minute, 'picked')
    .answers(minute, 'Hi Rosa, thank you for the photo. Is the red valve on the left still turning?')
    .says(9 * minute, 'It turns, but it keeps dripping. About a cup an hour.').to(1)
    .answers(2 * minute, 'Then please close it fully and put a bucket below. We can be there tomorrow between 9 and 11.')
    .says(5 * minute, 'Perfect, thank you! The cabin is a little hard to find, here is the place:')
    .says(minute, {
      location: { latitude: 59.91273, longitude: 10.74609, accuracy_m: 8, fixed_at_ms: now - day - 2.7 * hour, label: null },
    })
    .answers(3 * minute, 'Got it. See you tomorrow 👍').to(1)
    .read()
    .says(26 * hour - 20 * minute, 'Good morning! Is this the part you need?')
    .says(minute, { text: 'There is a number on the side.', photos: ['part-front.jpg', 'part-side.jpg', 'part-label.png'] })
    .noted('The cabin is at the end of the forest road; the gate code is 4711.', bo, now - day - 2.5 * hour)
    .noted('Paid the last two invoices late. Ask for the part number before anybody drives out: she has two boilers, and the older one is not covered by the service contract any more.', ana, now - 3 * hour)
    .older(40).talk
}

function waiting(now: number): Talk[] {
  return [
    new Story({ name: 'Mateo Fernández' }, now - 34 * minute).says(0, 'No hot water since last night. We have a newborn at home, could someone come today?')
      .noted('Called the office twice this morning.', bo, now - 20 * minute).talk,
    new Story({ phone: '+4797765432' }, now - 12 * minute).says(0, { photos: ['leak.jpg', 'leak-2.jpg'] }).talk,
    new Story({ name: 'Ingrid Solberg', phone: '+4790011223' }, now - 4 * minute)
      .says(0, 'Hi, I would like to move my appointment on Thursday.')
      .says(minute, 'Friday morning would be best.').talk,
    new Story({ name: 'ليلى حداد' }, now - 2 * minute).says(0, 'مرحبًا، صمام التدفئة يصدر صوتًا غريبًا منذ الأمس. هل يمكنكم المساعدة؟').talk,
    new Story({ phone: '+34612345678' }, now - 40_000).says(0, {
      text: '',
      location: { latitude: 41.38879, longitude: 2.15899, accuracy_m: 24, fixed_at_ms: now - 50_000, label: null },
    }).talk,
  ]
}

function open(now: number): Talk[] {
  const drafted = new Story({ name: 'Tom Becker', phone: '+4915112345678' }, now - 3 * hour)
    .says(0, 'Could you send me the invoice again?')
    .happens(4 * minute, 'picked')
    .read().talk
  drafted.draft.text = 'Of course, Tom. I attach it as a'
  return [
    rosa(now),
    drafted,
    new Story({ phone: '+4540112233' }, now - 5 * hour)
      .says(0, 'Is the pump still under warranty?')
      .happens(2 * minute, 'picked')
      .answers(3 * minute, 'It is, until May. I have noted it for your next visit.')
      .says(8 * minute, 'Great, that was quick. Thanks!')
      .read().talk,
    new Story({ name: 'Housing Association Fjordgata 12–18, Building C' }, now - day)
      .says(0, 'The heating in stairwell C is off again. Third time this month, and the tenants on the fourth floor are getting impatient.')
      .happens(minute, 'picked', bo)
      .answers(2 * minute, 'I ordered a new circulation pump.', bo)
      .happens(4 * hour, 'picked')
      .answers(minute, 'The pump arrives on Monday. Until then we reset it by remote every evening.')
      .read().talk,
    ines(now),
  ]
}

/** Somebody who comes back: one earlier conversation is on the device, an older one on the server. */
function ines(now: number): Talk {
  const who = { name: 'Inés Robles', phone: '+34699001122' }
  const spring = new Story(who, now - 190 * day)
    .says(0, { text: 'Good afternoon, the radiator in the hall stays cold.', photos: ['hall.jpg'] })
    .happens(4 * minute, 'picked', bo)
    .answers(3 * minute, 'There is air in it. I can come on Tuesday at ten.', bo)
    .says(minute, 'Tuesday is fine.')
    .happens(2 * day, 'ended', bo)
  const autumn = new Story(who, now - 26 * day)
    .says(0, 'The hall radiator again, and now the one in the kitchen.')
    .happens(7 * minute, 'picked')
    .answers(2 * minute, 'Then it is the valve of the riser. We replace it this week.')
    .says(3 * hour, 'Wonderful, both are warm now. Thank you!')
    .happens(minute, 'ended')
    .noted('The valve of the riser is behind the left panel in the hall; take the short key.', bo, now - 26 * day + hour)
  return new Story(who, now - 50 * minute)
    .says(0, 'Hello, it is me again. The kitchen is cold since this morning.')
    .happens(3 * minute, 'picked')
    .answers(2 * minute, 'Hello Inés. Let me look at what we did last time.')
    .read()
    .after([spring, autumn], 1).talk
}

function ended(now: number): Talk[] {
  const names = ['Yuki Tanaka', 'Sofía Ruiz', 'Erik Dahl', 'Amina Yusuf', 'Peter Novák', 'Chiara Conti', 'Olu Adeyemi', 'Nina Berg']
  const last = ['Thank you, all works again!', 'Perfect, bye!', 'The radiator is warm now 🎉', 'Great service.', 'Thanks for the quick answer']
  return names.map((name, i) =>
    new Story({ name }, now - (i + 1) * 1.4 * day - hour)
      .says(0, 'Hello, I have a question about my heating.')
      .happens(3 * minute, 'picked')
      .answers(2 * minute, 'Hi! Tell me, what is it?')
      .says(4 * minute, last[i % last.length]!)
      .happens(6 * minute, 'ended', i % 4 === 3 ? bo : ana)
      .read().talk,
  )
}

/** Every conversation of the workspace, as of `now`. */
export function workspace(now: number): Talk[] {
  return [...waiting(now), ...open(now), ...ended(now)]
}

/** One open conversation of so many messages, a third of them mine. */
export function endless(now: number, count: number): Talk {
  const story = new Story({ name: 'Endless Talk' }, now - count * minute)
  for (let i = 1; i < count; i++) {
    if (i % 3 === 0) story.answers(50_000, `Answer number ${i}`)
    else story.says(50_000, `Message number ${i}`)
  }
  return story.happens(minute, 'picked').read().talk
}

/** As many ended conversations as asked for, to see that lists stay fluid. */
export function crowd(now: number, count: number): Talk[] {
  return Array.from({ length: count }, (_, i) =>
    new Story({ name: `Customer ${String(i + 1).padStart(5, '0')}` }, now - i * 7 * minute)
      .says(0, `Question number ${i + 1}`)
      .happens(minute, 'ended')
      .read().talk,
  )
}
