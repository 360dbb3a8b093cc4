//! Which of the platform's keys signs, and which are handed out, while a certificate is replaced.

use super::{PlatformIdentity, Profile};
use crate::settings::{NotificationKey, Rotation};

impl Profile {
    /// Who signs notifications.
    pub(crate) fn notifier(&self, key: NotificationKey, rotation: Rotation) -> &PlatformIdentity {
        match (key, rotation) {
            (NotificationKey::PublicKey, _) => &self.public_key,
            (NotificationKey::Certificate, Rotation::After) => &self.next_certificate,
            (NotificationKey::Certificate, _) => &self.certificate,
        }
    }

    /// The certificates that are handed out.
    pub(crate) fn certificates(&self, rotation: Rotation) -> impl Iterator<Item = &PlatformIdentity> {
        let first = Some(&self.certificate).filter(|_| rotation != Rotation::After);
        let second = Some(&self.next_certificate).filter(|_| rotation != Rotation::Before);
        first.into_iter().chain(second)
    }

    /// Who signs an answer for whoever asked for `asked`; `coin` decides where either may.
    pub(crate) fn answerer<'a>(
        &'a self,
        asked: &'a PlatformIdentity,
        rotation: Rotation,
        coin: bool,
    ) -> &'a PlatformIdentity {
        if asked.id() == self.public_key.id() {
            return asked;
        }
        match rotation {
            Rotation::Overlap => asked,
            Rotation::Before => &self.certificate,
            Rotation::Mixed if coin => &self.certificate,
            Rotation::Mixed | Rotation::After => &self.next_certificate,
        }
    }
}
