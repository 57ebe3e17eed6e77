//! Filters of the run history that a person keeps under a name.

use serde_json::{Value, json};

/// A filter under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedView {
    /// Tells it from the others; in the browser that is its name.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The text of the filter.
    pub query: String,
}

/// The views as the browser keeps them where the server does not.
#[must_use]
pub fn saved_views_to_text(views: &[SavedView]) -> String {
    let list: Vec<Value> = views
        .iter()
        .map(|view| json!([view.id, view.name, view.query]))
        .collect();
    crate::json::compact(&Value::Array(list))
}

/// Reads what [`saved_views_to_text`] wrote; anything else is none.
#[must_use]
pub fn saved_views_from_text(text: &str) -> Vec<SavedView> {
    let list: Vec<Vec<String>> = serde_json::from_str(text).unwrap_or_default();
    let view = |parts: Vec<String>| match <[String; 3]>::try_from(parts) {
        Ok([id, name, query]) => Some(SavedView { id, name, query }),
        // As it was kept before there were ids.
        Err(parts) => <[String; 2]>::try_from(parts)
            .ok()
            .map(|[name, query]| SavedView {
                id: name.clone(),
                name,
                query,
            }),
    };
    list.into_iter().filter_map(view).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn views_read_back_as_they_were_written() {
        let views = vec![SavedView {
            id: "Größe \"x\"".to_owned(),
            name: "Größe \"x\"".to_owned(),
            query: "state:failed".to_owned(),
        }];
        assert_eq!(saved_views_from_text(&saved_views_to_text(&views)), views);
        assert_eq!(saved_views_from_text("nonsense"), []);
        let old = saved_views_from_text(r#"[["a", "state:failed"], ["broken"]]"#);
        assert_eq!((old.len(), old[0].id.as_str()), (1, "a"));
    }
}
