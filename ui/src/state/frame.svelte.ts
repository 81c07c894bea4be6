// Which frame the screens stand in: a phone's or a desktop's.

const query = matchMedia('(min-width: 720px)')

class Frame {
  wide = $state(query.matches)

  constructor() {
    query.addEventListener('change', () => (this.wide = query.matches))
  }
}

export const frame = new Frame()
