//! `wxpay control`: what a running simulator lets its user do, from a command line.

mod client;

use std::io::Write;

use serde_json::{Map, Value};

use crate::ended::{Ended, NotSent};
pub(crate) use client::{Client, Problem};

/// What `wxpay control` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// What to look at (`status`, `orders`, `transfers`, `exchanges/1` …) or to do (`orders/pay`, `transfers/settle`,
    /// `clock` …); docs/guide/simulator.md lists all of it.
    #[arg(default_value = "status")]
    path: String,
    /// Members of what is sent: `number=A1` is a text, `seconds:=7200` is JSON. With any of them it is a change.
    #[arg(value_name = "NAME=VALUE")]
    values: Vec<String>,
    /// Change something without saying more: `reset`, `exchanges/clear`.
    #[arg(long)]
    post: bool,
    #[command(flatten)]
    simulator: Address,
}

/// Where the simulator is.
#[derive(Debug, clap::Args)]
pub(crate) struct Address {
    /// Where the simulator listens.
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8089")]
    pub(crate) simulator: String,
}

pub(crate) fn run(arguments: &Arguments, out: &mut dyn Write) -> Result<Ended, NotSent> {
    let client = Client::new(&arguments.simulator.simulator)?;
    let body = (arguments.post || !arguments.values.is_empty())
        .then(|| object(&arguments.values))
        .transpose()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    match runtime.block_on(client.ask(&arguments.path, body.as_ref())) {
        Ok(answer) => {
            writeln!(out, "{answer:#}")?;
            Ok(Ended::Done)
        }
        Err(Problem::Refused(problem)) => {
            eprintln!("wxpay: {problem}");
            Ok(Ended::Refused)
        }
        Err(Problem::Unreachable(problem)) => Err(NotSent::new(problem)),
    }
}

fn object(values: &[String]) -> Result<Value, NotSent> {
    let member = |given: &String| {
        let wrong = |problem: &str| NotSent::new(format!("{given}: {problem}"));
        let (name, text) = given
            .split_once('=')
            .ok_or_else(|| wrong("wanted is name=text or name:=JSON"))?;
        let Some(name) = name.strip_suffix(':') else {
            return Ok((name.to_owned(), Value::from(text)));
        };
        let json = serde_json::from_str(text).map_err(|error| wrong(&error.to_string()))?;
        Ok((name.to_owned(), json))
    };
    let members: Result<Map<String, Value>, NotSent> = values.iter().map(member).collect();
    members.map(Value::Object)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::object;

    #[test]
    fn texts_stay_texts_and_json_is_read() {
        let given = ["number=100", "seconds:=-5", "combined:=true", "a=b=c"].map(str::to_owned);
        assert_eq!(
            object(&given).unwrap(),
            json!({ "number": "100", "seconds": -5, "combined": true, "a": "b=c" })
        );
        for given in ["number", "seconds:=x"] {
            let error = object(&[given.to_owned()]).unwrap_err().to_string();
            assert!(error.starts_with(given), "{error}");
        }
    }
}
