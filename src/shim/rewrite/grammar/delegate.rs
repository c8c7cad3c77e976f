//! A macro that passes the parser's own rules on.

/// Writes the methods of a grammar that are the parser's own: those that are true or false, and those
/// with arguments. What its dialect leaves to the trait stays there; a test looks that no other is
/// forgotten.
macro_rules! delegate {
    ($base:expr; { $($flag:ident)* } $(fn $name:ident($($argument:ident: $type:ty),*) -> $returns:ty;)*) => {
        fn dialect(&self) -> std::any::TypeId {
            $base.dialect()
        }

        $(fn $flag(&self) -> bool {
            $base.$flag()
        })*

        $(fn $name(&self, $($argument: $type),*) -> $returns {
            $base.$name($($argument),*)
        })*
    };
}
