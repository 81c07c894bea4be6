//! Where somebody is signed in, and signing out from there.

use crate::house::{Device, House};
use crate::live::Ear;
use fieldline_model::api::{OwnDevice, OwnDevices};
use fieldline_model::{Code, DeviceId};
use http::{Method, StatusCode};
use std::time::Duration;

async fn devices(of: &Device) -> Vec<OwnDevice> {
    of.get(&format!("{}/devices", of.own())).await.json::<OwnDevices>().devices
}

async fn delete(by: &Device, path: &str) -> StatusCode {
    by.call(Method::DELETE, path, "").await.status
}

async fn holds(device: &Device) -> bool {
    device.get(&format!("{}/snapshot", device.own())).await.status.is_success()
}

#[tokio::test(start_paused = true)]
async fn one_sees_ones_own_devices_and_signs_one_of_them_out() {
    let house = House::open();
    let (ana, bo) = (house.agent("Ana").await, house.agent("Bo").await);
    house.clock.sleep(Duration::from_secs(60)).await;
    let lost = house.device_of(&ana.person).await;
    let seen = devices(&ana).await;
    let ids: Vec<_> = seen.iter().map(|it| (it.id, it.this)).collect();
    assert_eq!(ids, [(lost.id, false), (ana.id, true)]);
    assert_eq!(seen[0].signed_in_at_ms - seen[1].signed_in_at_ms, 60_000);
    let mut stream = Ear::of(&lost, house.server.head().await.unwrap()).await;
    stream.next().await.expect("a beginning");
    let path = format!("/v1/devices/{}", lost.id);
    assert_eq!(bo.call(Method::DELETE, &path, "").await.code(), Code::NotFound, "it is not Bo's");
    assert!(holds(&lost).await);
    assert_eq!(delete(&ana, &path).await, StatusCode::NO_CONTENT);
    assert!(stream.next().await.is_none(), "its stream ends with it");
    assert_eq!((holds(&lost).await, holds(&ana).await), (false, true));
    assert_eq!(devices(&ana).await.len(), 1);
    assert_eq!(ana.call(Method::DELETE, &path, "").await.code(), Code::NotFound, "it is over already");
    let nowhere = format!("/v1/devices/{}", DeviceId(uuid::Uuid::from_u128(5)));
    assert_eq!(ana.call(Method::DELETE, &nowhere, "").await.code(), Code::NotFound);
}

#[tokio::test(start_paused = true)]
async fn one_signs_out_everywhere_else_and_nobody_else_is() {
    let house = House::open();
    let (ana, bo) = (house.agent("Ana").await, house.agent("Bo").await);
    let others = [house.device_of(&ana.person).await, house.device_of(&ana.person).await];
    assert_eq!(delete(&ana, "/v1/devices").await, StatusCode::NO_CONTENT);
    for other in &others {
        assert!(!holds(other).await);
    }
    assert!(holds(&ana).await && holds(&bo).await);
}

#[tokio::test(start_paused = true)]
async fn a_client_sees_and_ends_their_own_sign_ins_at_doors_of_their_own() {
    let house = House::open();
    let (kim, lin) = (house.client("Kim").await, house.client("Lin").await);
    let (lost, third) = (house.device_of(&kim.person).await, house.device_of(&kim.person).await);
    assert_eq!((devices(&kim).await.len(), devices(&lin).await.len()), (3, 1));
    let path = format!("/v1/client/devices/{}", lost.id);
    assert_eq!(lin.call(Method::DELETE, &path, "").await.code(), Code::NotFound, "it is not Lin's");
    assert_eq!(delete(&kim, &path).await, StatusCode::NO_CONTENT);
    assert!(!holds(&lost).await && holds(&third).await);
    assert_eq!(delete(&kim, "/v1/client/devices").await, StatusCode::NO_CONTENT);
    assert!(holds(&kim).await && holds(&lin).await && !holds(&third).await);
}

#[tokio::test(start_paused = true)]
async fn the_operator_signs_somebody_out_everywhere() {
    let house = House::open();
    let (ana, bo) = (house.agent("Ana").await, house.agent("Bo").await);
    let other = house.device_of(&ana.person).await;
    let mut stream = Ear::of(&other, house.server.head().await.unwrap()).await;
    stream.next().await.expect("a beginning");
    house.server.sign_out_everywhere(ana.person.id).await.unwrap();
    assert!(stream.next().await.is_none());
    assert!(!holds(&ana).await && !holds(&other).await && holds(&bo).await);
}

#[tokio::test(start_paused = true)]
async fn a_device_that_rested_too_long_is_not_signed_in_any_more() {
    let house = House::idle(fieldline_server::Run::Inline);
    let ana = house.agent("Ana").await;
    house.clock.sleep(Duration::from_secs(91 * 24 * 3600)).await;
    let again = house.device_of(&ana.person).await;
    assert_eq!(devices(&again).await.iter().map(|it| it.id).collect::<Vec<_>>(), [again.id]);
}
