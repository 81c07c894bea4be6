// Words about single messages, in Spanish.
import type { Formats } from './formats'
import type { MessageWords } from './message.en'

export function messageEs(f: Formats): MessageWords {
  return {
    quoteGone: 'Un mensaje que no está en este dispositivo',
    quoteOpen: 'Mostrar a qué responde:',
    replying: 'Respondes a este mensaje:',
    replyNone: 'No responder a ningún mensaje',
    cannedTitle: 'Respuestas guardadas',
    canned: (n) => f.plural(n, { one: '# respuesta guardada', other: '# respuestas guardadas' }),
    cannedKeys: '↑ ↓ elegir · Intro inserta · Esc cierra',
    queue: {
      pick: 'Cualquiera puede tomar; no se ofrece a nadie.',
      offer: 'Se ofrece por turno a quien está disponible; cualquiera puede tomar.',
    },
    find: {
      title: (name) => `Buscar · ${name}`,
      label: 'Buscar mensajes aquí',
      hint: 'Se busca en todos los mensajes que están en este dispositivo, con o sin señal.',
      none: (text) => `Ningún mensaje de aquí contiene «${text}».`,
      hits: (n) => f.plural(n, { one: '# mensaje encontrado', other: '# mensajes encontrados' }),
    },
    sound: {
      title: (name) => `Notificaciones · ${name}`,
      legend: '¿Cómo se avisa de lo que se escribe aquí?',
      options: { default: 'Como en Ajustes', all: 'Con sonido', quiet: 'Sin sonido', none: 'Nada' },
      hints: {
        default: 'Como esté puesto en cada uno de tus dispositivos.',
        all: 'Avisa con sonido, en todos tus dispositivos.',
        quiet: 'Avisa sin sonido, en todos tus dispositivos.',
        none: 'Nada te avisa. La lista sigue mostrando lo no leído.',
      },
    },
    seen: {
      title: 'Visto por',
      by: 'Visto',
      notYet: 'Aún no',
      nobody: 'Nadie lo ha visto todavía.',
      everybody: 'Todos lo han visto.',
      under: (n, all) => (all ? 'Visto por todos' : f.plural(n, { one: 'Visto por # persona', other: 'Visto por # personas' })),
    },
    noteInPast: 'Nota interna',
    photo: {
      edit: (name) => `Recortar o girar ${name}`,
      title: 'Recortar y girar',
      turn: 'Girar',
      shape: 'Forma',
      shapes: { free: 'Libre', square: 'Cuadrada', wide: '4:3' },
      reset: 'Restablecer',
      done: 'Listo',
      frame: 'La parte que se conserva',
      corners: { nw: 'Esquina superior izquierda', ne: 'Esquina superior derecha', se: 'Esquina inferior derecha', sw: 'Esquina inferior izquierda' },
      keys: 'Las flechas la mueven; con Mayús, en pasos más largos.',
      size: (width, height) => `Se conservan ${f.number(width)} por ${f.number(height)} píxeles`,
      failed: 'Este dispositivo no puede mostrar esta foto, así que aquí no se puede recortar. Se envía tal como es.',
    },
    deleted: 'Mensaje eliminado',
    deletedSoon: 'Todavía lo ven: la eliminación espera una conexión',
    deleteTitle: '¿Eliminar este mensaje para todos?',
    deleteText: 'Su texto y sus fotos desaparecen del servidor y de los dispositivos de todos. Una línea dice que se eliminó un mensaje.',
    deleteYes: 'Eliminar',
    deleteNo: 'Conservarlo',
    customerSees: (name) => `Lo que ve ${name}.`,
    customerText: 'Sin notas internas, nada sin enviar.',
    customerBack: 'Volver a mi vista',
    toCustomer: {
      picked: (who) => `${who} se ha unido`,
      ended: (who) => `${who} ha terminado el chat. Escriba de nuevo para empezar otro.`,
      reopened: (who) => `${who} ha vuelto a abrir el chat`,
      transferred: (who) => `${who} ha pasado el chat a un colega`,
    },
    actions: { reply: 'Responder', copy: 'Copiar el texto', copyPhoto: 'Copiar la foto', savePhoto: 'Guardar la foto', seen: 'Visto por…', again: 'Enviar otra vez', edit: 'Editar', discard: 'Descartar', delete: 'Eliminar…' },
  }
}
