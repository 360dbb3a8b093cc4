//! Every documented operation, answered; and what is wrong with a request, refused with its pointer.

mod caller;
mod compose;
mod examples;
mod expect;
mod files;
mod mutations;
mod uploads;
mod v2;
