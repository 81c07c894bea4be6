// The words of a second factor, in each language.
import type { Formats } from './formats'

export const factorEn = (f: Formats) => ({
  title: 'Second factor',
  text: 'A code from an app on your phone, asked for after your password at each sign-in. Whoever has only your password stays outside.',
  off: 'It is off: your password alone signs you in.',
  on: (when: string) => `On since ${when}.`,
  left: (n: number) =>
    n > 0
      ? f.plural(n, { one: '# recovery code is left. Turn the second factor off and on again to get new ones.', other: '# recovery codes are left.' })
      : 'No recovery code is left. Turn the second factor off and on again to get new ones.',
  turnOn: 'Turn on',
  turnOff: 'Turn off',
  onTitle: 'Turn on a second factor',
  onText: 'You need an authenticator app on your phone; any will do. First, your password.',
  next: 'Go on',
  working: 'One moment',
  scan: 'Scan this with your authenticator app, or type the key into it. Then enter the code it shows.',
  qr: 'The key as a QR code',
  key: 'Key',
  code: 'Code',
  codeHint: 'Six digits, from your authenticator app.',
  recoveryCode: 'Recovery code',
  recoveryHint: 'One of those you kept. Each serves once.',
  useRecovery: 'Use a recovery code',
  useApp: 'Use the app’s code',
  isOn: 'Your second factor is on.',
  recoveryText: 'Keep these recovery codes where you find them without your phone. Each signs you in once in place of a code. They are shown only now.',
  keepFirst: 'Copy or write these codes down first: they are not shown again.',
  copy: 'Copy all',
  copied: 'Copied',
  areKept: 'They are kept',
  offTitle: 'Turn off the second factor',
  offText: 'From then on your password alone signs you in. Your recovery codes are over.',
  isOff: 'Your second factor is off.',
})

export type FactorWords = ReturnType<typeof factorEn>

export const factorEs = (f: Formats): FactorWords => ({
  title: 'Segundo factor',
  text: 'Un código de una aplicación de tu teléfono, que se pide después de la contraseña en cada inicio de sesión. Quien solo tenga tu contraseña se queda fuera.',
  off: 'Está desactivado: basta tu contraseña para iniciar sesión.',
  on: (when) => `Activado: ${when}.`,
  left: (n) =>
    n > 0
      ? f.plural(n, { one: 'Queda # código de recuperación. Desactiva y vuelve a activar el segundo factor para tener otros.', other: 'Quedan # códigos de recuperación.' })
      : 'No queda ningún código de recuperación. Desactiva y vuelve a activar el segundo factor para tener otros.',
  turnOn: 'Activar',
  turnOff: 'Desactivar',
  onTitle: 'Activar un segundo factor',
  onText: 'Necesitas una aplicación de autenticación en tu teléfono; sirve cualquiera. Primero, tu contraseña.',
  next: 'Continuar',
  working: 'Un momento',
  scan: 'Escanea esto con tu aplicación de autenticación o escribe la clave en ella. Luego introduce el código que muestre.',
  qr: 'La clave como código QR',
  key: 'Clave',
  code: 'Código',
  codeHint: 'Seis cifras, de tu aplicación de autenticación.',
  recoveryCode: 'Código de recuperación',
  recoveryHint: 'Uno de los que guardaste. Cada uno sirve una vez.',
  useRecovery: 'Usar un código de recuperación',
  useApp: 'Usar el código de la aplicación',
  isOn: 'Tu segundo factor está activado.',
  recoveryText: 'Guarda estos códigos de recuperación donde los encuentres sin tu teléfono. Cada uno te deja entrar una vez en lugar de un código. Solo se muestran ahora.',
  keepFirst: 'Copia o anota antes estos códigos: no se muestran de nuevo.',
  copy: 'Copiar todos',
  copied: 'Copiados',
  areKept: 'Ya los guardé',
  offTitle: 'Desactivar el segundo factor',
  offText: 'A partir de entonces basta tu contraseña para iniciar sesión. Tus códigos de recuperación dejan de valer.',
  isOff: 'Tu segundo factor está desactivado.',
})

export const factorAr = (f: Formats): FactorWords => ({
  title: 'العامل الثاني',
  text: 'رمز من تطبيق على هاتفك، يُطلب بعد كلمة المرور عند كل تسجيل دخول. من لا يملك إلا كلمة مرورك يبقى خارجًا.',
  off: 'غير مفعّل: كلمة مرورك وحدها تكفي للدخول.',
  on: (when) => `مفعّل منذ: ${when}.`,
  left: (n) =>
    n > 0
      ? f.plural(n, {
          one: 'بقي رمز استرداد واحد. عطّل العامل الثاني ثم فعّله من جديد لتحصل على رموز جديدة.',
          two: 'بقي رمزا استرداد.',
          few: 'بقيت # رموز استرداد.',
          other: 'بقي # رمز استرداد.',
        })
      : 'لم يبقَ أي رمز استرداد. عطّل العامل الثاني ثم فعّله من جديد لتحصل على رموز جديدة.',
  turnOn: 'تفعيل',
  turnOff: 'تعطيل',
  onTitle: 'تفعيل عامل ثانٍ',
  onText: 'تحتاج إلى تطبيق مصادقة على هاتفك، وأي تطبيق يصلح. أولًا، كلمة مرورك.',
  next: 'متابعة',
  working: 'لحظة واحدة',
  scan: 'امسح هذا بتطبيق المصادقة، أو اكتب المفتاح فيه. ثم أدخل الرمز الذي يعرضه.',
  qr: 'المفتاح على هيئة رمز QR',
  key: 'المفتاح',
  code: 'الرمز',
  codeHint: 'ستة أرقام من تطبيق المصادقة.',
  recoveryCode: 'رمز الاسترداد',
  recoveryHint: 'واحد من الرموز التي احتفظت بها. كل رمز يصلح مرة واحدة.',
  useRecovery: 'استخدام رمز استرداد',
  useApp: 'استخدام رمز التطبيق',
  isOn: 'عاملك الثاني مفعّل.',
  recoveryText: 'احتفظ برموز الاسترداد هذه حيث تجدها من دون هاتفك. كل رمز يُدخلك مرة واحدة بدل الرمز. لا تُعرض إلا الآن.',
  keepFirst: 'انسخ هذه الرموز أو اكتبها أولًا: لن تُعرض مرة أخرى.',
  copy: 'نسخ الكل',
  copied: 'نُسخت',
  areKept: 'احتفظتُ بها',
  offTitle: 'تعطيل العامل الثاني',
  offText: 'بعد ذلك تكفي كلمة مرورك وحدها للدخول، وتنتهي رموز الاسترداد.',
  isOff: 'عاملك الثاني معطّل.',
})
