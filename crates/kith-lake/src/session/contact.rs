//! `contact_of(identity)`: who stands behind an identity, by the snapshot's merges.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, Int64Array};
use arrow::compute::unary;
use arrow::datatypes::{DataType, Int64Type};
use datafusion::common::DataFusionError;
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility};
use kith_core::{ContactId, IdentityId};

#[derive(Debug)]
pub(crate) struct ContactOf {
    signature: Signature,
    contacts: Arc<HashMap<i64, i64, Spread>>,
}

/// Identities are hashes already: their own bits spread them well enough.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Spread(u64);

impl std::hash::BuildHasher for Spread {
    type Hasher = Self;
    fn build_hasher(&self) -> Self {
        Self(0)
    }
}

impl Hasher for Spread {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_i64(i64::from(*byte));
        }
    }
    fn write_i64(&mut self, number: i64) {
        // The golden ratio's odd multiplier carries low bits up to where the table looks for its tags.
        self.0 = (self.0 ^ number.cast_unsigned()).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 ^= self.0 >> 32;
    }
}

impl ContactOf {
    pub(crate) fn new(contacts: &[(IdentityId, ContactId)]) -> Self {
        let contacts = contacts.iter().map(|(identity, contact)| (identity.0, contact.0)).collect();
        Self { signature: Signature::exact(vec![DataType::Int64], Volatility::Immutable), contacts: Arc::new(contacts) }
    }

    fn contact(&self, identity: i64) -> i64 {
        self.contacts.get(&identity).copied().unwrap_or(identity)
    }
}

// One session has one such function: two are the same when they share the merges.
impl PartialEq for ContactOf {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.contacts, &other.contacts)
    }
}

impl Eq for ContactOf {}

impl Hash for ContactOf {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.contacts).hash(state);
    }
}

impl ScalarUDFImpl for ContactOf {
    fn name(&self) -> &'static str {
        "contact_of"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType, DataFusionError> {
        Ok(DataType::Int64)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue, DataFusionError> {
        let scalar = matches!(args.args.first(), Some(ColumnarValue::Scalar(_)));
        let arrays = ColumnarValue::values_to_arrays(&args.args)?;
        let Some(identities) = arrays.first().and_then(|array| array.as_primitive_opt::<Int64Type>()) else {
            return Err(DataFusionError::Plan("contact_of takes one identity".to_owned()));
        };
        let contacts: Int64Array = unary(identities, |identity| self.contact(identity));
        let contacts: ArrayRef = Arc::new(contacts);
        if scalar {
            return datafusion::common::ScalarValue::try_from_array(&contacts, 0).map(ColumnarValue::Scalar);
        }
        Ok(ColumnarValue::Array(contacts))
    }
}
