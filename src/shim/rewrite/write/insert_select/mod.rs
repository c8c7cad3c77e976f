//! `INSERT … SELECT`: values written twice in place where that is safe, and else computed once.

mod as_cte;
mod as_subquery;
mod in_place;
mod wrap_query;

pub(crate) use in_place::check_lengths;
