export const signIn = {
  title: 'Sign in',
  about: 'A customer is a friend of the house. Good to see you.',
  login: 'Login',
  password: 'Password',
  passwordRule: 'At least 12 characters. A sentence is good.',
  show: 'Show or hide the password',
  enter: 'Sign in',
  lost: 'Lost your password? The owner of this Kith can make you a new link.',
  languageAbout: 'changes the language',
  factor: {
    title: 'One more step',
    about: 'Type the six digits of your authenticator, or one of your recovery codes.',
    code: 'Code',
    enter: 'Continue',
    back: 'Back to the password',
  },
  invitation: {
    title: 'Welcome to {{tenant}}',
    about: 'You are invited as: {{role}}. Choose how you will sign in.',
    name: 'Your name',
    enter: 'Come in',
    join: 'Join as {{name}}',
  },
  reset: {
    title: 'Choose a new password',
    about: 'For the login {{login}}.',
    done: 'The password is changed.',
  },
}

export const welcome = {
  steps: 'First start',
  next: 'Continue',
  step: { password: 'Password', business: 'Business', file: 'First file' },
  password: {
    title: 'Choose your own password',
    about: 'The one that was printed at the first start works only once.',
    old: 'The password you were given',
    new: 'Your own password',
    again: 'Once more',
    differs: 'The two differ.',
  },
  pick: {
    title: 'Which business?',
    about: 'You belong to several. You can switch at any time.',
    none: 'You belong to no business yet. Ask an owner for an invitation.',
  },
  choose: {
    title: 'Where do you want to begin?',
    about: 'You can switch between the two at any time.',
    own: 'With your own business',
    ownAbout: 'Three questions, then your first file.',
    ownGo: 'Set up my business',
    sample: 'With the sample',
    sampleAbout: 'An invented tea shop with two years of customers: look around, break what you like.',
    sampleGo: 'Look at the sample',
  },
  business: {
    title: 'Your business',
    about: 'Days, weeks and sums are counted in its time zone and its currency.',
  },
  file: {
    title: 'Now a file',
    about:
      'An export of orders, of followers or of posts is enough for the first picture. Kith shows what it takes each column for before it imports anything.',
    go: 'Choose a file',
    later: 'Later',
  },
}
