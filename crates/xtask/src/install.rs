//! Where do the C library's files go?

use std::{
    env, fs,
    os::unix::fs::symlink,
    path::Path,
    process::{Command, Stdio},
};

use crate::root;

/// The number in libactive.so.N, raised when the ABI breaks; crates/ffi-c/build.rs gives it to the linker.
const SO_VERSION: &str = "0";

/// What a program that links libactive.a needs beside it (`rustc --print native-static-libs`).
const STATIC_LIBS: &str = "-lgcc_s -lutil -lrt -lpthread -lm -ldl -lc";

/// Optimised for size, as in the Python wheel (pyproject.toml): what is hot in the dependencies is ring's assembly, and of our own crates the
/// core alone is hot.
const SMALL: [&str; 15] = [
    r#"profile.release.package."*".opt-level = "s""#,
    // The door's own instructions are few: a hit costs as many as at its fastest.
    r#"profile.release.package.ffi-c.opt-level = "s""#,
    // Who waits for others all the time is not hot.
    r#"profile.release.package.libdbus-sys.opt-level = "z""#,
    r#"profile.release.package.dbus.opt-level = "z""#,
    r#"profile.release.package.dbus-secret-service.opt-level = "z""#,
    r#"profile.release.package.redis.opt-level = "z""#,
    r#"profile.release.package.rustls.opt-level = "z""#,
    r#"profile.release.package.rustls-webpki.opt-level = "z""#,
    r#"profile.release.package.ureq.opt-level = "z""#,
    r#"profile.release.package.ureq-proto.opt-level = "z""#,
    r#"profile.release.package.open.opt-level = "z""#,
    r#"profile.release.package.oauth-native.opt-level = "z""#,
    r#"profile.release.package.oauth-keys.opt-level = "z""#,
    r#"profile.release.package.oauth-session.opt-level = "z""#,
    r#"profile.release.package.oauth-ureq.opt-level = "z""#,
];

/// What makes the library smaller where the linker knows it (LLD, Rust's own on this platform, does): functions whose machine code is the same
/// are there once, and relocations take bits instead of 24 bytes each. A loader before glibc 2.36 refuses the latter, saying so.
const FOLDED: [&str; 2] = ["link-arg=-Wl,--icf=all", "link-arg=-Wl,-z,pack-relative-relocs"];

/// Cargo forgets the profile's own `strip` where the package has settings of its own, as in [`SMALL`].
const STRIPPED: [&str; 2] = ["-C", "strip=symbols"];

pub fn install() -> Result<String, String> {
    let prefix = variable("PREFIX", "/usr/local");
    let libdir = variable("LIBDIR", &format!("{prefix}/lib"));
    let destdir = variable("DESTDIR", "");
    // Relative to the workspace, as it is for the cargo that is run there.
    let target = root().join(variable("CARGO_TARGET_DIR", "target"));
    let version = env!("CARGO_PKG_VERSION");
    let profile = variable("PROFILE", "release");

    // Known before minutes of building, not after.
    let lib = place(&destdir, &libdir)?;
    writable(&lib)?;
    let built = Command::new(variable("CARGO", "cargo"))
        .current_dir(root())
        .args(["rustc", "--package", "ffi-c", "--profile", &profile])
        .args(SMALL.iter().flat_map(|setting| ["--config", setting]))
        .arg("--")
        .args(FOLDED.iter().filter(|option| linker_knows(option)).flat_map(|option| ["-C", option]))
        .args(if profile == "dev" { &[][..] } else { &STRIPPED })
        .status()
        .map_err(|error| format!("cargo: {error}"))?;
    if !built.success() {
        return Err("libactive could not be built".to_owned());
    }

    // Cargo's one exception: the profile dev builds into the folder debug.
    let folder = target.join(if profile == "dev" { "debug" } else { &profile });
    let whole = format!("libactive.so.{version}");
    copy(&folder.join("libactive.so"), &lib.join(&whole))?;
    link(&whole, &lib.join(format!("libactive.so.{SO_VERSION}")))?;
    link(&format!("libactive.so.{SO_VERSION}"), &lib.join("libactive.so"))?;
    copy(&folder.join("libactive.a"), &lib.join("libactive.a"))?;
    copy(&root().join("include/active.h"), &place(&destdir, &format!("{prefix}/include"))?.join("active.h"))?;
    let pc = format!(
        "prefix={prefix}\nlibdir={libdir}\nincludedir=${{prefix}}/include\n\nName: active\nDescription: The OAuth 2.0 client of Active\n\
         Version: {version}\nLibs: -L${{libdir}} -lactive\nLibs.private: {STATIC_LIBS}\nCflags: -I${{includedir}}\n"
    );
    let path = place(&destdir, &format!("{libdir}/pkgconfig"))?.join("active.pc");
    fs::write(&path, pc).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(format!("installed active {version} below {destdir}{prefix}"))
}

/// Whether an empty library can be linked with that.
fn linker_knows(option: &str) -> bool {
    let probe = env::temp_dir().join(format!("active-probe-{}.so", std::process::id()));
    let linked = Command::new(variable("RUSTC", "rustc"))
        .args(["--crate-type", "cdylib", "--crate-name", "probe", "-C", option, "-", "-o"])
        .arg(&probe)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .status();
    let _ = fs::remove_file(&probe);
    linked.is_ok_and(|status| status.success())
}

fn variable(name: &str, otherwise: &str) -> String {
    env::var(name).ok().filter(|value| !value.is_empty()).unwrap_or_else(|| otherwise.to_owned())
}

fn place(destdir: &str, folder: &str) -> Result<std::path::PathBuf, String> {
    let folder = std::path::PathBuf::from(format!("{destdir}{folder}"));
    fs::create_dir_all(&folder).map_err(|error| {
        format!("{}: {error}; install as somebody who may write there, or give another PREFIX", folder.display())
    })?;
    Ok(folder)
}

fn writable(folder: &Path) -> Result<(), String> {
    let probe = folder.join(format!(".active-probe-{}", std::process::id()));
    fs::write(&probe, "").and_then(|()| fs::remove_file(&probe)).map_err(|error| {
        format!("{}: {error}; install as somebody who may write there, or give another PREFIX", folder.display())
    })
}

/// By way of a new file, so that a program which has the old one mapped goes on with it.
fn copy(from: &Path, to: &Path) -> Result<(), String> {
    let fresh = to.with_extension("new");
    fs::copy(from, &fresh)
        .and_then(|_| fs::rename(&fresh, to))
        .map_err(|error| format!("{} to {}: {error}", from.display(), to.display()))
}

fn link(target: &str, at: &Path) -> Result<(), String> {
    let _ = fs::remove_file(at);
    symlink(target, at).map_err(|error| format!("{}: {error}", at.display()))
}
