use super::*;

const APP_PKCS8: &str = include_str!("../../alipay/tests/keys/app.pkcs8.pem");
const APP_PKCS1: &str = include_str!("../../alipay/tests/keys/app.pkcs1.pem");
const APP_PUBLIC: &str = include_str!("../../alipay/tests/keys/app.public.pem");

const CONTENT: &str = include_str!("../../alipay/tests/vectors/request.content");
const SIGN: &str = include_str!("../../alipay/tests/vectors/request.sign");

/// The base64 of PEM without its frame and line breaks, as Alipay's key tool saves it.
fn bare(pem: &str) -> String {
    pem.lines().filter(|line| !line.starts_with("-----")).collect()
}

#[test]
fn every_form_of_a_private_key_signs_like_openssl() {
    for text in [APP_PKCS8, APP_PKCS1, &bare(APP_PKCS8), &bare(APP_PKCS1), &format!("\n {APP_PKCS8}\n")] {
        let key = PrivateKey::parse(text).unwrap();
        assert_eq!(key.sign(CONTENT.as_bytes()).unwrap(), SIGN);
    }
}

#[test]
fn every_form_of_a_public_key_verifies_what_openssl_signed() {
    for text in [APP_PUBLIC, &bare(APP_PUBLIC)] {
        let key = PublicKey::parse(text).unwrap();
        assert!(key.verifies(CONTENT.as_bytes(), SIGN));
        assert!(!key.verifies(CONTENT.replace("50.00", "50.01").as_bytes(), SIGN));
        assert!(!key.verifies(CONTENT.as_bytes(), ""));
        assert!(!key.verifies(CONTENT.as_bytes(), "not base64!"));
        assert!(!key.verifies(CONTENT.as_bytes(), &SIGN[..SIGN.len() - 8]));
    }
}

#[test]
fn other_texts_are_no_keys() {
    let private = |text: &str| PrivateKey::parse(text).unwrap_err();
    assert_eq!(private(""), KeyError::Encoding);
    assert_eq!(private("%%%"), KeyError::Encoding);
    assert_eq!(private(APP_PUBLIC), KeyError::Encoding);
    assert_eq!(private(&bare(APP_PUBLIC)), KeyError::NotPrivate);
    assert_eq!(private(include_str!("../../alipay/tests/keys/ec.pkcs8.pem")), KeyError::NotPrivate);
    let public = |text: &str| PublicKey::parse(text).unwrap_err();
    assert_eq!(public(APP_PKCS8), KeyError::Encoding);
    assert_eq!(public(&bare(APP_PKCS8)), KeyError::NotPublic);
    assert_eq!(public("AAAA"), KeyError::NotPublic);
}

#[test]
fn keys_of_1024_bits_are_refused() {
    assert_eq!(
        PrivateKey::parse(include_str!("../../alipay/tests/keys/short.pkcs8.pem")).unwrap_err(),
        KeyError::NotPrivate
    );
    assert_eq!(
        PublicKey::parse(include_str!("../../alipay/tests/keys/short.public.pem")).unwrap_err(),
        KeyError::NotPublic
    );
}

#[test]
fn a_key_is_not_shown() {
    let shown = format!("{:?}", PrivateKey::parse(APP_PKCS8).unwrap());
    assert_eq!(shown, "PrivateKey(2048 bits)");
    assert_eq!(format!("{:?}", PublicKey::parse(APP_PUBLIC).unwrap()), "PublicKey");
}

#[test]
fn what_is_encrypted_can_be_read_by_the_owner_of_the_key_alone() {
    let der = private_pem(APP_PKCS8).unwrap();
    let owner = rsa::PrivateDecryptingKey::from_pkcs8(&der).unwrap();
    let owner = rsa::OaepPrivateDecryptingKey::new(owner).unwrap();
    let sealed = STANDARD.decode(PublicKey::parse(APP_PUBLIC).unwrap().encrypt("张三").unwrap()).unwrap();
    let mut plain = vec![0; owner.min_output_size()];
    assert_eq!(owner.decrypt(&OAEP_SHA1_MGF1SHA1, &sealed, &mut plain, None).unwrap(), "张三".as_bytes());
}
