mod assignment;
mod inserted_rows;
mod query;
mod value;

pub(crate) use value::ComputedValue;
