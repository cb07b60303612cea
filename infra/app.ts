import { netkeepApp } from './netkeep.ts'

netkeepApp().synth()
