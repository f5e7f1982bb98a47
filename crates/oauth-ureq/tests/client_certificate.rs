//! Which of the forms that keys have come in since the nineties can a client show?

use std::{
    io::Write,
    process::{Command, Stdio},
};

use oauth_ureq::Agent;

/// What openssl makes of that input.
fn openssl(arguments: &str, input: &str) -> String {
    let mut command = Command::new("openssl");
    command.args(arguments.split(' ')).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().expect("openssl is installed");
    child.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("openssl reads");
    let output = child.wait_with_output().expect("openssl ends");
    assert!(output.status.success(), "openssl {arguments}");
    String::from_utf8(output.stdout).expect("PEM")
}

/// A certificate and its key (PKCS 8), one behind the other.
fn both(kind: &str) -> String {
    openssl(&format!("req -x509 -newkey {kind} -nodes -subj /CN=client.example -keyout /dev/stdout -out /dev/stdout"), "")
}

fn problem(chain: &str, key: &str) -> Option<String> {
    Agent::builder().client_certificate(chain, key).build().err().map(|error| error.to_string())
}

#[test]
fn keys_of_each_kind_and_form_are_read() {
    let (elliptic, rsa) = (both("ec -pkeyopt ec_paramgen_curve:P-256"), both("rsa:2048"));
    for pem in [&elliptic, &rsa, &both("ec -pkeyopt ec_paramgen_curve:P-384"), &both("ed25519")] {
        assert_eq!(problem(pem, pem), None);
        assert_eq!(problem(&pem.replace('\n', "\r\n"), pem), None);
    }
    let sec1 = openssl("ec", &elliptic);
    assert!(sec1.contains("BEGIN EC PRIVATE KEY"), "{sec1}");
    let parameters = openssl("ecparam -name prime256v1", "");
    assert_eq!(problem(&elliptic, &format!("{parameters}{sec1}")), None, "as `openssl ecparam -genkey` writes it");
    let pkcs1 = openssl("rsa -traditional", &rsa);
    assert!(pkcs1.contains("BEGIN RSA PRIVATE KEY"), "{pkcs1}");
    assert_eq!(problem(&rsa, &pkcs1), None);
}

#[test]
fn a_key_that_cannot_be_used_is_told_with_what_helps() {
    let elliptic = both("ec -pkeyopt ec_paramgen_curve:P-256");
    let modern = openssl("pkcs8 -topk8 -passout pass:open-sesame", &elliptic);
    let traditional = openssl("ec -aes256 -passout pass:open-sesame", &elliptic);
    assert!(modern.contains("BEGIN ENCRYPTED PRIVATE KEY") && traditional.contains("4,ENCRYPTED"), "{modern}{traditional}");
    for locked in [modern, traditional] {
        let problem = problem(&elliptic, &locked).expect("an error");
        assert_eq!(
            problem,
            "client certificate: the key is locked with a passphrase; unlock it first (openssl pkey -in key.pem -out open.pem)"
        );
    }
    let large = both("ec -pkeyopt ec_paramgen_curve:P-521");
    let kinds = "client certificate: the key is of no kind that TLS can use here; expected RSA, P-256, P-384 or Ed25519";
    assert_eq!(problem(&large, &large).as_deref(), Some(kinds));
    let other = both("ed25519");
    assert_eq!(problem(&elliptic, &other).as_deref(), Some("client certificate: the key is not the certificate's"));
}
