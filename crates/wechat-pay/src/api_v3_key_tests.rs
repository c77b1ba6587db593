use super::*;

#[derive(Deserialize)]
struct Vector {
    plain: String,
    #[serde(flatten)]
    encrypted: Encrypted,
}

fn key() -> ApiV3Key {
    ApiV3Key::from_text(&SecretString::from("0123456789abcdefTESTONLYtestonly")).unwrap()
}

fn vectors() -> Vec<Vector> {
    serde_json::from_str(include_str!("../tests/data/gcm.json")).unwrap()
}

#[test]
fn what_another_library_encrypted_is_decrypted() {
    let vectors = vectors();
    assert_eq!(vectors.len(), 2);
    for vector in vectors {
        assert_eq!(key().open(&vector.encrypted).unwrap(), vector.plain.as_bytes());
    }
}

#[test]
fn no_associated_data_is_empty_associated_data() {
    let mut vector = vectors().pop().unwrap();
    assert_eq!(vector.encrypted.associated_data.take().as_deref(), Some(""));
    assert!(key().open(&vector.encrypted).is_some());
}

#[test]
fn anything_changed_is_refused() {
    type Change = fn(&mut Encrypted);
    let changes: [Change; 7] = [
        |it| it.algorithm = "AEAD_AES_128_GCM".to_owned(),
        |it| it.nonce = "0123456789ac".to_owned(),
        |it| it.nonce = "short".to_owned(),
        |it| it.associated_data = Some("refund".to_owned()),
        |it| it.ciphertext = it.ciphertext.replacen('u', "v", 1),
        |it| it.ciphertext = "AAAA".to_owned(),
        |it| it.ciphertext = "not base64".to_owned(),
    ];
    for (index, change) in changes.iter().enumerate() {
        let mut encrypted = vectors().swap_remove(0).encrypted;
        change(&mut encrypted);
        assert_eq!(key().open(&encrypted), None, "change {index}");
    }
    let other = ApiV3Key::from_text(&SecretString::from("1123456789abcdefTESTONLYtestonly")).unwrap();
    assert_eq!(other.open(&vectors().swap_remove(0).encrypted), None);
}
