//! What somebody does about their own sign-in: their devices, their password.

use super::{Failure, PATIENCE, Remote};
use bytes::Bytes;
use fieldline_model::DeviceId;
use fieldline_model::api::{ChangePassword, OwnDevice, OwnDevices};
use http::Method;

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
        let body = serde_json::to_vec(ask).unwrap_or_default();
        self.done(Method::POST, "password", body.into()).await
    }

    async fn done(&self, method: Method, what: &str, body: Bytes) -> Result<(), Failure> {
        let answer = self.send(method, &format!("{}/{what}", self.own), body, PATIENCE).await?;
        self.success(answer).await.map(drop)
    }
}
