// Sets language and colour scheme before the first paint. A file of its own, because the server allows no inline script.
;(() => {
  const root = document.documentElement
  const read = key => {
    try {
      return localStorage.getItem(key)
    } catch {
      return null
    }
  }
  const language = read('kith-language') ?? (navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en')
  root.lang = language === 'zh' ? 'zh-CN' : 'en'
  const wanted = read('mantine-color-scheme-value') ?? 'auto'
  const dark = wanted === 'dark' || (wanted === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches)
  root.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light')
})()
