/** A device's configuration as it is shown, and which path it has. */
export type Changed = { device: number; text: string; author: number }

const sites = 20
/** 60 kB: a stack of eight switches. */
const ports = 8 * 48
const linesChangedMax = 4
/** Of each run: changes that nobody is named for, and those of two people. */
export const authorsOfRun = 3

export const pathOf = (device: number): string =>
  `site-${String(device % sites).padStart(2, '0')}/sw${String(device).padStart(5, '0')}.cfg`

/**
 * What each run finds changed: everything in the first, then one device in so many, a few lines of each. The same at
 * every call, so that two tools can be given it.
 */
export function* historyOf({
  devices,
  runs,
  part,
}: {
  devices: number
  runs: number
  part: number
}): Iterable<Changed[]> {
  const random = randomNumbers(1)
  const configs = Array.from({ length: devices }, (_, device) => firstConfig(device, random))
  yield configs.map((lines, device) => ({ device, text: textOf(lines), author: 0 }))
  for (let run = 1; run < runs; run += 1) {
    const changed = new Set<number>()
    while (changed.size < devices * part) changed.add(Math.floor(random() * devices))
    yield [...changed].map((device) => {
      const lines = configs[device] ?? []
      edit(lines, run, random)
      return { device, text: textOf(lines), author: device % authorsOfRun }
    })
  }
}

const textOf = (lines: readonly string[]): string => `${lines.join('\n')}\nend\n`

function firstConfig(device: number, random: () => number): string[] {
  const number = (below: number): number => Math.floor(random() * below)
  const head = ['!', 'version 17.9', `hostname sw${device}`, '!', 'aaa new-model', 'ip routing', '!']
  const vlans = Array.from({ length: 60 }, () => 2 + number(4000)).flatMap((id) => [
    `vlan ${id}`,
    ` name NET-${id}`,
    '!',
  ])
  const interfaces = Array.from({ length: ports }, (_, port) => [
    `interface GigabitEthernet${1 + Math.floor(port / 48)}/0/${1 + (port % 48)}`,
    ` description ${['user', 'printer', 'phone', 'camera'][number(4)]} ${number(90)}-${number(1000)}`,
    ` switchport access vlan ${2 + number(4000)}`,
    ' switchport mode access',
    ' spanning-tree portfast',
    ...(number(3) === 0 ? [' storm-control broadcast level 1.00'] : []),
    '!',
  ]).flat()
  const rules = Array.from({ length: 80 }, (_, place) => {
    const host = `10.${number(250)}.${number(250)}.${number(250)}`
    return ` ${10 * (place + 1)} permit tcp host ${host} any eq ${1 + number(60_000)}`
  })
  return [...head, ...vlans, ...interfaces, 'ip access-list extended MANAGEMENT', ...rules, '!']
}

function edit(lines: string[], run: number, random: () => number): void {
  const edits = 1 + Math.floor(random() * linesChangedMax)
  for (let done = 0; done < edits; done += 1) {
    const place = 7 + Math.floor(random() * (lines.length - 7))
    const kind = Math.floor(random() * 3)
    if (kind === 0) lines.splice(place, 0, ` description moved in run ${run}`)
    else if (kind === 1) lines.splice(place, 1)
    else lines[place] = ` switchport access vlan ${2 + Math.floor(random() * 4000)}`
  }
}

/** mulberry32: the same numbers for the same seed. */
function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
