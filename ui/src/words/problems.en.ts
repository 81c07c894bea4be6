// What went wrong, by code: what happened, what is safe, what to do.
import type { Code } from '../gen/types'
import type { Formats } from './formats'

/** What a sentence may need beside the code. */
export interface Facts {
  who: string
  limit: number
}

export type Sentences = Record<Code, string | ((facts: Facts) => string)>

export function problemsEn(f: Formats): Sentences {
  return {
    bad_request: 'The server did not understand this. What you wrote is kept. Update the app and try again.',
    unknown_intent: 'This server is too old for what you asked. It is kept in the outbox until the server is updated.',
    id_reused: 'This was already sent in another form. Nothing was lost. Edit it and send it again.',
    not_found: 'This is not here any more, or it is not yours to see.',
    not_permitted: 'You may see this, but not change it. Ask an admin if you need to.',
    wrong_password: 'The name or the password is not right. Check both and try again.',
    code_needed: 'A code of your second factor is needed. Enter the one your app shows.',
    wrong_code: 'This code is not right, or it was used already. Wait for the next one, then enter that.',
    weak_password: 'This password is too easy to guess. Use at least 8 characters, and no names or words others would try; a few words together work well.',
    too_many_tries: ({ limit }) =>
      limit > 0 ? `Too many tries. Wait ${f.seconds(limit)}, then try again.` : 'Too many tries. Wait a little, then try again.',
    signed_out: 'Your session has ended. Everything you wrote is kept on this device. Sign in again to send it.',
    copied: 'This device was copied or restored from a backup. Sign in again to go on; all you wrote is kept.',
    keychain_shut: 'This device’s keychain is locked, so Fieldline cannot connect. Unlock it and start Fieldline again, or sign in again; all you wrote is kept.',
    blocked: 'An admin has closed your access. Ask them to open it again.',
    link_invalid: 'This link was already used, or it was withdrawn. Ask your admin for a new one.',
    update_needed: 'This app is too old for the server. Everything is kept. Update the app to go on.',
    already_picked: ({ who }) => (who ? `${who} already has this conversation.` : 'A colleague already has this conversation.'),
    not_picked: 'Nobody has picked this conversation yet. Pick it first.',
    conversation_ended: 'This conversation has ended. Your message is kept here. Reopen the conversation to send it.',
    not_ended: 'This conversation is not ended, so there is nothing to reopen.',
    on_its_way: 'This may have reached the server already, so it cannot be taken back. Wait until the server has answered.',
    offer_over: 'This offer ran out or went on to somebody else. If nobody has taken it, it still waits in the Picklist: pick it there.',
    needs_refused: 'This waits for something that was refused. Settle that first; both are kept.',
    no_people: 'Choose at least one person beside yourself.',
    too_many_people: ({ limit }) => `A group takes up to ${f.number(limit || 500)} people. Choose fewer; nothing was changed.`,
    person_gone: ({ who }) =>
      who ? `${who} can no longer be chosen: an admin closed their access. Take them out and try again.` : 'Somebody you chose is not in the contact list any more. Take them out and try again.',
    module_needed: 'Your admin has not given you the Messaging module, so you cannot start threads or change who is in them. You can still read and answer. What you wrote is kept.',
    direct_thread: 'This thread is between the two of you. To talk with more people, start a new group.',
    not_in_thread: 'Somebody you mention is not in this thread any more. Your text is kept; edit it and send it again, and it goes without the mention.',
    owner_stays: 'The person a group belongs to cannot be removed; they can leave it themselves. Nothing was changed.',
    last_colleague: 'You are the last colleague in this group. Remove the customers first, then leave.',
    no_colleague: 'Nobody of the company is in this conversation any more, so your message would be read by nobody. What you wrote is kept; please reach the company another way.',
    login_taken: 'Somebody signs in with that name already. Choose another one.',
    yourself: 'You cannot close your own access or stop being an admin yourself. Ask another admin.',
    last_admin: 'This is the only admin who can sign in. Make another one first; nothing was changed.',
    bad_hours: 'These opening hours cannot be: each time ends after it begins, none overlap, and the time zone is one like Europe/Oslo.',
    message_empty: 'There is nothing to send yet. Write something, or add a photo or a location.',
    note_empty: 'There is nothing to save yet. Write the note first.',
    text_too_long: ({ limit }) => `This text is longer than ${f.number(limit || 10_000)} characters. It is kept; send it in parts.`,
    too_many_files: ({ limit }) => `One message takes up to ${f.number(limit || 10)} photos. Send the others in the next one.`,
    bad_name: 'A name or a phone number is needed.',
    bad_location: 'These coordinates are not a place on earth. Check them and try again.',
    file_missing: 'The photo did not reach the server. It is kept on this device. Try again.',
    file_type_forbidden: 'Your admin does not allow files of this type. Choose another one.',
    file_not_picture: 'This is not a picture that can be sent, whatever its name says. Choose a JPEG, PNG or GIF.',
    file_heic: 'This server cannot read HEIC photos. Save it as JPEG, or take it with Camera.',
    file_too_large: ({ limit }) =>
      limit > 0 ? `This file is larger than ${f.size(limit)}. Choose a smaller one.` : 'This file is too large. Choose a smaller one.',
    picture_too_large: 'This picture has too many pixels. Make it smaller and try again.',
    file_damaged: 'This picture is cut off or damaged. Choose another one.',
    busy: ({ limit }) =>
      limit > 0 ? `The server is busy. It goes out by itself in ${f.seconds(limit)}.` : 'The server is busy. It goes out by itself soon.',
    storage_full: 'There is no room left. What you wrote is kept; free some space and try again.',
    internal: 'Something went wrong inside. Nothing you wrote is lost. Try again.',
    unreachable: 'The server does not answer. Check your connection and the address, then try again.',
    not_a_server: 'Something answers at this address, but it is not a Fieldline server. Check the address. On a guest Wi-Fi, sign in to the Wi-Fi first.',
    tls_failed: 'The connection to this server cannot be trusted, so nothing was sent. Check the address, or ask your admin.',
    bad_address: 'This is not a web address. It looks like https://chat.example.com.',
    not_protected: 'This address begins with http, so everybody on the way could read along. Use https, or ask your admin.',
    in_use: 'Fieldline is already open in another window. Close it there, or go on there.',
    app_too_old: 'The data on this device is from a newer app. It is safe. Update this app to read it.',
    storage_failed: 'This device cannot store anything right now. Restart the app; what was stored before is safe.',
    storage_damaged: 'A part of this device’s storage could not be read and is being mended. What you wrote is carried over; try again in a moment.',
    unsent_work: ({ limit }) =>
      f.plural(limit, { one: 'One thing you wrote is not sent yet.', other: '# things you wrote are not sent yet.' }),
  }
}
