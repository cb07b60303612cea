/** How far apart two names may be to be offered for each other. */
const distanceMax = 3
const offeredMax = 3

/** The known names that are most like the given one, nearest first; at most three. */
export function nearest(name: string, known: Iterable<string>): string[] {
  const wanted = name.toLowerCase()
  return [...known]
    .map((candidate) => ({ candidate, distance: likeness(wanted, candidate.toLowerCase()) }))
    .filter(({ distance }) => distance <= Math.min(distanceMax, Math.max(1, Math.floor(wanted.length / 3))))
    .sort((a, b) => a.distance - b.distance || a.candidate.localeCompare(b.candidate))
    .slice(0, offeredMax)
    .map(({ candidate }) => candidate)
}

/** `There is no field "stie". Did you mean "site"?` */
export function noSuch(what: string, name: string, known: Iterable<string>): string {
  const offered = nearest(name, known)
  const question =
    offered.length === 0 ? '' : ` Did you mean ${offered.map((one) => `"${one}"`).join(' or ')}?`
  return `There is no ${what} "${name.slice(0, 100)}".${question}`
}

/** A name that begins with the other is as near as one with a small slip. */
function likeness(a: string, b: string): number {
  const isBeginning = a.length >= 3 && (b.startsWith(a) || a.startsWith(b))
  return isBeginning ? Math.min(2, editDistance(a, b)) : editDistance(a, b)
}

/** Edits that turn one text into the other; a swap of neighbours counts one. Names longer than 100 are not compared. */
function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > distanceMax || a.length > 100) return Infinity
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const next = [row]
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1] ? 0 : 1
      const edits = [at(last, column) + 1, at(next, column - 1) + 1, at(last, column - 1) + same]
      const isSwap = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      if (isSwap) edits.push(at(before, column - 2) + 1)
      next.push(Math.min(...edits))
    }
    before = last
    last = next
  }
  return at(last, b.length)
}

const at = (row: readonly number[], column: number): number => row[column] ?? Infinity
