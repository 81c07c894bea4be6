//! One's own sign-in: on which devices, by which password, and by which second factor. All of it is
//! asked of the server at once and nothing of it waits in the outbox: who signs a lost phone out wants
//! to see it done. Nor is any of it kept here: secret and codes pass through to the screen.

use super::Engine;
use fieldline_model::api::{ChangePassword, OwnDevice};
use fieldline_model::second_factor::{
    BeginSecondFactor, SecondFactor, SecondFactorBegun, TurnSecondFactorOff, TurnSecondFactorOn,
};
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

    /// How this person's second factor stands.
    pub async fn second_factor(&self) -> Result<SecondFactor, Problem> {
        Ok(self.profile()?.remote().second_factor().await?)
    }

    /// Begins a second factor, by this person's password: what their authenticator app is to
    /// know, and recovery codes. It asks nothing before it is turned on.
    ///
    /// Errors: [`fieldline_model::Code::WrongPassword`], [`fieldline_model::Code::TooManyTries`],
    /// [`fieldline_model::Code::NotPermitted`] while one is on.
    pub async fn begin_second_factor(&self, password: String) -> Result<SecondFactorBegun, Problem> {
        Ok(self.profile()?.remote().begin_second_factor(&BeginSecondFactor { password }).await?)
    }

    /// Turns on what was begun, by its first code.
    ///
    /// Errors: [`fieldline_model::Code::WrongCode`], [`fieldline_model::Code::TooManyTries`].
    pub async fn turn_second_factor_on(&self, code: String) -> Result<(), Problem> {
        Ok(self.profile()?.remote().turn_second_factor_on(&TurnSecondFactorOn { code }).await?)
    }

    /// Turns this person's second factor off, by their password and a code or a recovery code.
    ///
    /// Errors: [`fieldline_model::Code::WrongPassword`], [`fieldline_model::Code::WrongCode`],
    /// [`fieldline_model::Code::TooManyTries`].
    pub async fn turn_second_factor_off(&self, password: String, code: String) -> Result<(), Problem> {
        Ok(self.profile()?.remote().turn_second_factor_off(&TurnSecondFactorOff { password, code }).await?)
    }
}
