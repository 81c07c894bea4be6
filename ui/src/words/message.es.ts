// Words about single messages, in Spanish.
import type { MessageWords } from './message.en'

export function messageEs(): MessageWords {
  return {
    deleted: 'Mensaje eliminado',
    deletedSoon: 'Todavía lo ven: la eliminación espera una conexión',
    deleteTitle: '¿Eliminar este mensaje para todos?',
    deleteText: 'Su texto y sus fotos desaparecen del servidor y de todos los dispositivos, también del cliente. Una línea dice que se eliminó un mensaje.',
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
    actions: { copy: 'Copiar el texto', again: 'Enviar otra vez', edit: 'Editar', discard: 'Descartar', delete: 'Eliminar…' },
  }
}
