// The words of a client's invitation, in each language.

export const inviteEn = {
  invite: 'Invite',
  who: (name: string) => `Invite ${name}`,
  title: (name: string) => `A link for ${name}`,
  text: 'Send it to them yourself. Whoever opens it chooses the password, and it works once.',
  login: (login: string) => `They will sign in as \u2066${login}\u2069.`,
  until: (day: string, time: string) => `It works until ${day}, ${time}.`,
  once: 'It is shown this once. A new one can be made at any time, and ends this one.',
  qr: 'The link as a QR code, for a phone’s camera',
  copy: 'Copy link',
  copied: 'Copied',
  close: 'Close the link',
  working: 'Making a link',
  unsigned: (name: string) => `${name} is not signed up, and reads nothing until then.`,
}

export type InviteWords = typeof inviteEn

export const inviteEs: InviteWords = {
  invite: 'Invitar',
  who: (name) => `Invitar a ${name}`,
  title: (name) => `Un enlace para ${name}`,
  text: 'Envíaselo tú. Quien lo abra elige la contraseña, y funciona una sola vez.',
  login: (login) => `Iniciará sesión como \u2066${login}\u2069.`,
  until: (day, time) => `Funciona hasta: ${day}, ${time}.`,
  once: 'Se muestra solo esta vez. Se puede crear otro cuando quieras, y anula este.',
  qr: 'El enlace como código QR, para la cámara de un teléfono',
  copy: 'Copiar enlace',
  copied: 'Copiado',
  close: 'Cerrar el enlace',
  working: 'Creando un enlace',
  unsigned: (name) => `${name} no se ha registrado, y hasta entonces no lee nada.`,
}

export const inviteAr: InviteWords = {
  invite: 'دعوة',
  who: (name) => `دعوة ${name}`,
  title: (name) => `رابط لـ ${name}`,
  text: 'أرسله بنفسك. من يفتحه يختار كلمة المرور، ويعمل مرة واحدة.',
  login: (login) => `سيسجّل الدخول باسم \u2066${login}\u2069.`,
  until: (day, time) => `يعمل حتى ${day}، ${time}.`,
  once: 'يظهر هذه المرة فقط. يمكن إنشاء رابط آخر في أي وقت، وينهي هذا.',
  qr: 'الرابط رمز QR لكاميرا هاتف',
  copy: 'نسخ الرابط',
  copied: 'نُسخ',
  close: 'إغلاق الرابط',
  working: 'يُنشأ رابط',
  unsigned: (name) => `لم يسجّل ${name} بعد، ولا يقرأ شيئًا حتى يسجّل.`,
}
