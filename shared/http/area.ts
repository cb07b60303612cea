import type { Model } from '../model/define.ts'
import type { Routes } from './route.ts'

/** One part of the API: models with their derived endpoints, and operations. One Lambda serves it. */
export type Area<R extends Routes = Routes> = {
  name: string
  label: string
  /** Where it answers, without a slash at the end. */
  bases: readonly string[]
  models: readonly Model[]
  routes: R
  /** What a refused caller is asked for. Git answers `Basic` only. */
  challenge: 'Token' | 'Basic'
  /** A path that means nothing is told to anybody, without a token. */
  isPublic?: boolean
}

/** An area of the REST API: below `/api/<name>`, and again below `/api/plugins/<name>` for pynetbox. */
export const apiArea = <const R extends Routes>(
  name: string,
  { label, models, routes }: { label: string; models: readonly Model[]; routes: R },
): Area<R> => ({
  name,
  label,
  bases: [`/api/${name}`, `/api/plugins/${name}`],
  models: models.filter((model) => model.area === name),
  routes,
  challenge: 'Token',
})

export const pluginPrefix = '/api/plugins/'
