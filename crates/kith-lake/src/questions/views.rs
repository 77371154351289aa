//! The views that questions and analysts share.

use datafusion::common::DataFusionError;
use datafusion::prelude::SessionContext;
use futures::FutureExt;

const VIEWS: [(&str, &str); 3] = [
    ("orders", include_str!("views/orders.sql")),
    ("contacts", include_str!("views/contacts.sql")),
    ("daily", include_str!("views/daily.sql")),
];

/// Plans each view once; a later one may read an earlier one.
pub(crate) fn register_views(context: &SessionContext) -> Result<(), DataFusionError> {
    for (name, sql) in VIEWS {
        // Planning over tables in memory waits for nothing, so that the future is ready at once.
        let frame = context.sql(sql).now_or_never();
        let frame =
            frame.unwrap_or_else(|| Err(DataFusionError::Internal(format!("the view {name} was not planned at once"))))?;
        context.register_table(name, frame.into_view())?;
    }
    Ok(())
}
