pub async fn keep_coming(_v: Vec<String>, _u: String) {}
