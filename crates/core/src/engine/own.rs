//! One's own sign-in: on which devices, and by which password. All of it is asked of the server
//! at once and nothing of it waits in the outbox: who signs a lost phone out wants to see it done.

use super::Engine;
use fieldline_model::api::{ChangePassword, OwnDevice};
use fieldline_model::{DeviceId, Problem};

impl Engine {
    /// Where this person is signed in, the device used last first.
    ///
    /// Errors: [`fieldline_model::Code::Unreachable`] and what else the way there may have.
    pub async fn own_devices(&self) -> Result<Vec<OwnDevice>, Problem> {
        Ok(self.profile()?.remote().own_devices().await?)
    }

    /// Signs this person out on one of their other devices.
    ///
    /// Errors: [`fieldline_model::Code::NotFound`] when it is signed out already.
    pub async fn sign_out_device(&self, device: DeviceId) -> Result<(), Problem> {
        Ok(self.profile()?.remote().sign_out_device(device).await?)
    }

    /// Signs this person out on every other device.
    pub async fn sign_out_others(&self) -> Result<(), Problem> {
        Ok(self.profile()?.remote().sign_out_others().await?)
    }

    /// Changes this person's password, which needs the one they have; their other devices
    /// are signed out.
    ///
    /// Errors: [`fieldline_model::Code::WrongPassword`], [`fieldline_model::Code::WeakPassword`],
    /// [`fieldline_model::Code::TooManyTries`].
    pub async fn change_password(&self, old: String, new: String) -> Result<(), Problem> {
        Ok(self.profile()?.remote().change_password(&ChangePassword { old, new }).await?)
    }
}
