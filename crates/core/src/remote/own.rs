//! What somebody does about their own sign-in: their devices, their password, their second factor.

use super::{Failure, PATIENCE, Remote};
use bytes::Bytes;
use fieldline_model::DeviceId;
use fieldline_model::api::{ChangePassword, OwnDevice, OwnDevices};
use fieldline_model::second_factor::{
    BeginSecondFactor, SecondFactor, SecondFactorBegun, TurnSecondFactorOff, TurnSecondFactorOn,
};
use http::Method;
use serde::Serialize;

impl Remote {
    /// Ends the session.
    pub async fn sign_out(&self) -> Result<(), Failure> {
        self.done(Method::POST, "sign-out", Bytes::new()).await
    }

    /// Where one is signed in, the device used last first.
    pub async fn own_devices(&self) -> Result<Vec<OwnDevice>, Failure> {
        Ok(self.get::<OwnDevices>(&format!("{}/devices", self.own)).await?.devices)
    }

    /// Ends the session of another device of one's own.
    pub async fn sign_out_device(&self, which: DeviceId) -> Result<(), Failure> {
        self.done(Method::DELETE, &format!("devices/{which}"), Bytes::new()).await
    }

    /// Ends the sessions of all one's other devices.
    pub async fn sign_out_others(&self) -> Result<(), Failure> {
        self.done(Method::DELETE, "devices", Bytes::new()).await
    }

    /// Changes one's password; one's other devices are signed out.
    pub async fn change_password(&self, ask: &ChangePassword) -> Result<(), Failure> {
        self.asked("password", ask).await
    }

    /// How one's second factor stands.
    pub async fn second_factor(&self) -> Result<SecondFactor, Failure> {
        self.get(&format!("{}/second-factor", self.own)).await
    }

    /// Begins a second factor.
    pub async fn begin_second_factor(&self, ask: &BeginSecondFactor) -> Result<SecondFactorBegun, Failure> {
        self.post(&format!("{}/second-factor", self.own), ask).await
    }

    /// Turns on what was begun.
    pub async fn turn_second_factor_on(&self, ask: &TurnSecondFactorOn) -> Result<(), Failure> {
        self.asked("second-factor/on", ask).await
    }

    /// Turns it off.
    pub async fn turn_second_factor_off(&self, ask: &TurnSecondFactorOff) -> Result<(), Failure> {
        self.asked("second-factor/off", ask).await
    }

    async fn asked(&self, what: &str, ask: &impl Serialize) -> Result<(), Failure> {
        let body = serde_json::to_vec(ask).unwrap_or_default();
        self.done(Method::POST, what, body.into()).await
    }

    async fn done(&self, method: Method, what: &str, body: Bytes) -> Result<(), Failure> {
        let answer = self.send(method, &format!("{}/{what}", self.own), body, PATIENCE).await?;
        self.success(answer).await.map(drop)
    }
}
