// Words about single messages, in Arabic.
import type { Formats } from './formats'
import type { MessageWords } from './message.en'

export function messageAr(f: Formats): MessageWords {
  return {
    quoteGone: 'رسالة ليست على هذا الجهاز',
    quoteOpen: 'اعرض ما يرد عليه هذا:',
    replying: 'أنت ترد على هذه الرسالة:',
    replyNone: 'دون رد على رسالة',
    cannedTitle: 'ردود جاهزة',
    canned: (n) => f.plural(n, { zero: 'لا ردود جاهزة', one: 'رد جاهز واحد', two: 'ردان جاهزان', few: '# ردود جاهزة', many: '# ردًا جاهزًا', other: '# رد جاهز' }),
    cannedKeys: '↑ ↓ للاختيار · Enter للإدراج · Esc للإغلاق',
    queue: {
      pick: 'لأي زميل أن يلتقط؛ لا تُعرض على أحد.',
      offer: 'تُعرض على المتاح الأطول انتظارًا، ولأي زميل أن يلتقط.',
    },
    find: {
      title: (name) => `بحث · ${name}`,
      label: 'ابحث في الرسائل هنا',
      hint: 'يشمل البحث كل الرسائل الموجودة على هذا الجهاز، بشبكة أو بدونها.',
      none: (text) => `لا توجد هنا رسالة تحتوي «${text}».`,
      hits: (n) =>
        f.plural(n, { zero: 'لم توجد رسائل', one: 'وُجدت رسالة واحدة', two: 'وُجدت رسالتان', few: 'وُجدت # رسائل', many: 'وُجدت # رسالة', other: 'وُجدت # رسالة' }),
    },
    sound: {
      title: (name) => `الإشعارات · ${name}`,
      legend: 'كيف تُنبَّه إلى ما يُكتب هنا؟',
      options: { default: 'كما في الإعدادات', all: 'بصوت', quiet: 'بلا صوت', none: 'لا شيء' },
      hints: {
        default: 'كما ضُبط كل جهاز من أجهزتك.',
        all: 'إشعار بصوت، على كل أجهزتك.',
        quiet: 'إشعار بلا صوت، على كل أجهزتك.',
        none: 'لا شيء ينبهك. تبقى القائمة تعرض غير المقروء.',
      },
    },
    seen: {
      title: 'من شاهدها',
      by: 'شاهدها',
      notYet: 'ليس بعد',
      nobody: 'لم يشاهدها أحد بعد.',
      everybody: 'شاهدها الجميع.',
      under: (n, all) =>
        all
          ? 'شاهدها الجميع'
          : f.plural(n, { zero: 'لم يشاهدها أحد', one: 'شاهدها شخص واحد', two: 'شاهدها شخصان', few: 'شاهدها # أشخاص', many: 'شاهدها # شخصًا', other: 'شاهدها # شخص' }),
    },
    noteInPast: 'ملاحظة داخلية',
    photo: {
      edit: (name) => `قص ${name} أو تدويرها`,
      title: 'القص والتدوير',
      turn: 'تدوير',
      shape: 'الشكل',
      shapes: { free: 'حر', square: 'مربع', wide: '4:3' },
      reset: 'إعادة الضبط',
      done: 'تم',
      frame: 'الجزء الذي يبقى',
      corners: { nw: 'الزاوية العليا اليسرى', ne: 'الزاوية العليا اليمنى', se: 'الزاوية السفلى اليمنى', sw: 'الزاوية السفلى اليسرى' },
      keys: 'تحركه مفاتيح الأسهم، ومع Shift بخطوات أكبر.',
      size: (width, height) => `يبقى ${f.number(width)} في ${f.number(height)} بكسل`,
      failed: 'لا يستطيع هذا الجهاز عرض هذه الصورة، فلا يمكن قصها هنا. تُرسل كما هي.',
    },
    deleted: 'حُذفت الرسالة',
    deletedSoon: 'ما زالت ظاهرة لديهم: الحذف ينتظر الاتصال',
    deleteTitle: 'حذف هذه الرسالة عند الجميع؟',
    deleteText: 'يختفي نصها وصورها من الخادم ومن أجهزة الجميع. ويبقى سطر يقول إن رسالة حُذفت.',
    deleteYes: 'حذف',
    deleteNo: 'إبقاؤها',
    customerSees: (name) => `ما يراه ${name}.`,
    customerText: 'لا ملاحظات داخلية ولا شيء غير مرسل.',
    customerBack: 'العودة إلى عرضي',
    toCustomer: {
      picked: (who) => `انضم ${who}`,
      ended: (who) => `أنهى ${who} المحادثة. اكتب مجددًا لبدء محادثة جديدة.`,
      reopened: (who) => `أعاد ${who} فتح المحادثة`,
      transferred: (who) => `حوّل ${who} المحادثة إلى زميل`,
    },
    actions: { reply: 'رد', copy: 'انسخ النص', copyPhoto: 'نسخ الصورة', savePhoto: 'حفظ الصورة', seen: 'شاهدها…', again: 'أرسل من جديد', edit: 'تعديل', discard: 'تجاهل', delete: 'احذف…' },
  }
}
