import i18n from 'i18next'
import { initReactI18next } from 'react-i18next'
import type { Language } from './format'

const KEY = 'kith-language'

/** The words of one language; the other is not loaded before it is asked for. */
const words = {
  zh: () => import('../locales/zh').then(module => module.zh),
  en: () => import('../locales/en').then(module => module.en),
}

export function rememberedLanguage(): Language {
  try {
    const kept = localStorage.getItem(KEY)
    if (kept === 'zh' || kept === 'en') return kept
  } catch {
    // A browser that keeps nothing: the document's language decides.
  }
  return document.documentElement.lang.startsWith('zh') ? 'zh' : 'en'
}

export async function setLanguage(language: Language): Promise<void> {
  if (!i18n.hasResourceBundle(language, 'translation')) {
    i18n.addResourceBundle(language, 'translation', await words[language]())
  }
  await i18n.changeLanguage(language)
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
  try {
    localStorage.setItem(KEY, language)
  } catch {
    // Nothing is kept; the next visit asks the browser again.
  }
}

export async function startLanguage(): Promise<void> {
  const language = rememberedLanguage()
  await i18n.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    resources: { [language]: { translation: await words[language]() } },
    // React escapes what it shows.
    interpolation: { escapeValue: false },
    // Names of permissions and words of users hold colons.
    nsSeparator: false,
    returnNull: false,
  })
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
}

export default i18n
