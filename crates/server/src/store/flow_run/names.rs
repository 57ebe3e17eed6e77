//! Names for flow runs nobody named: two friendly words, `plucky-otter`.

use rand::seq::IndexedRandom;

/// A random name.
pub(super) fn random() -> String {
    let mut random = rand::rng();
    let word = |words: &[&'static str], random: &mut rand::rngs::ThreadRng| words.choose(random).copied();
    match (word(&ADJECTIVES, &mut random), word(&ANIMALS, &mut random)) {
        (Some(adjective), Some(animal)) => format!("{adjective}-{animal}"),
        _ => "flow-run".to_owned(),
    }
}

/// How it is.
#[rustfmt::skip]
const ADJECTIVES: [&str; 117] = [
    "agile", "amber", "ample", "arctic", "autumn", "azure", "balmy", "blithe", "bold", "brave", "breezy",
    "bright", "brisk", "calm", "candid", "cheerful", "chipper", "clever", "coral", "cosmic", "cosy",
    "crimson", "crisp", "curious", "dapper", "daring", "dazzling", "deft", "dewy", "eager", "early",
    "earnest", "electric", "emerald", "fabled", "fearless", "fluffy", "fond", "frosty", "gallant",
    "gentle", "gilded", "gleaming", "glowing", "golden", "graceful", "hardy", "hazel", "honest",
    "humble", "indigo", "ivory", "jolly", "jovial", "joyful", "keen", "kind", "lavish", "lilac",
    "lively", "loyal", "lucid", "lucky", "lunar", "magnetic", "mellow", "merry", "mighty", "mindful",
    "mossy", "nimble", "noble", "opal", "patient", "peachy", "playful", "plucky", "polished", "proud",
    "quick", "quiet", "radiant", "rapid", "robust", "rosy", "royal", "ruby", "rustic", "sandy",
    "scarlet", "serene", "silver", "sincere", "sleek", "snowy", "solar", "spirited", "spry", "steady",
    "stellar", "sturdy", "sunny", "swift", "tidal", "tidy", "topaz", "tranquil", "trusty", "upbeat",
    "velvet", "verdant", "vivid", "warm", "whimsical", "wise", "witty", "zesty",
];

/// What it is.
#[rustfmt::skip]
const ANIMALS: [&str; 137] = [
    "albatross", "alpaca", "antelope", "avocet", "badger", "barracuda", "beaver", "bison", "bobcat",
    "bullfinch", "camel", "capybara", "caribou", "chamois", "cheetah", "chickadee", "chinchilla",
    "cicada", "condor", "cormorant", "cougar", "coyote", "crane", "cricket", "curlew", "dingo",
    "dolphin", "donkey", "dormouse", "dragonfly", "eagle", "egret", "elk", "ermine", "falcon", "ferret",
    "finch", "firefly", "flamingo", "fox", "gazelle", "gecko", "gibbon", "giraffe", "goldfinch", "goose",
    "gopher", "grebe", "grouse", "gull", "hare", "hawk", "hedgehog", "heron", "hoopoe", "hummingbird",
    "ibex", "ibis", "iguana", "impala", "jackdaw", "jaguar", "jay", "kestrel", "kingfisher", "kiwi",
    "koala", "lapwing", "lark", "lemur", "leopard", "linnet", "llama", "lobster", "lynx", "macaw",
    "magpie", "manatee", "marmot", "marten", "meerkat", "mongoose", "moose", "narwhal", "newt",
    "nightingale", "ocelot", "octopus", "oriole", "osprey", "otter", "owl", "panda", "panther",
    "partridge", "pelican", "penguin", "petrel", "pika", "plover", "puffin", "puma", "quail", "rabbit",
    "raccoon", "raven", "redstart", "robin", "salamander", "sandpiper", "seahorse", "seal", "skylark",
    "sparrow", "squirrel", "starling", "stoat", "stork", "swallow", "swan", "tapir", "tern", "thrush",
    "toucan", "turtle", "viper", "wagtail", "walrus", "warbler", "weasel", "whale", "wolf", "wombat",
    "woodpecker", "wren", "yak", "zebra",
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn there_are_many_names_and_no_word_twice() {
        for words in [&ADJECTIVES[..], &ANIMALS[..]] {
            assert!(words.len() >= 60);
            assert_eq!(words.iter().collect::<BTreeSet<_>>().len(), words.len());
            assert!(
                words
                    .iter()
                    .all(|word| word.chars().all(|c| c.is_ascii_lowercase()))
            );
        }
        let names: BTreeSet<_> = (0..200).map(|_| random()).collect();
        assert!(names.len() > 100, "only {} different names", names.len());
    }
}
