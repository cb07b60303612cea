/** `significant` of an address and of the API alike: changes that mean something, or those in lines that do not. */
export const significanceWords = { true: 'Significant', false: 'Not significant' } as const

export type Significance = keyof typeof significanceWords
