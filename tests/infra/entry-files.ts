import { readdirSync } from 'node:fs'

/** Every function there is: one file each. */
export const entryFiles = ['api', 'tasks', 'on'].flatMap((folder) =>
  readdirSync(new URL(`../../functions/${folder}/`, import.meta.url)).map(
    (file) => `functions/${folder}/${file}`,
  ),
)
