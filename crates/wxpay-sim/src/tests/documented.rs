//! Every documented operation, answered; and what is wrong with a request, refused with its pointer.

mod caller;
mod compose;
mod examples;
mod expect;
mod v2;
