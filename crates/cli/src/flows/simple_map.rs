//! `simple-map`: the article's flow. A list, one added to each element twice, and the sum.

use flowdeck_engine::{Flow, FlowError, info, task};

const DESCRIPTION: &str = "\
Map and reduce at their smallest: `create_list` makes `[1, 1, 2, 3]`, `add_one` runs once for each element, \
`add_one` runs again for each result, and `get_sum` adds them up: **15**.

The run ends in **Success**, and so does every task run (the two parents of mapped runs in **Mapped**).";

#[task]
fn create_list() -> Vec<i64> {
    vec![1, 1, 2, 3]
}

#[task]
fn add_one(x: i64) -> i64 {
    x + 1
}

#[task]
fn get_sum(x: Vec<i64>) -> i64 {
    let sum = x.iter().sum();
    info!("The sum is {sum}");
    sum
}

pub fn flow() -> Result<Flow, FlowError> {
    Flow::build("simple-map", |flow| {
        flow.describe(DESCRIPTION);
        let list = create_list::call(flow);
        let plus_one = add_one::map(flow, &list);
        let plus_two = add_one::map(flow, &plus_one);
        get_sum::call(flow, &plus_two);
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_is_fifteen() {
        let twice = create_list().into_iter().map(add_one).map(add_one).collect();
        assert_eq!(get_sum(twice), 15);
    }
}
