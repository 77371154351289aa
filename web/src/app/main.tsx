import './mantine.css'
import './app.css'
import { setNonce } from 'get-nonce'
import { createRoot } from 'react-dom/client'
import { startLanguage } from '../lib/i18n'
import { App } from './App'

const nonce = document.querySelector<HTMLMetaElement>('meta[name="style-nonce"]')?.content ?? ''
// Dialogs and the palette put a style element of their own into the page.
setNonce(nonce)

await startLanguage()
const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')
createRoot(root).render(<App nonce={nonce} />)
