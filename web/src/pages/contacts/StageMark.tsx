import { Badge } from '@mantine/core'
import { useNames } from '../../lib/names'

export function StageMark({ stage }: { stage: string }) {
  const names = useNames()
  const mark = stage === 'lapsed' ? 'mark-warm' : ['customer', 'repeat', 'advocate'].includes(stage) ? 'mark-good' : ''
  return <Badge className={`mark ${mark}`}>{names.stage(stage)}</Badge>
}
