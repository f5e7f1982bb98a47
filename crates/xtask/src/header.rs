//! How does include/active.h come about?

use std::fs;

use crate::root;

const HEAD: &str = r#"/*
 * active.h - the OAuth 2.0 client of Active, for C and C++
 *
 *     active_client *client = active_client_new("buildpass", "id");
 *     active_client_secret(client, "secret");
 *     active_exchange *x = active_client_token(client, "client_credentials", params, count);
 *     if (active_exchange_run(x) == ACTIVE_DONE) puts(active_exchange_token(x)->access_token);
 *     else fprintf(stderr, "%s\n", active_exchange_error(x)->message);
 *     active_exchange_free(x);
 *     active_client_free(client);
 *
 * Rules
 *  - Handles (active_agent, active_client, active_key, active_session, active_login, active_access, active_challenges, active_loopback,
 *    active_exchange) are opaque, are made by one function and freed by its active_..._free; so is a token, document, device or backchannel of your own, which active_..._copy or active_..._restore gave.
 *    They keep alive what they need: free them in any order. What is given to the library is copied. NULL is harmless everywhere.
 *  - There are no strings to free. What the library lends is yours to read until the handle's next step, or until it is freed.
 *  - Errors stay on the handle until a step: there is nothing to check before. Enums come out, never go in.
 *  - One thread at a time uses a handle; active_exchange_cancel alone may come from another. A key, and a session once it is set up, are the
 *    exceptions: any number of threads use them at once. A forked child may go on with the handles it inherited, and so may its parent: they share no connection.
 *  - A program allocates none of our structs but active_pair and active_now, which are frozen for ever; structs that are lent grow only at
 *    their end.
 *  - Bodies are pointer and length; strings are UTF-8 and end with a NUL; times are int64_t milliseconds.
 *  - No panic leaves the library: it becomes ACTIVE_FAILED.
 *
 * This file is generated from crates/ffi-c by `cargo xtask gen`. Do not edit it.
 */"#;

const PATH: &str = "include/active.h";

fn generate() -> Result<String, String> {
    let version = env!("CARGO_PKG_VERSION");
    let numbers: Vec<&str> = version.split('.').collect();
    let config = cbindgen::Config {
        language: cbindgen::Language::C,
        header: Some(HEAD.to_owned()),
        include_guard: Some("ACTIVE_H".to_owned()),
        after_includes: Some(format!(
            "\n/* The header's version; active_version() is the library's. */\n#define ACTIVE_VERSION \"{version}\"\n#define ACTIVE_VERSION_MAJOR {}\n#define ACTIVE_VERSION_MINOR {}\n#define ACTIVE_VERSION_PATCH {}",
            numbers[0], numbers[1], numbers[2]
        )),
        no_includes: true,
        sys_includes: ["stdbool.h", "stddef.h", "stdint.h"].map(str::to_owned).to_vec(),
        cpp_compat: true,
        style: cbindgen::Style::Type,
        usize_is_size_t: true,
        documentation: true,
        documentation_style: cbindgen::DocumentationStyle::C99,
        line_length: 110,
        ..cbindgen::Config::default()
    };
    let bindings = cbindgen::Builder::new()
        .with_crate(root().join("crates/ffi-c"))
        .with_config(config)
        .generate()
        .map_err(|error| format!("cbindgen: {error}"))?;
    let mut text = Vec::new();
    bindings.write(&mut text);
    String::from_utf8(text).map_err(|error| error.to_string())
}

pub fn write() -> Result<String, String> {
    fs::write(root().join(PATH), generate()?).map_err(|error| format!("{PATH}: {error}"))?;
    Ok(format!("{PATH} is written"))
}

pub fn check() -> Result<String, String> {
    let committed = fs::read_to_string(root().join(PATH)).map_err(|error| format!("{PATH}: {error}"))?;
    if committed == generate()? {
        Ok(format!("{PATH} is fresh"))
    } else {
        Err(format!("{PATH} is stale: run `cargo xtask gen` and commit it"))
    }
}
