/** A rack as its elevation needs it. Units are numbered from `startingUnit`; the highest is on top unless `descUnits`. */
export type RackFrame = { name: string; startingUnit: number; uHeight: number; descUnits: boolean }
export type Face = 'front' | 'rear'
/** A device in its units: `position` is its lowest-numbered one, both in steps of half a unit. */
export type Mounted = {
  id: number
  name: string
  position: number
  height: number
  face: Face
  isFullDepth: boolean
  /** Of its role, as `rrggbb`. */
  color: string
  /** What a person wants to know of it, a line each. */
  facts: readonly string[]
}

/** Half a unit of one face, from the top of the rack. */
export type Slot = { id: number; name: string; face: Face; device: Mounted | undefined; occupied: boolean }

const step = 0.5

/** Every half unit from the top, as NetBox counts them: a rack of 42 units has 84. */
export function halfUnits({ startingUnit, uHeight, descUnits }: RackFrame): number[] {
  const upwards = Array.from({ length: uHeight * 2 }, (_, index) => startingUnit + index * step)
  return descUnits ? upwards : upwards.toReversed()
}

/** A full-depth device is seen from both faces. */
export const isOn = (face: Face, device: Mounted): boolean => device.isFullDepth || device.face === face

/**
 * One face from the top.
 * @param expand shows a device in each half unit it takes, else only in its lowest-numbered one.
 */
export function slotsOfFace(
  rack: RackFrame,
  devices: readonly Mounted[],
  { face, expand }: { face: Face; expand: boolean },
): Slot[] {
  const taken = new Map<number, Mounted>()
  for (const device of devices.filter((one) => isOn(face, one))) {
    const end = expand ? device.position + device.height : device.position + step
    for (let half = device.position; half < end; half += step) taken.set(half, device)
  }
  return halfUnits(rack).map((id) => {
    const device = taken.get(id)
    return { id, name: `U${id}`, face, device, occupied: device !== undefined }
  })
}

export type Space = { height: number; face: Face; isFullDepth: boolean }

/** Lowest positions where a device of this size fits, from below; whole units only unless the height is a half one. */
export function freePositions(
  rack: RackFrame,
  devices: readonly Mounted[],
  { height, face, isFullDepth }: Space,
): number[] {
  const faces: readonly Face[] = isFullDepth ? ['front', 'rear'] : [face]
  const blocked = new Set(
    faces.flatMap((one) =>
      slotsOfFace(rack, devices, { face: one, expand: true }).flatMap(({ id, occupied }) =>
        occupied ? [id] : [],
      ),
    ),
  )
  const last = rack.startingUnit + rack.uHeight - height
  const positions: number[] = []
  for (let at = rack.startingUnit; at <= last; at += height % 1 === 0 ? 1 : step) {
    const halves = Array.from({ length: height * 2 }, (_, index) => at + index * step)
    if (halves.every((half) => !blocked.has(half))) positions.push(at)
  }
  return positions
}

/** Units of which neither face is touched. */
export function freeUnits(rack: RackFrame, devices: readonly Mounted[]): number {
  const space = { height: 1, face: 'front', isFullDepth: true } as const
  return freePositions(rack, devices, space).length
}
