pub(crate) mod computed_once;
pub(crate) mod in_place;
