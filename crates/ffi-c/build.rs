//! The library's name on disk and in those who link it: a SONAME, which cargo alone does not set, and no unloading.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux") {
        println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,libactive.so.0");
        // PHP and Python unload modules; a library with thread-locals must stay.
        println!("cargo::rustc-cdylib-link-arg=-Wl,-z,nodelete");
    }
}
