import { changeRoutes } from '../core/routes.ts'
import type { Routes } from '../http/route.ts'

export const extrasRoutes = { ...changeRoutes } as const satisfies Routes
