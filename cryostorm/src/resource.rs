//! What identifies the service: attributes on everything that it sends.

use opentelemetry::KeyValue;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::resource::TelemetryResourceDetector;

use crate::settings::TelemetrySettings;
use crate::{Error, Factory};

/// Makes the [resource](https://opentelemetry.io/docs/specs/otel/resource/sdk/): `service.name`, `service.version`,
/// `deployment.environment.name`, `telemetry.sdk.*` and the service's additional attributes.
///
/// ```
/// use cryostorm::resource::ResourceFactory;
/// use cryostorm::{Factory, TelemetrySettings};
///
/// let resource = ResourceFactory::from_settings(&TelemetrySettings::default()).create()?;
/// assert_eq!(resource.get(&"service.name".into()), Some("unknown-service".into()));
/// # Ok::<(), cryostorm::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct ResourceFactory {
    attributes: Vec<KeyValue>,
    schema_url: String,
}

impl ResourceFactory {
    /// The resource that the settings describe.
    #[must_use]
    pub fn from_settings(settings: &TelemetrySettings) -> Self {
        let service = &settings.service;
        let additional = service.additional_attributes.iter();
        let mut attributes: Vec<_> =
            additional.map(|(key, value)| KeyValue::new(key.clone(), value.clone())).collect();
        // Last, so that they win over additional attributes of the same name.
        attributes.extend([
            KeyValue::new("service.name", service.name.clone()),
            KeyValue::new("service.version", service.version.clone()),
            KeyValue::new("deployment.environment.name", service.environment.as_str()),
        ]);
        Self { attributes, schema_url: settings.schema_url.clone() }
    }
}

impl Factory for ResourceFactory {
    type Output = Resource;

    fn create(self) -> Result<Resource, Error> {
        let builder = Resource::builder_empty().with_detectors(&[Box::new(TelemetryResourceDetector)]);
        Ok(match self.schema_url.is_empty() {
            true => builder.with_attributes(self.attributes).build(),
            false => builder.with_schema_url(self.attributes, self.schema_url).build(),
        })
    }
}
