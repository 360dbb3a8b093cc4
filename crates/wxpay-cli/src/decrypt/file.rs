//! Encrypted bills, decrypted as they are read; what is not proven never gets the name that was asked for.

use std::fs::File;
use std::io::{BufWriter, Read as _, Write as _};
use std::path::{Path, PathBuf};

use wxpay_proto::crypto::FileDigest;
use wxpay_proto::file::{FileError, FileKey, SealedFile};

use crate::digest;
use crate::ended::{Ended, NotSent};
use crate::input;
use crate::plain_text::PlainText;
use crate::profile::Reader;

/// What an encrypted bill needs, as an entry of `download_bill_list` tells it.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Encrypted bills")]
pub(super) struct BillArgs {
    /// `encrypt_key` of the bill's entry: it is encrypted itself, for the merchant's key.
    #[arg(long, value_name = "BASE64", requires_all = ["bill_nonce", "output"])]
    encrypt_key: Option<String>,
    /// `nonce` of the bill's entry.
    #[arg(long = "bill-nonce", value_name = "TEXT", requires = "encrypt_key")]
    bill_nonce: Option<String>,
    /// What is authenticated beside the bill; nothing, when nothing is said.
    #[arg(long, value_name = "TEXT", requires = "encrypt_key")]
    associated_data: Option<String>,
    /// The digest that the signed answer told: `SHA1:…` or `SHA256:…`.
    #[arg(long, value_name = "TYPE:HEX", requires = "encrypt_key")]
    digest: Option<String>,
    /// Where the bill goes. It gets this name when it is proven.
    #[arg(long, value_name = "FILE", requires = "encrypt_key")]
    output: Option<PathBuf>,
}

impl BillArgs {
    /// Whether a bill is to be decrypted.
    pub(super) fn is_meant(&self) -> bool {
        self.encrypt_key.is_some()
    }
}

pub(super) fn run(arguments: &BillArgs, path: &Path, keys: &Reader) -> Result<Ended, NotSent> {
    let (Some(encrypt_key), Some(nonce), Some(output)) =
        (&arguments.encrypt_key, &arguments.bill_nonce, &arguments.output)
    else {
        return Err(NotSent::new(
            "--encrypt-key, --bill-nonce and --output belong together",
        ));
    };
    let digest = arguments.digest.as_deref().map(digest::parse).transpose()?;
    let merchant = keys.merchant_key()?;
    let key = match FileKey::open(encrypt_key, &merchant) {
        Ok(key) => key,
        Err(error) => return Ok(refuse(&error)),
    };
    let aad = arguments.associated_data.as_deref().unwrap_or_default();
    let sealed = SealedFile::with_associated_data(&key, nonce, aad.as_bytes());
    let sealed = sealed.map_err(|error| NotSent::new(error.to_string()))?;
    let mut unproven = output.clone().into_os_string();
    unproven.push(".unproven");
    let unproven = PathBuf::from(unproven);
    let failed = |error: std::io::Error| NotSent::new(format!("{}: {error}", unproven.display()));
    let file = File::create(&unproven).map_err(failed)?;
    let mut writer = BufWriter::new(file);
    match copy(path, sealed, digest.as_ref(), &mut writer)? {
        Ok(length) => {
            writer.flush().map_err(failed)?;
            std::fs::rename(&unproven, output)
                .map_err(|error| NotSent::new(format!("{}: {error}", output.display())))?;
            eprintln!("{}: {length} bytes, proven by its tag", output.display());
            Ok(Ended::Done)
        }
        Err(error) => {
            std::fs::remove_file(&unproven).map_err(failed)?;
            Ok(refuse(&error))
        }
    }
}

/// Decrypts, unpacks, checks: each step takes what the one before gives.
fn copy(
    path: &Path,
    mut sealed: SealedFile,
    digest: Option<&FileDigest>,
    out: &mut dyn std::io::Write,
) -> Result<Result<u64, FileError>, NotSent> {
    let mut text = PlainText::new(digest);
    let mut source = input::open(path)?;
    let mut chunk = vec![0; 64 * 1024];
    loop {
        let length = source
            .read(&mut chunk)
            .map_err(|error| NotSent::new(format!("{}: {error}", path.display())))?;
        if length == 0 {
            break;
        }
        sealed.push(&chunk[..length]);
        loop {
            match sealed.next_piece() {
                Ok(None) => break,
                Ok(Some(piece)) => text.push(piece.claimed()),
                Err(error) => return Ok(Err(error)),
            }
            loop {
                match text.next_piece() {
                    Ok(None) => break,
                    Ok(Some(piece)) => out.write_all(piece.claimed())?,
                    Err(error) => return Ok(Err(error)),
                }
            }
        }
    }
    // The tag first: what is wrong after that was wrong before it was encrypted.
    Ok(sealed.finish().and_then(|_| text.finish()))
}

fn refuse(error: &FileError) -> Ended {
    eprintln!("not opened: {error}");
    Ended::Failed
}
