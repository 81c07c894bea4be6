//! A second factor on a device: asked at its door, and what waits there waits on.

use fieldline_core::view::Door;
use fieldline_model::Code;
use fieldline_server::totp;
use fieldline_tests::world::{Device, PASSWORD, World, minutes};

/// What an authenticator app of that secret shows now.
async fn code(of: &Device, secret: &str) -> String {
    let now_ms = of.engine().status().await.unwrap().now_ms;
    totp::shown(secret, now_ms).unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_device_that_was_signed_out_comes_back_by_a_code_and_sends_what_waited_there() {
    let world = World::new().await;
    let (ana, rosa) = world.ana_serves_rosa("Hello?").await;
    let tablet = world.device_of("Ana").await;
    let begun = tablet.engine().begin_second_factor(PASSWORD.into()).await.unwrap();
    let wrong = tablet.engine().turn_second_factor_on("no code".into()).await.unwrap_err();
    assert_eq!(wrong.code, Code::WrongCode);
    tablet.engine().turn_second_factor_on(code(&tablet, &begun.secret).await).await.unwrap();
    let stands = ana.engine().second_factor().await.unwrap();
    assert_eq!((stands.on_since_ms.is_some(), stands.recovery_left), (true, 10));
    assert!(!tablet.mentions(&begun.secret).await && !tablet.mentions(&begun.recovery[0]).await);

    ana.offline();
    ana.sends("Rosa", "I am at the door").await.unwrap();
    tablet.engine().sign_out_others().await.unwrap();
    ana.online().await;
    world.after(minutes(2)).await;
    assert_eq!(ana.engine().status().await.unwrap().door, Door::SignInAgain);
    let comes = async |code: Option<String>| {
        let server = "https://desk.test".into();
        let done = ana.engine().sign_in(server, "ana".into(), PASSWORD.into(), code).await;
        done.map(|status| status.door).map_err(|problem| problem.code)
    };
    assert_eq!(comes(None).await, Err(Code::CodeNeeded));
    assert_eq!(comes(Some("no code".into())).await, Err(Code::WrongCode));
    assert_eq!(rosa.texts().await, ["Hello?"]);
    assert_eq!(comes(Some(code(&ana, &begun.secret).await)).await, Ok(Door::SignedIn));
    world.settles(&[&ana]).await;
    assert_eq!(rosa.texts().await, ["Hello?", "I am at the door"]);
    let off = ana.engine().turn_second_factor_off(PASSWORD.into(), begun.recovery[0].clone()).await;
    assert_eq!(off, Ok(()));
}
