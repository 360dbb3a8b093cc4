//! `wxpay call`: any documented operation by its name, its values as text, placed by the run-time table.

mod answer;
mod checks;
mod failure;
mod name;
mod operation;
mod page;
mod preview;
mod request;
mod sealing;
mod send;
mod settle;
mod upload;
mod values;

use std::io::{Read as _, Write};
use std::path::{Path, PathBuf};

use wxpay_proto::Effect;
use wxpay_proto::crypto::FileDigest;
use wxpay_types::schema::Returns;

use crate::digest;
use crate::ended::{Ended, NotSent};
use crate::operations::names;
use crate::profile::{self, Account, Role};
use request::Request;

/// What `wxpay call` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The operation, `v3.combine-transactions.close`; `-` and `_` are the same (see `wxpay operations`).
    name: String,
    /// The values as a JSON object, parameters and members of the body side by side; `-` reads standard input.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// One value; parts of objects and lists by `amount.total`, `sub_orders.0.mchid` or `/sub_orders/0/mchid`.
    #[arg(long, value_name = "NAME=VALUE")]
    set: Vec<String>,
    /// The file of an upload; its name and digest are filled in where the operation asks for them.
    #[arg(long, value_name = "PATH")]
    file: Option<PathBuf>,
    /// Who calls: a JSON file that names the merchant's key files (`wxpay profile --example`).
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with = "simulator",
        required_unless_present = "simulator"
    )]
    profile: Option<PathBuf>,
    /// Call a simulator that is started for this one call.
    #[arg(long)]
    simulator: bool,
    /// Whose account of the simulator's.
    #[arg(
        long = "as",
        value_name = "ROLE",
        default_value = "merchant",
        requires = "simulator"
    )]
    role: Role,
    /// Show the message that would be signed, and the request; nothing is sent.
    #[arg(long)]
    dry_run: bool,
    /// Show the request and the answer's headers too.
    #[arg(long)]
    verbose: bool,
    /// Write the answer's body here, as it came.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The digest of a file to fetch, as the signed answer before it told: `SHA1:…` or `SHA256:…`.
    #[arg(long, value_name = "TYPE:HEX")]
    digest: Option<String>,
    /// Send although a check found something that is certain to be wrong.
    #[arg(long)]
    anyway: bool,
    /// Yes, move money at WeChat Pay itself.
    #[arg(long)]
    yes: bool,
}

pub(crate) fn run(arguments: &Arguments, out: &mut dyn Write) -> Result<Ended, NotSent> {
    let info = names::resolve(&arguments.name)?;
    let json = arguments.json.as_deref().map(read).transpose()?;
    let mut values = values::gather(info, json.as_deref(), &arguments.set)?;
    let file = upload::take(info, arguments.file.as_deref(), &mut values)?;
    let request = Request::new(info, values.clone(), file)?;
    checks::check(info, &values, arguments.anyway)?;
    let account = account(arguments)?;
    if arguments.dry_run {
        write!(out, "{}", preview::of(&request, &account)?)?;
        return Ok(Ended::Done);
    }
    if info.returns == Returns::Page {
        let address = page::address(&request, &account)?;
        eprintln!("{}: an address for a browser; nothing was sent", info.name);
        writeln!(out, "{address}")?;
        return Ok(Ended::Done);
    }
    let digest = digest(&request, arguments.digest.as_deref())?;
    if account.is_real() && request.effect() == Effect::Money && !arguments.yes {
        return Err(NotSent::new(format!(
            "{}: it can move money, or start or end an order, at WeChat Pay itself: look at it with --dry-run, and \
             call it with --yes",
            info.name
        )));
    }
    let output = arguments.output.as_deref().map(create).transpose()?;
    if arguments.verbose {
        eprint!("{}", preview::of(&request, &account)?);
    }
    // The simulator lives until the answer is there.
    let (client, _simulator) = account.into_client()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| NotSent::new(error.to_string()))?;
    match runtime.block_on(send::send(&client, &request, digest.as_ref())) {
        Ok(answer) => {
            answer.tell(info, arguments.verbose);
            if let Err(problem) = answer.write(output, out) {
                // It was done, whatever becomes of the words about it.
                eprintln!("wxpay: the answer cannot be written: {problem}");
            }
            Ok(Ended::Done)
        }
        Err(error) => Ok(failure::tell(info, &values, &error)),
    }
}

fn account(arguments: &Arguments) -> Result<Account, NotSent> {
    match &arguments.profile {
        Some(path) => profile::load(path),
        None => profile::simulated(arguments.role),
    }
}

fn read(path: &Path) -> Result<String, NotSent> {
    let text = if path == Path::new("-") {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map(|_| text)
    } else {
        std::fs::read_to_string(path)
    };
    text.map_err(|error| NotSent::new(format!("--json {}: {error}", path.display())))
}

/// The file is made before anything is sent, so that an answer is not lost to a wrong path.
fn create(path: &Path) -> Result<std::fs::File, NotSent> {
    std::fs::File::create(path).map_err(|error| NotSent::new(format!("--output {}: {error}", path.display())))
}

/// A file of v3 is proven by nothing but a digest that another answer told.
fn digest(request: &Request, given: Option<&str>) -> Result<Option<FileDigest>, NotSent> {
    let needed = send::needs_digest(request.info);
    match given {
        None if needed => Err(NotSent::new(format!(
            "{}: it answers with a file, which nothing proves but the digest in the answer that told its address: \
             --digest SHA1:… (`hash_type` and `hash_value` there)",
            request.info.name
        ))),
        Some(_) if !needed => Err(NotSent::new(format!(
            "{}: --digest is for files of v3 that nothing else proves",
            request.info.name
        ))),
        None => Ok(None),
        Some(text) => digest::parse(text).map(Some),
    }
}
