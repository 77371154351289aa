//! What goes out for other programs.

use crate::same_figures;
use crate::shop::Shop;

/// A Parquet file as rows of text, by name of the column.
fn read(path: &std::path::Path) -> Vec<Vec<(String, String)>> {
    let file = kith_lake::read_parquet(path).expect("a Parquet file");
    let columns = file.columns.clone();
    let rows = file.flat_map(|batch| batch.expect("whole rows"));
    rows.map(|row| columns.iter().cloned().zip(row).collect()).collect()
}

#[test]
fn every_answer_goes_out_as_parquet_with_the_columns_and_values_of_the_csv() {
    let shop = Shop::new();
    for file in same_figures::files(&shop) {
        same_figures::import(&shop, &file);
    }
    let questions = shop.json(&["ask"]);
    let names: Vec<&str> = questions.as_array().unwrap().iter().map(|question| question["name"].as_str().unwrap()).collect();
    assert!(names.contains(&"revenue") && names.len() > 5, "{names:?}");
    let (mut compared, mut numbers) = (0, 0);
    for name in names {
        let [csv, parquet] = ["csv", "parquet"].map(|ending| shop.path().join(format!("answer.{ending}")));
        if !shop.run(&["export", name, csv.to_str().unwrap()]).status.success() {
            // A question that wants more than its name.
            shop.must_fail(&["export", name, parquet.to_str().unwrap()]);
            continue;
        }
        shop.must(&["export", name, parquet.to_str().unwrap()]);
        let text = std::fs::read_to_string(&csv).unwrap();
        let mut lines = text.trim_start_matches('\u{feff}').lines();
        let header: Vec<&str> = lines.next().unwrap().split(',').collect();
        let typed = read(&parquet);
        assert_eq!(lines.clone().count(), typed.len(), "{name}");
        for (line, row) in lines.zip(&typed).filter(|(line, _)| !line.contains('"')) {
            for ((column, cell), (named, value)) in header.iter().zip(line.split(',')).zip(row) {
                assert_eq!(column, named, "{name}");
                // The CSV rounds to the digits that matter.
                match (cell.parse::<f64>(), value.parse::<f64>()) {
                    (Ok(cell), Ok(value)) => {
                        assert!((cell - value).abs() <= 0.005 + value.abs() * 1e-5, "{name}, {column}: {cell} and {value}");
                        numbers += 1;
                    }
                    _ => assert_eq!(cell.trim_start_matches('\''), value.trim_start_matches('\''), "{name}, {column}"),
                }
            }
            compared += 1;
        }
    }
    assert!(compared > 10 && numbers > 20, "{compared} rows and {numbers} numbers: this compares too little");
}
