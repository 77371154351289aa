//! What a Prometheus may ask: requests by route and outcome, how long they took, what is open and under way.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::{Family, MetricConstructor};
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Outcome {
    method: String,
    route: String,
    status: u32,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Route {
    route: String,
}

/// Makes the histogram of a route: from a millisecond to ten seconds.
#[derive(Clone, Debug)]
struct Seconds;

impl MetricConstructor<Histogram> for Seconds {
    fn new_metric(&self) -> Histogram {
        Histogram::new([0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.5, 5.0, 10.0])
    }
}

/// Everything that is counted.
pub struct Metrics {
    registry: Registry,
    requests: Family<Outcome, Counter>,
    seconds: Family<Route, Histogram, Seconds>,
    /// Touches that came by call and are durable.
    pub touches: Counter,
    /// Pictures of a tenant that were opened anew because the store had changed.
    pub pictures: Counter,
    /// Imports under way.
    pub imports: Gauge,
    /// Pages that listen for what is live.
    pub listeners: Gauge,
}

impl Metrics {
    pub fn new() -> Self {
        let mut registry = Registry::with_prefix("kith");
        let requests = Family::<Outcome, Counter>::default();
        let seconds = Family::<Route, Histogram, Seconds>::new_with_constructor(Seconds);
        let (touches, pictures) = (Counter::default(), Counter::default());
        let (imports, listeners) = (Gauge::default(), Gauge::default());
        registry.register("http_requests", "Requests by route and outcome", requests.clone());
        registry.register("http_request_seconds", "How long requests took", seconds.clone());
        registry.register("touches", "Touches that came by call and are durable", touches.clone());
        registry.register("pictures", "Pictures opened because the store had changed", pictures.clone());
        registry.register("imports_running", "Imports under way", imports.clone());
        registry.register("live_listeners", "Pages that listen for what is live", listeners.clone());
        Self { registry, requests, seconds, touches, pictures, imports, listeners }
    }

    pub fn observe(&self, method: &str, route: &str, status: u16, seconds: f64) {
        let (method, route) = (method.to_owned(), route.to_owned());
        self.seconds.get_or_create(&Route { route: route.clone() }).observe(seconds);
        self.requests.get_or_create(&Outcome { method, route, status: u32::from(status) }).inc();
    }

    pub fn text(&self) -> Result<String, std::fmt::Error> {
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_counted_under_its_route_and_never_under_its_address() {
        let metrics = Metrics::new();
        metrics.observe("GET", "/api/v1/contacts/{contact}", 200, 0.004);
        let text = metrics.text().unwrap();
        assert!(text.contains("route=\"/api/v1/contacts/{contact}\""), "{text}");
        assert!(text.contains("kith_http_requests_total"), "{text}");
    }
}
