import type { Permission } from '../model/define.ts'

/**
 * The one place that decides what a user may do. It fails closed: roles with constraints come to stand here; until
 * then only a superuser may do anything.
 */
export function permits(
  user: { is_active: boolean; is_superuser: boolean },
  _permission: Permission,
): boolean {
  return user.is_active && user.is_superuser
}
