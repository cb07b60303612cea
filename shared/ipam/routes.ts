import * as z from 'zod'
import type { Routes } from '../http/route.ts'
import { Bundle } from './bundle.ts'

const id = z.coerce.number().int().positive()
const params = z.object({ id })
const Link = z.looseObject({ id: z.int(), url: z.string(), display: z.string() }).nullable()
const Family = z.int()

/** How many free ones a list shows. */
export const freeMax = 1000
const Limit = z.strictObject({
  limit: z.coerce.number().int().min(0).max(100_000).default(50),
  format: z.string().optional(),
})
const FreeAddress = z.object({ family: Family, address: z.string(), vrf: Link })
const FreePrefix = z.object({ family: Family, prefix: z.string(), vrf: Link })
const FreeVlan = z.object({ vid: z.int(), group: Link })
const FreeAsn = z.object({ asn: z.int(), rir: Link })

/** One object, or a list of them; each is one that is wanted. */
const Wanted = z.union([z.looseObject({}), z.array(z.looseObject({})).min(1).max(1000)], {
  error: 'An object or a list of 1 to 1000 objects is expected.',
})
const Given = z.looseObject({ id: z.int() })
const OneOrMany = z.union([Given, z.array(Given)])

const errors = [
  'validation_failed',
  'not_found',
  'duplicate',
  'reference_missing',
  'space_exhausted',
  'write_conflict',
  'key_reused',
  'too_large',
] as const

const giving = { method: 'POST', params, body: Wanted, status: 201, response: OneOrMany, errors } as const
const free = { method: 'GET', params, query: Limit, status: 200, errors: ['not_found'] } as const

const Page = z.strictObject({
  limit: z.coerce.number().int().min(0).max(100_000).default(50),
  offset: z.coerce.number().int().min(0).default(0),
  format: z.string().optional(),
})
const listOf = <S extends z.ZodType>(member: S) =>
  z.object({
    count: z.int(),
    next: z.string().nullable(),
    previous: z.string().nullable(),
    results: z.array(member),
  })

const Utilization = z.object({
  prefix: z.string(),
  /** Percent, to two digits. */
  utilization: z.number(),
  /** Whole numbers beyond 2^53 are written as text, so all are. */
  size: z.string(),
  taken: z.string(),
  children: z.int(),
  addresses: z.int(),
  ranges: z.int(),
})

const HoldShown = z.looseObject({
  id: z.int(),
  url: z.string(),
  display: z.string(),
  model: z.string(),
  expires: z.string(),
})

/** Operations of IPAM beyond its models. */
export const ipamRoutes = {
  prefixFreeAddresses: {
    ...free,
    path: '/prefixes/{id}/available-ips/',
    permission: 'ipam.view_ipaddress',
    summary: 'Free addresses of a prefix, in order',
    response: z.array(FreeAddress),
  },
  prefixGiveAddresses: {
    ...giving,
    path: '/prefixes/{id}/available-ips/',
    permission: 'ipam.add_ipaddress',
    summary: 'Take free addresses of a prefix: a list takes as many as it has members',
  },
  prefixFreePrefixes: {
    ...free,
    path: '/prefixes/{id}/available-prefixes/',
    permission: 'ipam.view_prefix',
    summary: 'What is free of a prefix, as the fewest networks',
    response: z.array(FreePrefix),
  },
  prefixGivePrefixes: {
    ...giving,
    path: '/prefixes/{id}/available-prefixes/',
    permission: 'ipam.add_prefix',
    summary: 'Take free prefixes of the wanted `prefix_length` inside a prefix',
  },
  prefixChildren: {
    method: 'GET',
    path: '/prefixes/{id}/children/',
    permission: 'ipam.view_prefix',
    summary: 'The prefixes inside a prefix, in order',
    params,
    query: Page,
    status: 200,
    response: listOf(Given),
    errors: ['not_found'],
  },
  prefixUtilization: {
    method: 'GET',
    path: '/prefixes/{id}/utilization/',
    permission: 'ipam.view_prefix',
    summary: 'How much of a prefix is taken',
    params,
    status: 200,
    response: Utilization,
    errors: ['not_found'],
  },
  rangeFreeAddresses: {
    ...free,
    path: '/ip-ranges/{id}/available-ips/',
    permission: 'ipam.view_ipaddress',
    summary: 'Free addresses of a range, in order',
    response: z.array(FreeAddress),
  },
  rangeGiveAddresses: {
    ...giving,
    path: '/ip-ranges/{id}/available-ips/',
    permission: 'ipam.add_ipaddress',
    summary: 'Take free addresses of a range',
  },
  groupFreeVlans: {
    ...free,
    path: '/vlan-groups/{id}/available-vlans/',
    permission: 'ipam.view_vlan',
    summary: 'Free VLAN ids of a group, in order',
    response: z.array(FreeVlan),
  },
  groupGiveVlans: {
    ...giving,
    path: '/vlan-groups/{id}/available-vlans/',
    permission: 'ipam.add_vlan',
    summary: 'Take free VLAN ids of a group; each needs a name',
  },
  rangeFreeAsns: {
    ...free,
    path: '/asn-ranges/{id}/available-asns/',
    permission: 'ipam.view_asn',
    summary: 'Free AS numbers of a range, in order',
    response: z.array(FreeAsn),
  },
  rangeGiveAsns: {
    ...giving,
    path: '/asn-ranges/{id}/available-asns/',
    permission: 'ipam.add_asn',
    summary: 'Take free AS numbers of a range',
  },
  getHold: {
    method: 'GET',
    path: '/holds/{id}/',
    permission: 'ipam.view_ipaddress',
    summary: 'What is held, and until when',
    params,
    status: 200,
    response: HoldShown,
    errors: ['not_found', 'hold_gone'],
  },
  confirmHold: {
    method: 'POST',
    path: '/holds/{id}/confirm/',
    permission: 'ipam.view_ipaddress',
    summary: 'Make the object that is held, under the id of the hold',
    params,
    body: z.looseObject({}),
    status: 201,
    response: Given,
    errors: [...errors, 'hold_gone', 'forbidden'],
  },
  releaseHold: {
    method: 'DELETE',
    path: '/holds/{id}/',
    permission: 'ipam.view_ipaddress',
    summary: 'Give back what is held',
    params,
    status: 204,
    errors: ['not_found', 'hold_gone', 'forbidden'],
  },
  createBundle: {
    method: 'POST',
    path: '/bundles/',
    permission: 'ipam.add_ipaddress',
    summary: 'Take a free address for a new interface, with the device if it is new: all or nothing',
    body: Bundle,
    status: 201,
    response: z.object({ device: Given.nullable(), interface: Given, address: Given }),
    errors: [...errors, 'forbidden'],
  },
} as const satisfies Routes
