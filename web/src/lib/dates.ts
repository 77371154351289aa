// What every calendar is given: names for its arrows, the language's way to write a day, Monday first.
import '@mantine/dates/styles.layer.css'
import 'dayjs/locale/zh-cn'
import { useTranslation } from 'react-i18next'
import { useLanguage } from './session'

export function useCalendar() {
  const { t } = useTranslation()
  const language = useLanguage()
  return {
    locale: language === 'zh' ? 'zh-cn' : 'en',
    firstDayOfWeek: 1,
    monthLabelFormat: language === 'zh' ? 'YYYY年M月' : 'MMMM YYYY',
    ariaLabels: {
      nextMonth: t('range.nextMonth'),
      previousMonth: t('range.previousMonth'),
      nextYear: t('range.nextYear'),
      previousYear: t('range.previousYear'),
      nextDecade: t('range.nextYear'),
      previousDecade: t('range.previousYear'),
      monthLevelControl: t('range.chooseMonth'),
      yearLevelControl: t('range.chooseMonth'),
    },
  } as const
}

/** The same for a field that opens a calendar; focus comes back to the field. */
export function useDateInput() {
  const language = useLanguage()
  return {
    ...useCalendar(),
    valueFormat: language === 'zh' ? 'YYYY年M月D日' : 'D MMM YYYY',
    popoverProps: { returnFocus: true },
  }
}
