//! A browser without a window, told what to do over WebDriver: HTTP with JSON bodies.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use ureq::Agent;

const DRIVER: &str = "chromedriver";
const BROWSER: &str = "chromium";

/// How long a page may take to show what it is to show.
const PATIENCE: Duration = Duration::from_secs(60);

/// The key under which WebDriver tells an element's id.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// Whether there is a browser to drive.
pub(crate) fn is_installed() -> bool {
    [DRIVER, BROWSER].iter().all(|name| program(name).is_some())
}

fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|program| program.is_file())
}

/// A browser of its own, without anything that an earlier one kept. It ends with this value.
pub(crate) struct Browser {
    agent: Agent,
    driver: Child,
    /// The address of its session.
    session: String,
    profile: PathBuf,
}

impl Browser {
    /// Starts one that prefers this language.
    pub(crate) fn start(lang: &str) -> Self {
        Self::with(lang, &[])
    }

    /// Starts one that goes through this proxy and believes whatever certificate it is shown: a phone of a developer's.
    pub(crate) fn behind(proxy: &str, lang: &str) -> Self {
        let proxy = format!("--proxy-server={proxy}");
        Self::with(lang, &[proxy, "--ignore-certificate-errors".to_owned()])
    }

    fn with(lang: &str, more: &[String]) -> Self {
        let mut driver = Command::new(program(DRIVER).unwrap())
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let port = port(&mut driver);
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .build()
            .new_agent();
        let profile = std::env::temp_dir().join(format!("wxpay-browser-{}-{port}", std::process::id()));
        let arguments = [
            "--headless".to_owned(),
            "--no-sandbox".to_owned(),
            "--disable-gpu".to_owned(),
            "--disable-quic".to_owned(),
            "--no-first-run".to_owned(),
            "--disable-background-networking".to_owned(),
            "--disable-component-update".to_owned(),
            "--disable-sync".to_owned(),
            format!("--accept-lang={lang}"),
            format!("--user-data-dir={}", profile.display()),
        ];
        let arguments = [&arguments[..], more].concat();
        let options = json!({ "args": arguments, "binary": program(BROWSER).unwrap() });
        let mut browser = Self {
            agent,
            driver,
            session: format!("http://127.0.0.1:{port}/session"),
            profile,
        };
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "browserName": "chrome",
            "goog:chromeOptions": options,
        }}});
        let made = browser.post("", &wanted);
        let id = made["sessionId"].as_str().unwrap().to_owned();
        browser.session = format!("{}/{id}", browser.session);
        browser
    }

    fn post(&self, path: &str, body: &Value) -> Value {
        self.try_post(path, body).unwrap()
    }

    fn try_post(&self, path: &str, body: &Value) -> Result<Value, String> {
        let sent = self
            .agent
            .post(format!("{}{path}", self.session))
            .header("Content-Type", "application/json")
            .send(body.to_string());
        let mut answer = sent.map_err(|error| error.to_string())?;
        let text = answer
            .body_mut()
            .read_to_string()
            .map_err(|error| error.to_string())?;
        let mut told: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
        match told["value"]["error"].as_str() {
            Some(error) => Err(format!("{path} {body}: {error}: {}", told["value"]["message"])),
            None => Ok(told["value"].take()),
        }
    }

    /// Goes to a page, and waits until it is there.
    pub(crate) fn go(&self, url: &str) {
        self.post("/url", &json!({ "url": url }));
    }

    /// Goes where a link on this page would lead.
    pub(crate) fn go_by_link(&self, url: &str) {
        self.script(&format!("location.href = {}", Value::from(url)));
    }

    /// Clicks what this selector finds first.
    pub(crate) fn click(&self, selector: &str) {
        let element = self.element(selector);
        self.post(&format!("/element/{element}/click"), &json!({}));
    }

    /// Clicks what leads to another page, and waits until that has taken this one's place: where both say the same, nothing
    /// else tells which one is seen.
    pub(crate) fn follow(&self, selector: &str) {
        self.script("document.documentElement.dataset.left = '1'");
        self.click(selector);
        let until = Instant::now() + PATIENCE;
        let script = json!({
            "script": "return document.readyState === 'complete' && document.documentElement.dataset.left === undefined",
            "args": [],
        });
        // Between two pages there is none to be asked.
        while self.try_post("/execute/sync", &script).ok() != Some(Value::Bool(true)) {
            assert!(Instant::now() < until, "nothing came after {selector}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Types into what this selector finds first.
    pub(crate) fn enter(&self, selector: &str, text: &str) {
        let element = self.element(selector);
        self.post(&format!("/element/{element}/value"), &json!({ "text": text }));
    }

    fn element(&self, selector: &str) -> String {
        let found = self.post("/element", &json!({ "using": "css selector", "value": selector }));
        found[ELEMENT].as_str().unwrap().to_owned()
    }

    /// What a script gives. The page's own policy forbids scripts to the page, not to the driver.
    pub(crate) fn script(&self, script: &str) -> Value {
        self.post("/execute/sync", &json!({ "script": script, "args": [] }))
    }

    /// The text that a user sees.
    pub(crate) fn text(&self) -> String {
        let text = self.script("return document.body.innerText");
        text.as_str().unwrap().to_owned()
    }

    /// Waits until the user sees this; pages look again by themselves.
    pub(crate) fn sees(&self, wanted: &str) {
        let until = Instant::now() + PATIENCE;
        loop {
            // Between two pages there is none to be asked.
            let script = json!({ "script": "return document.body.innerText", "args": [] });
            let text = self.try_post("/execute/sync", &script).unwrap_or_default();
            let text = text.as_str().unwrap_or_default();
            if text.contains(wanted) {
                return;
            }
            assert!(Instant::now() < until, "{wanted} is not in\n{text}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Makes the screen that of a phone of this width, in CSS pixels.
    pub(crate) fn phone(&self, width: u32) {
        let metrics = json!({ "width": width, "height": 740, "deviceScaleFactor": 2, "mobile": true });
        let command = json!({ "cmd": "Emulation.setDeviceMetricsOverride", "params": metrics });
        self.post("/goog/cdp/execute", &command);
    }
}

/// The driver says which port it took.
fn port(driver: &mut Child) -> u16 {
    let out = BufReader::new(driver.stdout.take().unwrap());
    let mut lines = out.lines().map_while(Result::ok);
    let line = lines
        .find(|line| line.contains("started successfully on port"))
        .unwrap();
    let port = line.trim_end_matches('.').rsplit(' ').next().unwrap();
    let port = port.parse().unwrap();
    // It goes on writing, and would stop at a full pipe.
    std::thread::spawn(move || lines.for_each(drop));
    port
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The end of its session ends the browser; the driver alone would leave it.
        let _ = self.agent.delete(self.session.as_str()).call();
        let _ = self.driver.kill();
        let _ = self.driver.wait();
        let _ = std::fs::remove_dir_all(&self.profile);
    }
}
