import * as z from 'zod'
import type { Cell, Row } from '../model/define.ts'

/**
 * Where a device stands: `rack` and the half units it takes, counted from 2 × the position of its lowest one, on one
 * face or both. Kept with the device, for its type may be read no more when it moves.
 */
export const Slots = z.object({
  rack: z.int(),
  from: z.int(),
  halves: z.int(),
  faces: z.array(z.enum(['front', 'rear'])),
})
type Slots = z.infer<typeof Slots>

/** @returns null for a device that has no place in a rack. */
export function slotsOf(device: Row, type: Row | undefined): Slots | null {
  const { rack, position, face } = device
  const height = Number(type?.['u_height'] ?? 0)
  if (typeof rack !== 'number' || typeof position !== 'number' || height === 0) return null
  const faces =
    type?.['is_full_depth'] === true ? ['front' as const, 'rear' as const] : [face as 'front' | 'rear']
  return { rack, from: position * 2, halves: height * 2, faces }
}

/** The units a device takes, as places of its rack. A unit has four parts: two halves on two faces. */
export function unitCells(device: Row): readonly Cell[] {
  const slots = device['rack_slots'] as Slots | null | undefined
  if (slots === null || slots === undefined) return []
  const units = new Map<number, string[]>()
  for (let half = slots.from; half < slots.from + slots.halves; half++) {
    const unit = Math.floor(half / 2)
    const name = half % 2 === 0 ? 'lower' : 'upper'
    units.set(unit, [...(units.get(unit) ?? []), ...slots.faces.map((face) => `${face}-${name}`)])
  }
  return [...units].map(([unit, parts]) => ({
    space: 'rack-unit',
    values: [slots.rack, unit],
    parts,
    field: 'position',
    message: `Unit ${unit} of the rack is taken on this face.`,
  }))
}
