//! What do the servers answer? The documents' own examples, in the sizes that are compared everywhere.

pub(crate) const STD: &str = r#"{"access_token":"2YotnFZFEjr1zCsicMWpAA","token_type":"Bearer","expires_in":3600,"refresh_token":"tGzv3JOkF0XG5Qx2TlKWIA"}"#;

pub(crate) const APIGEE: &str = r#"{"refresh_token_expires_in":"0","api_product_list":"[Basic Plan]","organization_name":"connectedhome","":"","token_type":"BearerToken","issued_at":"1487281223451","client_id":"9UY8NrmDtIh8GVTkNdX0Y7I6k37254a9","access_token":"456defghijklmnopqrstuvwx","application_name":"b1bd4907-924a-4470-a641-0effeb279834","scope":"user","expires_in":"3599","refresh_count":"0","status":"approved"}"#;

pub(crate) const AB: &str = r#"{"access_token":"d023e13c563b8825e458a82fea70154006aae8d7","user":{"userId":"1142","userType":"STAFF","email":"testuser@building.com","fullname":"John John","profilePicture":"https:\/\/s3.amazonaws.com\/assets.activebuilding.com\/Profile\/1142.jpg"}}"#;

pub(crate) const ERROR: &str = r#"{"error":"invalid_client","error_description":"Invalid client credentials"}"#;

/// BuildPass's, with a token of the usual 887 bytes.
pub(crate) fn bp() -> String {
    let token = format!("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.{}.{}", "a1B2".repeat(201), "c".repeat(43) + "dd");
    format!(
        r#"{{"access_token":"{}","token_type":"Bearer","expires_in":3600,"expires":3600,"scope":"read:builders read:subcontractors"}}"#,
        &token[..887]
    )
}
