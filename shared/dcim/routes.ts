import * as z from 'zod'
import type { Routes } from '../http/route.ts'

const id = z.coerce.number().int().positive()
const count = (name: string) =>
  z
    .string()
    .regex(/^\d{1,15}$/, `${name}: a whole number from 0 is expected.`)
    .transform(Number)
const pixels = (initial: number, max: number) => z.coerce.number().int().min(1).max(max).default(initial)
const halves = z.coerce.number().min(0.5).max(100).multipleOf(0.5)

const NestedDevice = z.looseObject({ id: z.int(), url: z.string(), display: z.string(), name: z.string() })

const Unit = z.object({
  id: z.number(),
  name: z.string(),
  face: z.object({ value: z.enum(['front', 'rear']), label: z.string() }),
  device: NestedDevice.nullable(),
  occupied: z.boolean(),
  display: z.string(),
})

const Elevation = z.object({
  count: z.int(),
  next: z.string().nullable(),
  previous: z.string().nullable(),
  results: z.array(Unit),
})

/** NetBox's parameters, and `both` faces for the drawing. */
const ElevationQuery = z.strictObject({
  face: z.enum(['front', 'rear', 'both']).default('front'),
  q: z.string().max(100).optional(),
  limit: count('limit').optional(),
  offset: count('offset').optional(),
  exclude: id.optional(),
  expand_devices: z.stringbool().default(true),
  /** Taken and without effect: netkeep has no pictures of device types. */
  include_images: z.stringbool().optional(),
  render: z.enum(['json', 'svg']).default('json'),
  unit_width: pixels(220, 1000),
  unit_height: pixels(22, 200),
  legend_width: pixels(30, 200),
  margin_width: pixels(15, 200),
  format: z.string().optional(),
})

const FreeUnits = z.object({
  rack: z.object({ id: z.int(), url: z.string(), display: z.string(), name: z.string() }),
  u_height: z.int(),
  free_units: z.int(),
  height: z.number(),
  face: z.enum(['front', 'rear']),
  full_depth: z.boolean(),
  positions: z.array(z.number()),
})

/** Operations of the data centre beyond its models. */
export const dcimRoutes = {
  rackElevation: {
    method: 'GET',
    path: '/racks/{id}/elevation/',
    permission: 'dcim.view_rack',
    summary: 'What stands in a rack, half unit by half unit from the top; or drawn, with render=svg',
    params: z.object({ id }),
    query: ElevationQuery,
    status: 200,
    response: Elevation,
    media: ['image/svg+xml'],
    errors: ['validation_failed', 'not_found'],
  },
  rackUnits: {
    method: 'GET',
    path: '/racks/{id}/units/',
    permission: 'dcim.view_rack',
    summary: 'The elevation, where clients of NetBox before 2.8 look for it',
    params: z.object({ id }),
    query: ElevationQuery,
    status: 200,
    response: Elevation,
    media: ['image/svg+xml'],
    errors: ['validation_failed', 'not_found'],
  },
  rackFreeUnits: {
    method: 'GET',
    path: '/racks/{id}/free-units/',
    permission: 'dcim.view_rack',
    summary: 'Where a device of a height fits in a rack, from below',
    params: z.object({ id }),
    query: z.strictObject({
      height: halves.default(1),
      face: z.enum(['front', 'rear']).default('front'),
      full_depth: z.stringbool().default(true),
      format: z.string().optional(),
    }),
    status: 200,
    response: FreeUnits,
    errors: ['validation_failed', 'not_found'],
  },
  traceInterface: {
    method: 'GET',
    path: '/interfaces/{id}/trace/',
    permission: 'dcim.view_interface',
    summary: 'The cables from an interface: none, for netkeep keeps no cables',
    params: z.object({ id }),
    query: z.strictObject({ format: z.string().optional() }),
    status: 200,
    response: z.array(z.never()),
    errors: ['not_found'],
  },
} as const satisfies Routes
