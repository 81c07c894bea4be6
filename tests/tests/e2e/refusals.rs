//! Bad input, as a person meets it: refused in words, and nothing is lost.

use fieldline_tests::e2e::{Account, Frame, PASSWORD, Stranger, free_port};

use crate::stage::stage;

#[test]
fn a_wrong_password_is_refused_in_words_and_the_right_one_still_works() {
    for screen in [stage().app("refused-app"), stage().browser("refused-browser", Frame::Wide)] {
        screen.tries_to_sign_in(Account::ANA, "not the password", &screen.line().address());
        screen.sees("sign-in-problem");
        screen.reads("sign-in-problem", "password");
        screen.photograph("wrong-password");
        screen.signs_in(Account::ANA);
    }
}

#[test]
fn an_address_of_somebody_elses_server_is_refused_in_words() {
    let app = stage().app("lost-app");
    app.tries_to_sign_in(Account::ANA, PASSWORD, &Stranger::start().address());
    app.reads("sign-in-problem", "not a Fieldline server");
    app.photograph("not-a-server");
    app.tries_to_sign_in(Account::ANA, PASSWORD, &format!("http://127.0.0.1:{}", free_port()));
    app.reads("sign-in-problem", "does not answer");
    app.tries_to_sign_in(Account::ANA, PASSWORD, &app.line().address().replace("http:", "https:"));
    app.reads("sign-in-problem", "cannot be trusted");
    app.signs_in(Account::ANA);
}
