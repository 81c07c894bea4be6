// What went wrong, in Spanish.
import type { Formats } from './formats'
import type { Sentences } from './problems.en'

export function problemsEs(f: Formats): Sentences {
  return {
    bad_request: 'El servidor no entendió esto. Lo que escribiste está guardado. Actualiza la aplicación e inténtalo otra vez.',
    unknown_intent: 'Este servidor es demasiado antiguo para lo que pediste. Queda en la bandeja de salida hasta que se actualice.',
    id_reused: 'Esto ya se envió con otra forma. No se perdió nada. Edítalo y envíalo de nuevo.',
    not_found: 'Esto ya no está aquí, o no te corresponde verlo.',
    not_permitted: 'Puedes ver esto, pero no cambiarlo. Consulta a un administrador si lo necesitas.',
    wrong_password: 'El nombre o la contraseña no son correctos. Revisa ambos e inténtalo otra vez.',
    weak_password: 'Esta contraseña es fácil de adivinar. Usa al menos 8 caracteres, sin nombres ni palabras que otros probarían; varias palabras juntas funcionan bien.',
    too_many_tries: ({ limit }) =>
      limit > 0 ? `Demasiados intentos. Espera ${f.seconds(limit)} e inténtalo otra vez.` : 'Demasiados intentos. Espera un poco e inténtalo otra vez.',
    signed_out: 'Tu sesión ha terminado. Todo lo que escribiste está guardado en este dispositivo. Inicia sesión para enviarlo.',
    copied: 'Este dispositivo se copió o se restauró de una copia. Inicia sesión para seguir; todo lo que escribiste está guardado.',
    blocked: 'Un administrador ha cerrado tu acceso. Pídele que lo abra de nuevo.',
    link_invalid: 'Este enlace ya se usó o fue retirado. Pide uno nuevo a tu administrador.',
    update_needed: 'Esta aplicación es demasiado antigua para el servidor. Todo está guardado. Actualízala para continuar.',
    already_picked: ({ who }) => (who ? `${who} ya tiene esta conversación.` : 'Un colega ya tiene esta conversación.'),
    not_picked: 'Nadie ha tomado esta conversación todavía. Tómala primero.',
    conversation_ended: 'Esta conversación ha terminado. Tu mensaje está guardado aquí. Reabre la conversación para enviarlo.',
    not_ended: 'Esta conversación no ha terminado, así que no hay nada que reabrir.',
    on_its_way: 'Puede que esto ya haya llegado al servidor, así que no se puede retirar. Espera a que el servidor responda.',
    offer_over: 'Esta oferta ha caducado o ha pasado a otra persona. Si nadie la ha tomado, sigue en «En espera»: tómala allí.',
    needs_refused: 'Esto espera a algo que fue rechazado. Resuélvelo primero; ambos están guardados.',
    no_people: 'Elige al menos a una persona además de ti.',
    too_many_people: ({ limit }) => `Un grupo admite hasta ${f.number(limit || 500)} personas. Elige menos; no se ha cambiado nada.`,
    person_gone: ({ who }) =>
      who ? `Ya no se puede elegir a ${who}: un administrador cerró su acceso. Quítala de la selección e inténtalo de nuevo.` : 'Alguien que elegiste ya no está en la lista de contactos. Quítalo e inténtalo de nuevo.',
    module_needed: 'Tu administrador no te ha dado el módulo de Mensajería, así que no puedes empezar hilos ni cambiar quién está en ellos. Puedes seguir leyendo y respondiendo. Lo que escribiste está guardado.',
    direct_thread: 'Este hilo es entre vosotros dos. Para hablar con más personas, empieza un grupo nuevo.',
    not_in_thread: 'Alguien a quien mencionas ya no está en este hilo. Tu texto está guardado; edítalo y envíalo de nuevo, y saldrá sin la mención.',
    owner_stays: 'No se puede quitar a la persona a quien pertenece un grupo; puede salir por sí misma. No se ha cambiado nada.',
    last_colleague: 'Eres la última persona de la empresa en este grupo. Quita primero a los clientes y después sal.',
    no_colleague: 'En esta conversación ya no hay nadie de la empresa, así que nadie leería tu mensaje. Lo que escribiste se conserva; ponte en contacto con la empresa por otra vía.',
    message_empty: 'Todavía no hay nada que enviar. Escribe algo, o añade una foto o una ubicación.',
    note_empty: 'Todavía no hay nada que guardar. Escribe primero la nota.',
    text_too_long: ({ limit }) => `Este texto tiene más de ${f.number(limit || 10_000)} caracteres. Está guardado; envíalo por partes.`,
    too_many_files: ({ limit }) => `Un mensaje admite hasta ${f.number(limit || 10)} fotos. Envía las demás en el siguiente.`,
    bad_name: 'Hace falta un nombre o un número de teléfono.',
    bad_location: 'Estas coordenadas no son un lugar de la Tierra. Revísalas e inténtalo otra vez.',
    file_missing: 'La foto no llegó al servidor. Está guardada en este dispositivo. Inténtalo otra vez.',
    file_type_forbidden: 'Tu administrador no permite archivos de este tipo. Elige otro.',
    file_not_picture: 'Esto no es una imagen que se pueda enviar, diga lo que diga su nombre. Elige un JPEG, PNG o GIF.',
    file_heic: 'Las fotos HEIC aún no se pueden enviar. Guárdala como JPEG o tómala con Cámara.',
    file_too_large: ({ limit }) =>
      limit > 0 ? `Este archivo ocupa más de ${f.size(limit)}. Elige uno más pequeño.` : 'Este archivo es demasiado grande. Elige uno más pequeño.',
    picture_too_large: 'Esta imagen tiene demasiados píxeles. Redúcela e inténtalo otra vez.',
    file_damaged: 'Esta imagen está cortada o dañada. Elige otra.',
    busy: ({ limit }) =>
      limit > 0 ? `El servidor está ocupado. Saldrá solo en ${f.seconds(limit)}.` : 'El servidor está ocupado. Saldrá solo en breve.',
    storage_full: 'No queda espacio. Lo que escribiste está guardado; libera espacio e inténtalo otra vez.',
    internal: 'Algo falló por dentro. No se perdió nada de lo que escribiste. Inténtalo otra vez.',
    unreachable: 'El servidor no responde. Revisa tu conexión y la dirección, e inténtalo otra vez.',
    not_a_server: 'Algo responde en esta dirección, pero no es un servidor Fieldline. Revisa la dirección. En una Wi-Fi de invitados, inicia sesión en ella primero.',
    tls_failed: 'La conexión con este servidor no es de confianza, así que no se envió nada. Revisa la dirección o pregunta a tu administrador.',
    bad_address: 'Esto no es una dirección web. Tiene esta forma: https://chat.example.com.',
    not_protected: 'Esta dirección empieza por http, así que cualquiera en el camino podría leer. Usa https o pregunta a tu administrador.',
    in_use: 'Fieldline ya está abierto en otra ventana. Ciérralo allí o continúa allí.',
    app_too_old: 'Los datos de este dispositivo son de una aplicación más nueva. Están a salvo. Actualiza esta para leerlos.',
    storage_failed: 'Este dispositivo no puede guardar nada ahora mismo. Reinicia la aplicación; lo guardado antes está a salvo.',
    storage_damaged: 'Una parte del almacenamiento de este dispositivo no se pudo leer y se está reparando. Lo que escribiste se conserva; inténtalo de nuevo en un momento.',
    unsent_work: ({ limit }) =>
      f.plural(limit, { one: 'Una cosa que escribiste aún no se ha enviado.', other: '# cosas que escribiste aún no se han enviado.' }),
  }
}
