import type * as z from 'zod'
import { AppError } from '../errors.ts'
import { pageOf } from '../http/paging.ts'
import type { HttpRequest, RawReply } from '../http/request.ts'
import type { Engine } from '../model/engine.ts'
import { show } from '../model/output.ts'
import { slotsOfFace, type Face, type Slot } from './elevation.ts'
import { elevationSvg } from './elevation-svg.ts'
import { device } from './models/device.ts'
import { readRack } from './read-rack.ts'
import type { dcimRoutes } from './routes.ts'

type ElevationRoute = typeof dcimRoutes.rackElevation
export type ElevationCall = {
  engine: Engine
  params: z.output<ElevationRoute['params']>
  query: z.output<ElevationRoute['query']>
  request: HttpRequest
}
type Page = z.input<ElevationRoute['response']>

const faceLabels: Readonly<Record<Face, string>> = { front: 'Front', rear: 'Rear' }

/** The units of one face as a page. */
export async function listElevation({ engine, params, query, request }: ElevationCall): Promise<Page> {
  const { face, expand_devices: expand, exclude, q = '' } = query
  if (face === 'both')
    throw new AppError('validation_failed', undefined, {
      issues: [
        { path: 'face', message: 'A list has one face, front or rear; both can be drawn (render=svg).' },
      ],
    })
  const { frame, devices, rows, known } = await readRack(engine, params.id, exclude)
  const wanted = q.toLowerCase()
  const slots = slotsOfFace(frame, devices, { face, expand }).filter(({ name }) =>
    name.toLowerCase().includes(wanted),
  )
  const context = { registry: engine.registry, links: request.links, known, live: new Map() }
  const shown = ({ id, name, device: there, occupied }: Slot): Page['results'][number] => {
    const row = there === undefined ? undefined : rows.get(there.id)
    return {
      id,
      name,
      face: { value: face, label: faceLabels[face] },
      // The brief form of a device has id, url, display and name.
      device:
        row === undefined
          ? null
          : (show(context, device, row, { brief: true }) as Page['results'][number]['device']),
      occupied,
      display: name,
    }
  }
  return pageOf(request, slots, shown)
}

/** The same as a picture. */
export async function drawElevation({ engine, params, query, request }: ElevationCall): Promise<RawReply> {
  const { frame, devices } = await readRack(engine, params.id, query.exclude)
  const faces: readonly Face[] = query.face === 'both' ? ['front', 'rear'] : [query.face]
  const { unit_width, unit_height, legend_width, margin_width } = query
  const body = elevationSvg({
    rack: frame,
    devices,
    faces,
    sizes: {
      unitWidth: unit_width,
      unitHeight: unit_height,
      legendWidth: legend_width,
      marginWidth: margin_width,
    },
    // Pages of the console, below the prefix that was asked for.
    deviceLink: (id) => `${request.links.origin.replace(/^https?:\/\/[^/]+/, '')}/devices/${id}`,
  })
  return { headers: { 'content-type': 'image/svg+xml; charset=utf-8' }, body }
}
