// Words about single messages, in Arabic.
import type { MessageWords } from './message.en'

export function messageAr(): MessageWords {
  return {
    deleted: 'حُذفت الرسالة',
    deletedSoon: 'ما زالت ظاهرة لديهم: الحذف ينتظر الاتصال',
    deleteTitle: 'حذف هذه الرسالة عند الجميع؟',
    deleteText: 'يختفي نصها وصورها من الخادم ومن كل الأجهزة، ومن جهاز العميل أيضًا. ويبقى سطر يقول إن رسالة حُذفت.',
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
    actions: { copy: 'انسخ النص', again: 'أرسل من جديد', edit: 'تعديل', discard: 'تجاهل', delete: 'احذف…' },
  }
}
