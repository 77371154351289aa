// What stands around the pages that one sees before being inside.
import { Anchor } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useChooseLanguage } from '../../app/Shell'
import { Wordmark } from '../../app/Wordmark'
import { useLanguage } from '../../lib/session'

export function Door({ children, wide = false }: { children: ReactNode; wide?: boolean }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const choose = useChooseLanguage()
  const other = language === 'zh' ? 'en' : 'zh'
  return (
    <main className="door">
      <Wordmark size={34} />
      <div className={wide ? 'sheet wide' : 'sheet'}>{children}</div>
      <div className="door-foot">
        <Anchor
          component="button"
          type="button"
          size="sm"
          lang={other === 'zh' ? 'zh-CN' : 'en'}
          onClick={() => choose(other)}
        >
          {other === 'zh' ? '中文' : 'English'}
        </Anchor>
        <span className="sr-only">{t('signIn.languageAbout')}</span>
      </div>
    </main>
  )
}
